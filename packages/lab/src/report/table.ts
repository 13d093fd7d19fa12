import type { Result } from './result.js';

/** For the terminal: one line each, failures and contradictions below. */
export function table(_results: readonly Result[]): string {
  throw new Error('not built yet');
}

/** One JSON object a line, without plots. */
export function jsonLines(_results: readonly Result[]): string {
  throw new Error('not built yet');
}
