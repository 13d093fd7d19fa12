import type { Pair } from '../../sankey/layout.js';
import { countryName, serviceName } from '../../tops/names.js';
import { type Group, service, type TopRow } from '../../tops/tops.js';

/** What Flow Records say of an address. */
export interface Identity {
  names: string[];
  systems: number[];
  countries: string[];
  networks: string[];
}

/** The fields that say who a host is, of one side of the Flows. */
export const identityFields = (side: 'src' | 'dst'): string[] =>
  ['name', 'as', 'country', 'network'].map(name => side + name);

/** Who a host is, by the groups of the Flows that it began and of those that others began to it. */
export function identityOf(began: readonly Group[], reached: readonly Group[]): Identity {
  const values = (name: string): string[] => {
    const all = [...began.map(group => group[`src${name}`]), ...reached.map(group => group[`dst${name}`])];
    return [...new Set(all.filter(value => value !== null && value !== undefined && value !== '').map(String))];
  };
  return {
    names: values('name'),
    systems: values('as')
      .map(Number)
      .filter(system => system > 0),
    countries: values('country').map(countryName),
    networks: values('network'),
  };
}

/** Octets in both directions. */
const octetsOf = ({ octets, reverseOctets }: Group): number => Number(octets) + Number(reverseOctets);

/** What a host has sent to and received from another, in octets. */
export interface Peer {
  address: string;
  sent: number;
  received: number;
  flows: number;
}

/** Those that a host talks to, by both sides: the Flows that it began, and those that others began to it. */
export function peersOf(began: readonly Group[], reached: readonly Group[]): Peer[] {
  const peers = new Map<string, Peer>();
  const add = (address: string, sent: number, received: number, flows: number): void => {
    const peer = peers.get(address) ?? { address, sent: 0, received: 0, flows: 0 };
    peers.set(address, {
      address,
      sent: peer.sent + sent,
      received: peer.received + received,
      flows: peer.flows + flows,
    });
  };
  for (const { dst, octets, reverseOctets, flows } of began) {
    add(String(dst), Number(octets), Number(reverseOctets), Number(flows));
  }
  for (const { src, octets, reverseOctets, flows } of reached) {
    add(String(src), Number(reverseOctets), Number(octets), Number(flows));
  }
  return [...peers.values()].sort((a, b) => b.sent + b.received - a.sent - a.received);
}

/** The peers as rows of a table. `say` tells both directions in words. */
export function peerRows(
  peers: readonly Peer[],
  most: number,
  say: (sent: number, received: number) => string,
): TopRow[] {
  return peers.slice(0, most).map(({ address, sent, received, flows }) => ({
    ...{ key: address, label: address, host: address, condition: `host ${address}` },
    ...{ octets: sent + received, flows, detail: say(sent, received) },
  }));
}

/** Protocols as rows of a table, most traffic first. */
export function protocolRows(groups: readonly Group[]): TopRow[] {
  const rows = groups.map(group => ({
    ...service(Number(group.proto), undefined),
    ...{ key: String(group.proto), octets: octetsOf(group), flows: Number(group.flows) },
  }));
  return rows.sort((a, b) => b.octets - a.octets);
}

/** What goes from peers to services, for the picture: those that the host asks for and those that it offers, apart. */
export function pairsOf(began: readonly Group[], reached: readonly Group[]): Pair[] {
  const side = (groups: readonly Group[], peer: 'src' | 'dst', offered: boolean): Pair[] =>
    groups.map(group => ({
      from: String(group[peer]),
      to: JSON.stringify([offered, Number(group.proto), group.dstport ?? null]),
      octets: octetsOf(group),
    }));
  return [...side(began, 'dst', false), ...side(reached, 'src', true)];
}

/** A service of `pairsOf`: its name, and whether the host offers it. */
export function serviceOf(key: string): { name: string; offered: boolean } {
  const [offered, protocol, port] = JSON.parse(key) as [boolean, number, number | null];
  return { name: serviceName(protocol, port), offered };
}

/** A network that a host is likely in: its 256 neighbours, or the 64 bits of IPv6 that a link has. */
export function networkAround(host: string): string {
  if (!host.includes(':')) return `${host.split('.').slice(0, 3).join('.')}.0/24`;
  const [head = '', tail] = host.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const whole =
    tail === undefined ? before : [...before, ...Array(8 - before.length - after.length).fill('0'), ...after];
  const kept = whole.slice(0, 4).map(part => Number.parseInt(part, 16).toString(16));
  while (kept.at(-1) === '0') kept.pop();
  return `${kept.join(':')}::/64`;
}
