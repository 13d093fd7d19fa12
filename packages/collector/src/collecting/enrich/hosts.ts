import { addNetworks, type NamedNetwork } from './networks.js';
import { pointOf } from './points.js';
import { noSegments } from './segments.js';
import { type AddressTable, makeTable } from './table.js';

/** Names have indexes of 16 bits, which those of countries and networks share, and each block has them all. */
const MOST_HOSTS = 20_000;
/** dnsmasq: end of the lease, MAC address or identity, address, name or *, client. */
const LEASE = /^\d+\s+\S+\s+([0-9a-f.:]+)\s+(\S+)(\s|$)/i;
/** hosts(5): address, name, other names. */
const HOST = /^([0-9a-f.:]+)\s+([^\s#]+)/i;

/** Names of hosts, looked up like networks of one address each. */
export interface Hosts {
  readonly table: AddressTable;
  readonly count: number;
  /** Hosts that there was no room for. */
  readonly left: number;
}

/**
 * What files say: lines of hosts(5), or leases of dnsmasq. Other lines say nothing. Of several names of an address the first counts.
 */
export function hostsOf(texts: readonly string[]): Hosts {
  const hosts = new Map<string, NamedNetwork>();
  let left = 0;
  for (const line of texts.flatMap(text => text.split('\n'))) {
    const [, address = '', name = ''] = LEASE.exec(line) ?? HOST.exec(line) ?? [];
    const start = pointOf(address);
    if (start === undefined || name === '*') continue;
    const key = `${typeof start} ${start}`;
    if (hosts.has(key)) continue;
    if (hosts.size === MOST_HOSTS) left++;
    else hosts.set(key, { name, start, end: typeof start === 'number' ? start + 1 : start + 1n });
  }
  const indexes = new Map<string, number>([['', 0]]);
  const numberOf = (name: string) => {
    const index = indexes.get(name) ?? indexes.size;
    indexes.set(name, index);
    return index;
  };
  const network = noSegments();
  addNetworks([...hosts.values()], network, numberOf);
  const table = makeTable({ as: noSegments(), country: noSegments(), network }, [...indexes.keys()]);
  return { table, count: hosts.size, left };
}
