import type { Host } from '../host/host.js';
import { NetfilterClient } from '../netlink/client.js';
import { addTable, hasTable, TABLE_COMMAND } from '../nftables/table.js';
import type { Log } from './log.js';

/** A sysctl of nf_conntrack, and what it means when it is switched off while metering goes on; undefined where that means nothing. */
export interface Setting {
  readonly name: string;
  readonly off: string | undefined;
}

const ACCOUNTING = 'connections that begin from now on have no octets and packets';

export const CTNETLINK_SETTINGS: readonly Setting[] = [
  { name: 'nf_conntrack_acct', off: ACCOUNTING },
  { name: 'nf_conntrack_timestamp', off: 'connections that begin from now on have no exact start' },
  { name: 'nf_conntrack_events', off: 'ends are found by sweeps only, late and without what was counted last' },
];

/** The programs see each first packet and each end by themselves; of the changes between them the kernel tells where it has events. */
export function kernelMeterSettings(tcpEvents: boolean): readonly Setting[] {
  const changes =
    'TCP connections that begin from now on have no round trips of the handshake, and not all their states';
  return [
    { name: 'nf_conntrack_acct', off: ACCOUNTING },
    {
      name: 'nf_conntrack_timestamp',
      off: 'connections that begin from now on and find no room in the flow table have no exact start',
    },
    { name: 'nf_conntrack_events', off: tcpEvents ? changes : undefined },
  ];
}

/**
 * Notices what others change under a running probe. The nft table goes as a side effect of `nft flush ruleset`: it is put back
 * where Weir had added it. A sysctl is changed by someone who means it: it stays, and what that means is said.
 */
export class Upkeep {
  readonly counters = { tableRestores: 0, settingChanges: 0 };
  readonly #client: NetfilterClient;
  readonly #values: (string | undefined)[];
  #hadTable: boolean;

  /** @param mends put the table back; otherwise only tell of it */
  constructor(
    private readonly host: Host,
    private readonly mends: boolean,
    private readonly settings: readonly Setting[],
    private readonly log: Log,
  ) {
    this.#client = new NetfilterClient(host);
    this.#values = settings.map(({ name }) => this.#read(name));
    this.#hadTable = hasTable(this.#client);
  }

  check(): void {
    this.#checkTable();
    this.settings.forEach((setting, i) => {
      const now = this.#read(setting.name);
      const before = this.#values[i];
      if (now === before) return;
      this.#values[i] = now;
      this.counters.settingChanges++;
      const told = meaningOf(setting, before, now);
      this.log(
        `${setting.name} has been changed from ${before} to ${now}: ${told ?? 'metering goes on'}`,
        told === undefined ? 'info' : 'warning',
      );
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

/** What a change means, and how to take it back; undefined where metering goes on as before. */
export function meaningOf(
  { name, off }: Setting,
  before: string | undefined,
  now: string | undefined,
): string | undefined {
  if (now !== '0' || off === undefined) return undefined;
  return `${off}; sysctl -w net.netfilter.${name}=${before} puts it back`;
}
