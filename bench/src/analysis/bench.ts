import type { Result } from '@weir/lab';
import { findingCases } from './finding.js';
import { speedCases } from './speed.js';

/** Forecasts of series: what they cost, and what is found by them. */
export async function* analysisBench(): AsyncGenerator<Result[]> {
  yield* speedCases();
  yield* findingCases();
}
