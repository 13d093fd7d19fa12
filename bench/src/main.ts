/** `npm run bench -- [NAME...] [--json]`: runs the benchmarks of those names, or all. */
import { type Benches, labBenches, runBenches } from '@weir/lab';
import { ipfixBench } from './ipfix/bench.js';
import { recordsBench } from './records/bench.js';

const args = process.argv.slice(2);
const names = args.filter(arg => arg !== '--json');
const benches: Benches = new Map([['ipfix', { run: ipfixBench }], ['records', { run: recordsBench }], ...labBenches]);
try {
  await runBenches(benches, names, args.includes('--json'));
} catch (problem) {
  process.stderr.write(`bench: ${(problem as Error).message}\n`);
  process.exitCode = names.every(name => benches.has(name)) ? 1 : 2;
}
