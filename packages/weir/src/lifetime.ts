import { closeSync, openSync } from 'node:fs';
import { notifyServiceManager } from '@weir/probe';
import { tell } from './log.js';

/** What a command that runs under `weir up` tells it once it works. */
export interface ReadyMessage {
  readonly ready: string;
}

/** What `weir up` asks a command under it: how it is, or to take over other options while it runs. */
export interface Question {
  readonly number: number;
  readonly reconfigure?: object;
}

/** What it is answered. */
export interface Answer {
  readonly number: number;
  readonly value?: unknown;
  readonly error?: string;
}

/**
 * Waits until the command is to end: by SIGTERM or SIGINT, or, under `weir up`, by the end of its channel to it, whether that
 * command closed it or was killed. Signals that go to the whole process group (Ctrl-C, a service manager) are not for those
 * under `weir up`: it ends them in its order, the probe before the collector. SIGHUP ends the command where it came because
 * the terminal that it was started on has gone.
 */
export function untilStopped(): Promise<void> {
  const supervised = process.send !== undefined;
  const onTerminal = process.stderr.isTTY === true;
  return new Promise(done => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => {
        if (!supervised) done();
      });
    }
    process.on('SIGHUP', () => {
      if (!supervised && onTerminal && hasLostTerminal()) done();
    });
    process.once('disconnect', () => done());
  });
}

/** Calls back when the configuration is to be read again: at SIGHUP, but not under `weir up`, which says so itself. */
export function onReload(reload: () => void): void {
  if (process.send !== undefined) return;
  const onTerminal = process.stderr.isTTY === true;
  process.on('SIGHUP', () => {
    if (!onTerminal || !hasLostTerminal()) reload();
  });
}

/** Answers the questions of `weir up`. */
export function onQuestion(answer: (question: Question) => unknown): void {
  if (process.send === undefined) return;
  process.on('message', async message => {
    const question = message as Question;
    const reply = await answerOf(question, answer);
    if (process.connected) process.send?.(reply, undefined, undefined, () => {});
  });
}

async function answerOf(question: Question, answer: (question: Question) => unknown): Promise<Answer> {
  try {
    return { number: question.number, value: await answer(question) };
  } catch (error) {
    return { number: question.number, error: (error as Error).message };
  }
}

/**
 * Says to the service manager that started this command that it works, and again and again as long as it is well: one that falls silent is
 * started anew (WatchdogSec of systemd.service(5)). Those under `weir up` are watched by that.
 *
 * @returns what says that it stops
 */
export function keepServiceManagerInformed(isWell: () => boolean): () => void {
  if (process.send !== undefined) return () => {};
  notifyServiceManager('READY=1');
  const microseconds = Number(process.env.WATCHDOG_USEC ?? 0);
  const timer =
    microseconds > 0
      ? setInterval(() => isWell() && notifyServiceManager('WATCHDOG=1'), microseconds / 3000)
      : undefined;
  return () => {
    clearInterval(timer);
    notifyServiceManager('STOPPING=1');
  };
}

/** The kernel says ENXIO when the terminal of the session has gone. */
function hasLostTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'));
    return false;
  } catch {
    return true;
  }
}

/** Says that the command works now: to the `weir up` that started it, or else to the person. */
export function announce(line: string): void {
  // A `weir up` that has gone meanwhile needs no answer.
  if (process.connected) process.send?.({ ready: line } satisfies ReadyMessage, undefined, undefined, () => {});
  else if (process.send === undefined) tell(line);
}
