import { closeSync, constants, openSync, readFileSync, writeSync } from 'node:fs';
import type { LastExport } from '../metering/exported-until.js';

/** Three numbers of at most 16 digits, spaces and the end of the line. */
const LINE_OCTETS = 51;
const NOTHING: LastExport = { until: 0, silence: 0 };

/**
 * A file that says until when connections may have been exported: the next probe begins there, so that nothing is exported twice. It is
 * written anew while the probe runs, so that it is true also after a kill.
 */
export class LastReport {
  /** @param owner tells this boot and network namespace from others */
  constructor(
    private readonly path: string,
    private readonly owner: number,
  ) {}

  /** What the last probe has left, zeros where there was none since the boot. */
  read(): LastExport {
    try {
      const [owner, until, silence] = readFileSync(this.path, 'utf8').split(' ').map(Number);
      return owner === this.owner && until > 0 ? { until, silence: silence > 0 ? silence : 0 } : NOTHING;
    } catch {
      return NOTHING;
    }
  }

  /**
   * Over what was there, which is not taken away first: on a disk that is full, or when the process is killed in between, the file still
   * tells what it told before. A disk that is full must not end the probe.
   */
  write({ until, silence }: LastExport): void {
    const line = `${this.owner} ${Math.round(until)} ${Math.round(silence)}`;
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
