/** What a command that runs under `weir up` tells it once it works. */
export interface ReadyMessage {
  readonly ready: string;
}

/**
 * Waits until the command is to end: SIGTERM, SIGINT, or the end of the `weir up` that started it, which may have been
 * killed. Under `weir up` a SIGINT of the terminal is that command's to handle, in its order.
 */
export function untilStopped(): Promise<void> {
  const supervised = process.send !== undefined;
  return new Promise(done => {
    process.once('SIGTERM', () => done());
    process.on('SIGINT', () => {
      if (!supervised) done();
    });
    process.once('disconnect', () => done());
  });
}

/** Says that the command works now: to the `weir up` that started it, or else to the person. */
export function announce(line: string): void {
  if (process.send !== undefined) process.send({ ready: line } satisfies ReadyMessage);
  else process.stderr.write(`${line}\n`);
}

export function log(line: string): void {
  process.stderr.write(`weir: ${line}\n`);
}
