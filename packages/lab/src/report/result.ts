import type { Plots, Verdict } from '../verdict/verdict.js';

/** One scenario with one subject, as a report tells it. */
export interface Result {
  scenario: string;
  description: string;
  subject: string;
  /** Absent where it was skipped. */
  verdict?: Verdict;
  plots?: Plots;
  /** What was missing. */
  skipped?: string;
}
