import { spawnSync } from 'node:child_process';
import { closeSync, openSync, writeFileSync } from 'node:fs';
import koffi from 'koffi';
import { FlowRecord, NAT_DESTINATION, SOURCE } from '../../metering/flow-record.js';
import type { PathFinder } from '../../metering/path-finder.js';
import { setAddress as setOctets } from '../../metering/testing/records.js';
import { fillHost, writeAddress } from '../address.js';
import { parseAddress } from '../address-text.js';

const CLONE_NEWNET = 0x40000000;

/** Why this machine cannot make network namespaces, undefined where it can. */
export const noNamespaces =
  process.platform !== 'linux' || process.getuid?.() !== 0 ? 'network namespaces need root on Linux' : undefined;

/** Runs `ip`; returns its output. */
export function ip(...args: string[]): string {
  const done = spawnSync('ip', args, { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`ip ${args.join(' ')}: ${done.stderr}`);
  return done.stdout;
}

/** Runs lines of `ip` commands in one go. */
export function ipBatch(lines: readonly string[], ...options: string[]): void {
  const done = spawnSync('ip', [...options, '-batch', '-'], { encoding: 'utf8', input: lines.join('\n') });
  if (done.status !== 0) throw new Error(`ip -batch: ${done.stderr}`);
}

/** Why this kernel has no interfaces of a kind, undefined where it has. Tried in the namespace that we are in. */
export function noLinkType(kind: string, ...options: string[]): string | undefined {
  const done = spawnSync('ip', ['link', 'add', 'tried', ...options, 'type', kind, ...KINDS[kind]], {
    encoding: 'utf8',
  });
  if (done.status !== 0) return `this kernel has no interfaces of type ${kind} (${done.stderr.trim()})`;
  ip('link', 'delete', 'tried');
  return undefined;
}

const KINDS: Record<string, string[]> = { vlan: ['id', '4000'], vrf: ['table', '4000'] };

/**
 * A router in a namespace of its own, in which this thread is from then on, with the commands that it starts: interfaces lan,
 * wan and dmz (numbers i = 0, 1, 2) with the addresses 10.i.0.1/24 and fd00:i::1/64, neighbours 10.i.0.2 (02:00:00:00:0i:02) and
 * fd00:i::2 (02:00:00:00:0i:06), and default routes by the neighbours of wan.
 */
export class Router {
  readonly name = `weir-${process.pid}-router`;
  readonly #far = `weir-${process.pid}-far`;
  readonly #home: number;

  constructor() {
    this.#home = openSync('/proc/thread-self/ns/net', 'r');
    for (const name of [this.name, this.#far]) ip('netns', 'add', name);
    const descriptor = openSync(`/run/netns/${this.name}`, 'r');
    enter(descriptor);
    closeSync(descriptor);
    for (const setting of ['ipv4/ip_forward', 'ipv6/conf/all/forwarding'])
      writeFileSync(`/proc/sys/net/${setting}`, '1');
    // Duplicate address detection (RFC 4862 section 5.4) would change the routes a second later.
    for (const scope of ['all', 'default']) writeFileSync(`/proc/sys/net/ipv6/conf/${scope}/accept_dad`, '0');
    const links = ['lan', 'wan', 'dmz'];
    ipBatch(['link set lo up', ...links.flatMap((label, i) => this.#link(i, label)), 'route add default via 10.1.0.2']);
    ipBatch(
      links.map(label => `link set ${label} up`),
      '-n',
      this.#far,
    );
    ip('-6', 'route', 'add', 'default', 'via', 'fd00:1::2');
  }

  /** Goes back to the namespace that the thread came from, and takes this one away. */
  remove(): void {
    enter(this.#home);
    closeSync(this.#home);
    for (const name of [this.name, this.#far]) ip('netns', 'delete', name);
  }

  #link(i: number, label: string): string[] {
    return [
      `link add ${label} type veth peer name ${label} netns ${this.#far}`,
      `link set ${label} up`,
      `address add 10.${i}.0.1/24 dev ${label}`,
      `address add fd00:${i}::1/64 dev ${label} nodad`,
      `neighbour add 10.${i}.0.2 lladdr 02:00:00:00:0${i}:02 dev ${label}`,
      `neighbour add fd00:${i}::2 lladdr 02:00:00:00:0${i}:06 dev ${label}`,
    ];
  }
}

function enter(descriptor: number): void {
  const setns = koffi.load(null).func('int setns(int fd, int type)');
  if (setns(descriptor, CLONE_NEWNET) !== 0) throw new Error(`setns: errno ${koffi.errno()}`);
}

/** Index of an interface; 0 for '' . */
export function indexOf(name: string): number {
  return name === '' ? 0 : JSON.parse(ip('-j', 'link', 'show', name))[0].ifindex;
}

/** A path in words that a test can write down. */
export interface Told {
  in: number;
  out: number;
  hop: string;
  sourceMac: string;
  destinationMac: string;
  vlans: number[];
}

/** The path that is found for a UDP Flow between two addresses (the source before, the destination after translation). */
export function told(paths: PathFinder, from: string, to: string, more: Partial<FlowRecord> = {}): Told {
  const record = flowBetween(from, to, more);
  paths.describe(paths.find(record), record);
  return toldOf(record);
}

export function toldOf(record: FlowRecord): Told {
  return {
    in: record.ingressInterface,
    out: record.egressInterface,
    hop: record.hasNextHop ? hex(record.nextHop.subarray(0, record.family === 4 ? 4 : 16)) : '',
    sourceMac: record.hasSourceMac ? hex(record.sourceMac) : '',
    destinationMac: record.hasDestinationMac ? hex(record.destinationMac) : '',
    vlans: [record.ingressVlan, record.egressVlan],
  };
}

export function flowBetween(from: string, to: string, more: Partial<FlowRecord> = {}): FlowRecord {
  const record = Object.assign(
    new FlowRecord(),
    { protocol: 17, translated: true, sourcePort: 1000, natDestinationPort: 2000 },
    more,
  );
  record.family = setAddress(record, SOURCE, from);
  setAddress(record, NAT_DESTINATION, to);
  return record;
}

/** Writes an address into the record at SOURCE, DESTINATION, ... @returns its family, 4 or 6 */
export function setAddress(record: FlowRecord, at: number, text: string): number {
  const words = new Uint32Array(4);
  const family = parseAddress(text, words);
  if (family === 0) throw new Error(`"${text}" is no address`);
  const octets = new Uint8Array(family === 4 ? 4 : 16);
  writeAddress(words, 0, octets.length, octets, 0);
  record.family = family;
  setOctets(record, at, octets);
  return family;
}

/** An address as `Told` has it. */
export function hop(address: string): string {
  const record = new FlowRecord();
  const family = setAddress(record, SOURCE, address);
  const at = record.place(SOURCE);
  return hex(record.octets.subarray(at, at + (family === 4 ? 4 : 16)));
}

/** The prefix of this length that the address is in, as `ip` takes it. */
export function maskedTo(address: string, length: number): string {
  const words = new Uint32Array(4);
  const width = parseAddress(address, words) === 4 ? 1 : 4;
  fillHost(words, 0, width, length, false);
  const octets = new Uint8Array(16);
  writeAddress(words, 0, 16, octets, 0);
  const groups = Array.from({ length: 8 }, (_, i) => ((octets[2 * i] << 8) | octets[2 * i + 1]).toString(16));
  return `${width === 1 ? octets.subarray(0, 4).join('.') : groups.join(':')}/${length}`;
}

/** A way as iproute2 tells of it: interface and next hop; 0 and '' for the host itself and where there is no way. */
interface Way {
  out: number;
  hop: string;
}

export function kernelSays(to: string, ...more: string[]): Way {
  return kernelSaysOfAll([[to, ...more].join(' ')])[0];
}

/** The way to each of these addresses of one family. */
export function kernelSaysOfAll(addresses: readonly string[]): Way[] {
  const links = new Map<string, number>();
  for (const { ifname, ifindex } of JSON.parse(ip('-j', 'link', 'show'))) links.set(ifname, ifindex);
  const family = addresses[0].includes(':') ? '-6' : '-4';
  const input = addresses.map(each => `route get ${each}`).join('\n');
  const done = spawnSync('ip', ['-j', family, '-force', '-batch', '-'], { encoding: 'utf8', input });
  const answers = done.stdout.split('\n').filter(line => line !== '');
  if (answers.length === 0) return addresses.map(() => ({ out: 0, hop: '' }));
  return answers.map(line => wayOf(JSON.parse(line)[0], links));
}

function wayOf(route: { type?: string; dev: string; gateway?: string }, links: Map<string, number>): Way {
  if (['local', 'anycast', 'multicast'].includes(route.type ?? '') || route.dev === 'lo') return { out: 0, hop: '' };
  return { out: links.get(route.dev)!, hop: route.gateway === undefined ? '' : hop(route.gateway) };
}

function hex(octets: Uint8Array): string {
  return [...octets].map(octet => octet.toString(16).padStart(2, '0')).join('');
}
