/** `npm run bench -- [NAME...] [--json]`: runs the benchmarks of those names, or all. */
import { type Case, machine, type Result, runCase } from './harness.js';
import { ipfixCases } from './ipfix/cases.js';

const benches = new Map<string, () => Case[]>([['ipfix', ipfixCases]]);

function fail(message: string): never {
  process.stderr.write(`bench: ${message}\n`);
  process.exit(2);
}

/** 12345678 -> 12.3 M */
function short(value: number): string {
  if (value >= 1e6) return `${(value / 1e6).toFixed(value >= 1e7 ? 1 : 2)} M`;
  return value >= 1e4 ? `${(value / 1e3).toFixed(0)} k` : value.toFixed(0);
}

function line({ subject, value, unit, low, high }: Result): string {
  return `  ${subject.padEnd(36)} ${short(value).padStart(8)} ${unit}   (${short(low)} to ${short(high)})`;
}

function main(args: readonly string[]): void {
  const json = args.includes('--json');
  const wanted = args.filter(arg => arg !== '--json');
  for (const name of wanted) {
    if (!benches.has(name)) fail(`no benchmark is called "${name}"; there are: ${[...benches.keys()].join(', ')}`);
  }
  const { cpu, cores, runtime, load } = machine();
  if (!json)
    console.log(`${cpu}, ${cores} cores, ${runtime}, load ${load.toFixed(1)}; median (quartiles) of paired runs`);
  for (const [name, cases] of benches) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    for (const each of cases()) {
      const results = runCase(name, each);
      if (!json) console.log(`${name}: ${each.name}`);
      for (const result of results) console.log(json ? JSON.stringify(result) : line(result));
    }
  }
}

main(process.argv.slice(2));
