import type { Plots, Verdict } from '../verdict/verdict.js';

/** One scenario with one subject, as a report tells it. */
export interface Result {
  scenario: string;
  description: string;
  subject: string;
  /** Absent where it was skipped, or could not be run to its end. */
  verdict?: Verdict;
  plots?: Plots;
  /** What was missing. */
  skipped?: string;
  /** Why it could not be run to its end. */
  error?: string;
}

export type Outcome = 'passed' | 'failed' | 'no verdict' | 'skipped';

/** Where the sources of truth contradict each other, or the run broke off, there is no verdict: neither passed nor failed. */
export function outcomeOf({ verdict, skipped, error }: Result): Outcome {
  if (skipped !== undefined) return 'skipped';
  if (verdict === undefined || error !== undefined || verdict.contradictions.length > 0) return 'no verdict';
  return verdict.failures.length === 0 ? 'passed' : 'failed';
}

/** What people have to know beyond the figures, one line each. */
export function remarksOf({ verdict, skipped, error }: Result): string[] {
  return [
    ...(skipped === undefined ? [] : [`skipped: ${skipped}`]),
    ...(error === undefined ? [] : [`error: ${error}`]),
    ...(verdict?.contradictions ?? []).map(line => `contradiction: ${line}`),
    ...(verdict?.failures ?? []),
  ];
}

/** "12 passed, 1 failed, 0 without verdict, 2 skipped". */
export function summaryOf(results: readonly Result[]): string {
  const count = (outcome: Outcome): number => results.filter(result => outcomeOf(result) === outcome).length;
  return `${count('passed')} passed, ${count('failed')} failed, ${count('no verdict')} without verdict, ${count('skipped')} skipped`;
}
