import type { Host } from '../host/host.js';
import { NetfilterClient } from '../netlink/client.js';
import { addTable, hasTable, TABLE_COMMAND } from '../nftables/table.js';
import type { Log } from './log.js';

/** Settings that metering depends on, and what it means when they are switched off while it runs. */
const SETTINGS = [
  { name: 'nf_conntrack_acct', off: 'connections that begin from now on have no octets and packets' },
  { name: 'nf_conntrack_timestamp', off: 'connections that begin from now on have no exact start' },
  { name: 'nf_conntrack_events', off: 'ends are found by sweeps only, late and without what was counted last' },
] as const;

/**
 * Notices what others change under a running probe. The nft table goes as a side effect of `nft flush ruleset`: it is put back
 * where Weir had added it. A sysctl is changed by someone who means it: it stays, and what that means is said.
 */
export class Upkeep {
  readonly counters = { tableRestores: 0, settingChanges: 0 };
  readonly #client: NetfilterClient;
  readonly #settings: (string | undefined)[];
  #hadTable: boolean;

  /** @param mends put the table back; otherwise only tell of it */
  constructor(
    private readonly host: Host,
    private readonly mends: boolean,
    private readonly log: Log,
  ) {
    this.#client = new NetfilterClient(host);
    this.#settings = SETTINGS.map(({ name }) => this.#read(name));
    this.#hadTable = hasTable(this.#client);
  }

  check(): void {
    this.#checkTable();
    SETTINGS.forEach(({ name, off }, i) => {
      const now = this.#read(name);
      const before = this.#settings[i];
      if (now === before) return;
      this.#settings[i] = now;
      this.counters.settingChanges++;
      const meaning =
        now === '0' ? `${off}; sysctl -w net.netfilter.${name}=${before} puts it back` : 'metering goes on';
      this.log(`${name} has been changed from ${before} to ${now}: ${meaning}`, now === '0' ? 'warning' : 'info');
    });
  }

  close(): void {
    this.#client.close();
  }

  #checkTable(): void {
    const hasNow = hasTable(this.#client);
    if (hasNow || !this.#hadTable) {
      this.#hadTable = hasNow;
      return;
    }
    const gone = 'the nft table "weir" is gone (nft flush ruleset?)';
    if (!this.mends) {
      this.#hadTable = false;
      this.log(
        `${gone}: unless other rules use "ct", nothing is metered any more. Put it back: ${TABLE_COMMAND}`,
        'warning',
      );
      return;
    }
    const error = addTable(this.#client);
    if (error === 0) {
      this.counters.tableRestores++;
      this.log(`${gone}: it has been put back`, 'warning');
    } else {
      this.#hadTable = false;
      this.log(`${gone} and cannot be put back (errno ${error}). Add it by hand: ${TABLE_COMMAND}`, 'error');
    }
  }

  #read(name: string): string | undefined {
    return this.host.readText(`/proc/sys/net/netfilter/${name}`)?.trim();
  }
}
