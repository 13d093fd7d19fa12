/** What a command that runs under `weir up` tells it once it works. */
export interface ReadyMessage {
  readonly ready: string;
}

/**
 * Waits until the command is to end: by SIGTERM or SIGINT, or, under `weir up`, by the end of its channel to it, whether that
 * command closed it or was killed. Signals that go to the whole process group (Ctrl-C, a service manager) are not for those
 * under `weir up`: it ends them in its order, the probe before the collector.
 */
export function untilStopped(): Promise<void> {
  const supervised = process.send !== undefined;
  return new Promise(done => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => {
        if (!supervised) done();
      });
    }
    process.once('disconnect', () => done());
  });
}

/** Says that the command works now: to the `weir up` that started it, or else to the person. */
export function announce(line: string): void {
  // A `weir up` that has gone meanwhile needs no answer.
  if (process.connected) process.send?.({ ready: line } satisfies ReadyMessage, undefined, undefined, () => {});
  else if (process.send === undefined) process.stderr.write(`${line}\n`);
}

export function log(line: string): void {
  process.stderr.write(`weir: ${line}\n`);
}
