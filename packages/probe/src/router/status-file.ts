import type { Clock } from '../host/host.js';
import { calls } from '../host/quickjs-calls.js';

/** Pages ask every few seconds. */
const INTERVAL_MILLISECONDS = 5000;

/** What the probe counts, as JSON in a file that is replaced as a whole: for LuCI, collectd, and people. */
export class StatusFile {
  #next = 0;

  constructor(
    private readonly path: string,
    private readonly clock: Clock,
  ) {}

  /** @param last nothing comes after it */
  write(status: object, last = false): void {
    const now = this.clock.monotonic();
    if (now < this.#next && !last) return;
    this.#next = now + INTERVAL_MILLISECONDS;
    const text = JSON.stringify({ time: this.clock.wall(), ...status });
    const descriptor = calls.open(`${this.path}.new`, true);
    // Memory is full, or the directory has gone: metering goes on.
    if (descriptor < 0) return;
    // ASCII: URLs of collectors are.
    calls.truncate(descriptor, 0);
    calls.write(
      descriptor,
      Uint8Array.from(text, letter => letter.charCodeAt(0)),
      0,
    );
    calls.close(descriptor);
    calls.rename(`${this.path}.new`, this.path);
  }
}
