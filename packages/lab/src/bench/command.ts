import { WeirError } from '../error.js';
import { machine, type Result } from './harness.js';

/** Gives the results of one case after the other. */
export interface Bench {
  readonly run: () => AsyncIterable<Result[]> | Iterable<Result[]>;
  /** Runs when it is asked for by name only: another one contains it, or it takes long. */
  readonly onlyByName?: true;
}

export type Benches = ReadonlyMap<string, Bench>;

/**
 * Runs the benchmarks of these names, or all, and prints what they give: for people, or one JSON object a line. Throws a WeirError where none
 * gives anything.
 */
export async function runBenches(benches: Benches, names: readonly string[], json: boolean): Promise<void> {
  for (const name of names) {
    if (benches.has(name)) continue;
    throw new WeirError(`no benchmark is called "${name}"; there are: ${[...benches.keys()].join(', ')}`);
  }
  if (!json) console.log(heading());
  let measured = 0;
  for (const [name, { run, onlyByName }] of benches) {
    if (names.length > 0 ? !names.includes(name) : onlyByName) continue;
    for await (const results of run()) {
      measured += results.length;
      if (json) for (const result of results) console.log(JSON.stringify(result));
      else print(results);
    }
  }
  if (measured === 0) throw new WeirError('nothing could be measured on this machine; what is missing is said above');
}

function heading(): string {
  const { cpu, cores, runtime, load } = machine();
  return `${cpu}, ${cores} cores, ${runtime}, load ${load.toFixed(1)}; median (quartiles) of paired runs`;
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
