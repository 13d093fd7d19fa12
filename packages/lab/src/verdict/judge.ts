import type { ExportedRecord } from '../subjects/exported.js';
import type { TrueFlow } from '../truth/flow.js';
import type { Costs, Plots, Series, Tolerances, Verdict } from './verdict.js';

/** What a verdict is made of. */
export interface Case {
  meters: 'connections' | 'packets';
  truth: readonly TrueFlow[];
  records: readonly ExportedRecord[];
  tolerances: Tolerances;
  /** Of {@link malformedDatagrams}. */
  malformed: number;
  costs?: Costs;
  /** Of {@link contradictions}. */
  contradictions?: string[];
  /** Of the capture, for the plot. */
  series?: Series;
}

/** Holds the exported records against the truth. */
export function judge(_case: Case): { verdict: Verdict; plots: Plots } {
  throw new Error('not built yet');
}
