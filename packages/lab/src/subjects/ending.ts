import { WeirError } from '../error.js';
import type { LabProcess } from '../run/process.js';
import type { RunningSubject } from './subject.js';

/** Seconds that a subject has to export what it holds. */
const patience = 60;

/** Ends the process by a signal upon which it exports what it holds; an end that is not in order is an error. */
export async function endInOrder(process: LabProcess, signal: NodeJS.Signals, statuses = [0]): Promise<void> {
  const status = await process.stop(signal, patience);
  if (statuses.includes(status ?? -1)) return;
  const tail = `${process.stdout.slice(-1000)}${process.stderr.slice(-1000)}`;
  throw new WeirError(`"${process.command.join(' ')}" ended with ${status}, not in order: ${tail}`);
}

/** A subject that is one process and exports what it holds upon the signal. */
export function endsBy(process: LabProcess, signal: NodeJS.Signals, statuses?: number[]): RunningSubject {
  return { process, stop: () => endInOrder(process, signal, statuses) };
}
