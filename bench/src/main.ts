/**
 * `npm run bench -- [NAME...] [NUMBER] [--json]`: runs the benchmarks of those names, or all. The number is how many flows `query`
 * and `pages` are asked about.
 */
import { type Benches, labBenches, runBenches } from '@weir/lab';
import { analysisBench } from './analysis/bench.js';
import { ipfixBench } from './ipfix/bench.js';
import { mapBench } from './map/bench.js';
import { pagesBench } from './pages/bench.js';
import { queryBench } from './query/bench.js';
import { recordsBench } from './records/bench.js';
import { routerBench } from './router/bench.js';

const args = process.argv.slice(2);
const FLOWS = 10_000_000;
const number = args.find(arg => /^\d+$/.test(arg));
const names = args.filter(arg => arg !== '--json' && arg !== number);
const benches: Benches = new Map([
  ['ipfix', { run: ipfixBench }],
  ['records', { run: recordsBench }],
  ['query', { run: () => queryBench(Number(number ?? FLOWS)), onlyByName: true as const }],
  ['pages', { run: () => pagesBench(Number(number ?? FLOWS)), onlyByName: true as const }],
  ['analysis', { run: analysisBench, onlyByName: true as const }],
  ['router', { run: routerBench, onlyByName: true as const }],
  ['map', { run: mapBench, onlyByName: true as const }],
  ...labBenches,
]);
try {
  await runBenches(benches, names, args.includes('--json'));
} catch (problem) {
  process.stderr.write(`bench: ${(problem as Error).message}\n`);
  process.exitCode = names.every(name => benches.has(name)) ? 1 : 2;
}
