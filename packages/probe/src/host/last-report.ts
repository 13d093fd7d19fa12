import { closeSync, constants, openSync, readFileSync, writeSync } from 'node:fs';

/** Two numbers of at most 16 digits, a space and the end of the line. */
const LINE_OCTETS = 34;

/**
 * A file that says until when live connections have been exported: the next probe begins there, so that nothing is exported twice. It is
 * written anew while the probe runs, so that it tells to the second also after a kill.
 */
export class LastReport {
  /** @param owner tells this boot and network namespace from others */
  constructor(
    private readonly path: string,
    private readonly owner: number,
  ) {}

  /** Milliseconds since the Unix epoch, 0 where no probe ran since the boot. */
  read(): number {
    try {
      const [owner, until] = readFileSync(this.path, 'utf8').split(' ').map(Number);
      return owner === this.owner && until > 0 ? until : 0;
    } catch {
      return 0;
    }
  }

  /**
   * Over what was there, which is not taken away first: on a disk that is full, or when the process is killed in between, the file still
   * tells what it told before. A disk that is full must not end the probe.
   */
  write(until: number): void {
    const line = `${this.owner} ${Math.round(until)}`;
    try {
      const descriptor = openSync(this.path, constants.O_WRONLY | constants.O_CREAT, 0o600);
      try {
        writeSync(descriptor, `${line.padEnd(LINE_OCTETS - 1)}\n`, 0);
      } finally {
        closeSync(descriptor);
      }
    } catch {}
  }
}
