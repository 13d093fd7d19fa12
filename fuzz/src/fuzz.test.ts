import { expect, test } from 'vitest';
import { hammer } from './hammer.js';
import { parsers } from './parsers.js';

/** `npm run fuzz` takes as many as it is told. */
const CASES = Number(process.env.WEIR_FUZZ_CASES || 20_000);
/** Names of parsers; all by default. */
const ONLY = (process.env.WEIR_FUZZ_ONLY || Object.keys(parsers).join()).split(',');
const SEED = Number(process.env.WEIR_FUZZ_SEED || 4739);
/** Milliseconds of processor time. What takes longer is read in more than linear time, or never ends. */
const SLOWEST = 2000;
/** Octets: what a parser may remember. */
const RETAINED = 16 * 2 ** 20;

test.each(ONLY)('%s: no octets make it fall, hang or swell', { timeout: 0 }, async name => {
  expect(Object.keys(parsers)).toContain(name);
  const report = await hammer(parsers[name]!(), CASES, SEED);
  console.log(
    `${name}: ${CASES} cases, ${report.refused} refused, ${report.slowest.toFixed(1)} ms at most, ${report.retained} octets kept`,
  );
  expect(report.slowest).toBeLessThan(SLOWEST);
  expect(report.retained).toBeLessThan(RETAINED);
  // Some get in, some do not: it is not the first check alone that was tried.
  expect(report.refused).toBeLessThan(CASES);
});
