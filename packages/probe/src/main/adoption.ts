import { ConntrackSweep } from '../conntrack/sweep.js';
import type { Timeouts } from '../conntrack/timeouts.js';
import { type Host, SystemError } from '../host/host.js';
import type { KernelSettings } from '../metering/kernel-door.js';
import type { Log } from './log.js';

const nobody = { beginSweep() {}, observeLive() {}, observeEnd() {}, endSweep() {} };

/** Connections that are older than the probe: the programs take up each one that a dump shows; what it says besides is not needed. */
export class Adoption {
  isComplete = false;
  /** Dumps that were refused or broke off. */
  failures = 0;

  constructor(
    private readonly host: Host,
    private readonly timeouts: Timeouts,
    private readonly settings: KernelSettings,
    private readonly log: Log,
  ) {}

  /** Dumps the table once, and says where that fails. What is taken up already is not taken up again. */
  attempt(): void {
    this.settings.setAdopting(true);
    const reason = this.#whyNot();
    this.settings.setAdopting(false);
    this.isComplete = reason === undefined;
    if (this.isComplete && this.failures > 0) this.log('the connections older than the probe have been read');
    if (reason === undefined || ++this.failures > 1) return;
    this.log(
      `the connections older than the probe cannot all be read (${reason}): it is tried again each second; until then they are reported at their end only`,
      'warning',
    );
  }

  /** @returns why not all connections were shown */
  #whyNot(): string | undefined {
    let dump: ConntrackSweep | undefined;
    try {
      dump = new ConntrackSweep(this.host, this.timeouts, 0);
      dump.begin(nobody);
      dump.complete(nobody, () => {});
      return dump.counters.sweeps > 0 ? undefined : 'the kernel has refused or broken off the dump of its table';
    } catch (error) {
      if (error instanceof SystemError) return error.message;
      throw error;
    } finally {
      dump?.close();
    }
  }
}
