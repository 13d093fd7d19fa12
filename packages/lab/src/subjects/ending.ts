import { WeirError } from '../error.js';
import type { LabProcess } from '../run/process.js';
import { sleep } from '../run/wait.js';
import type { RunningSubject } from './subject.js';

/** Seconds that a subject has to export what it holds. */
const PATIENCE = 60;

/** How a subject is ended in order. */
export interface Ending {
  /** Upon this signal it exports what it holds... */
  signal: NodeJS.Signals;
  /** ... once it has had so much time to see what was there. */
  settle?: number;
  /** Exit status that says so. */
  status?: number;
}

/** Ends the process by a signal; an end that is not in order is an error. */
export async function endInOrder(process: LabProcess, { signal, settle = 0, status = 0 }: Ending): Promise<void> {
  await sleep(settle);
  judgeEnd(process, await process.stop(signal, PATIENCE), status);
}

/** Throws a WeirError unless the process ended as it should have. */
export function judgeEnd(process: LabProcess, status: number | null, right: number): void {
  if (status === right) return;
  const said = `${process.stdout.slice(-1000)}${process.stderr.slice(-1000)}`;
  throw new WeirError(`"${process.command.join(' ')}" ended with ${status}, not in order: ${said}`);
}

/** A subject that is one process. */
export function endsBy(process: LabProcess, ending: Ending): RunningSubject {
  return { process, stop: () => endInOrder(process, ending) };
}
