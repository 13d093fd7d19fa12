import type { Plots, Verdict } from '../verdict/verdict.js';

/** One scenario with one subject, as a report tells it. */
export interface Result {
  scenario: string;
  description: string;
  subject: string;
  /** Absent where it was skipped or went wrong. */
  verdict?: Verdict;
  plots?: Plots;
  /** What was missing. */
  skipped?: string;
  /** What went wrong, so that there is no verdict or it says nothing. */
  error?: string;
}
