import { spawnSync } from 'node:child_process';
import { WeirError } from '../error.js';
import { labEnvironment } from './mark.js';

/** How a command ended. `status` is null when a signal ended it. */
export interface Outcome {
  status: number | null;
  stdout: string;
  stderr: string;
}

/**
 * Runs a short command to its end and tells how it ended; after `seconds` it is killed, and its error output says so. Throws
 * only if it cannot be started.
 */
export function attempt(command: readonly string[], seconds = 60, input?: string): Outcome {
  const [file, ...args] = command;
  const done = spawnSync(file!, args, {
    encoding: 'utf8',
    env: labEnvironment(),
    killSignal: 'SIGKILL',
    maxBuffer: 512 * 1024 * 1024,
    timeout: seconds * 1000,
    ...(input === undefined ? {} : { input }),
  });
  if ((done.error as NodeJS.ErrnoException | undefined)?.code === 'ETIMEDOUT') {
    return { ...done, stderr: `${done.stderr}\n(it had not ended after ${seconds} s)` };
  }
  if (done.error !== undefined) {
    throw new WeirError(`cannot run "${command.join(' ')}": ${done.error.message}; is it installed?`);
  }
  return done;
}

/** Runs a short command that has to succeed and returns its standard output. Throws a WeirError with its error output. */
export function run(command: readonly string[], seconds = 60, input?: string): string {
  const outcome = attempt(command, seconds, input);
  if (outcome.status !== 0) {
    const why = outcome.stderr.trim() || `exit status ${outcome.status}`;
    throw new WeirError(`"${command.join(' ')}" failed: ${why}`);
  }
  return outcome.stdout;
}
