import { log } from './log.js';

/** An error for the operator: its message says in one line what went wrong, why, and what to do. Exit status 1. */
export class WeirError extends Error {
  override readonly name = 'WeirError';
}

/** The command was used wrongly. Exit status 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Another process of ours has failed, and has said so on standard error already. Exit status 1. */
export class ReportedError extends Error {
  override readonly name = 'ReportedError';
}

/** Prints what a person needs of an error, and says with which status to exit. */
export function report(error: unknown): number {
  const { name, message, stack } = error as Error;
  if (name === 'ReportedError') return 1;
  const known = name === 'WeirError' || name === 'UsageError';
  const text = known ? message : `${message} (this is a fault of weir; WEIR_DEBUG=1 shows where)`;
  log(process.env.WEIR_DEBUG ? (stack ?? text) : text, 'error');
  return name === 'UsageError' ? 2 : 1;
}
