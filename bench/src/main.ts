/** `npm run bench -- [NAME...] [--json]`: runs the benchmarks of those names, or all. */
import { machine, type Result } from './harness.js';
import { ipfixBench } from './ipfix/bench.js';
import { probeBench } from './probe/bench.js';

/** Each gives the results of one case after the other. */
const benches = new Map<string, () => AsyncIterable<Result[]> | Iterable<Result[]>>([
  ['ipfix', ipfixBench],
  ['probe', probeBench],
]);

function fail(message: string): never {
  process.stderr.write(`bench: ${message}\n`);
  process.exit(2);
}

/** 12345678 -> 12.3 M, 1.234 -> 1.23 */
function short(value: number): string {
  if (value < 100 && !Number.isInteger(value)) return value.toPrecision(3);
  if (value >= 1e6) return `${(value / 1e6).toFixed(value >= 1e7 ? 1 : 2)} M`;
  return value >= 1e4 ? `${(value / 1e3).toFixed(0)} k` : value.toFixed(0);
}

function line({ subject, value, unit, low, high }: Result): string {
  return `  ${subject.padEnd(36)} ${short(value).padStart(8)} ${unit}   (${short(low)} to ${short(high)})`;
}

function print(results: readonly Result[]): void {
  let heading = '';
  for (const result of results) {
    const { bench, case: name } = result;
    if (name !== heading) console.log(`${bench}: ${name}`);
    heading = name;
    console.log(line(result));
  }
}

async function main(args: readonly string[]): Promise<void> {
  const json = args.includes('--json');
  const wanted = args.filter(arg => arg !== '--json');
  for (const name of wanted) {
    if (!benches.has(name)) fail(`no benchmark is called "${name}"; there are: ${[...benches.keys()].join(', ')}`);
  }
  const { cpu, cores, runtime, load } = machine();
  if (!json)
    console.log(`${cpu}, ${cores} cores, ${runtime}, load ${load.toFixed(1)}; median (quartiles) of paired runs`);
  for (const [name, run] of benches) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    for await (const results of run()) {
      if (json) for (const result of results) console.log(JSON.stringify(result));
      else print(results);
    }
  }
}

await main(process.argv.slice(2));
