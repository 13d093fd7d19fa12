import { formatMac, parseAddress, parseMac, parseNetwork } from '@weir/flow';
import type { Mesh } from '../mesh.js';
import { type Meaning, Ranges } from './ranges.js';
import type { PlaceRule } from './rules.js';

/** Addresses whose node is kept in mind: most of them are of hosts outside, and come again. */
const REMEMBERED = 200_000;

/** At which node of a mesh an address is, as the number of the node in its list; -1 for none. */
export class Places {
  readonly #rules: Ranges;
  readonly #told: Ranges;
  readonly #own: ReadonlySet<bigint>;
  readonly #macs: ReadonlyMap<string, number>;
  readonly #known = new Map<string, Place>();

  /** @param rules they count before all that the mesh says; a rule whose node is not in this mesh does not count */
  constructor(mesh: Mesh, rules: readonly PlaceRule[]) {
    this.#rules = new Ranges(ofRules(mesh, rules));
    const own = ownAddresses(mesh);
    this.#told = new Ranges([...ofNetworks(mesh), ...own]);
    this.#own = new Set(own.map(({ low }) => low));
    this.#macs = macsOf(mesh);
  }

  /** @param address as people or the engine write it */
  nodeOf(address: string): number {
    return this.#placeOf(address).node;
  }

  /** Whether it is an address of a node itself, not of what is behind it. */
  isOwn(address: string): boolean {
    return this.#placeOf(address).own;
  }

  /** Whether packets to it stay on the link where they are. */
  staysOnLink(address: string): boolean {
    return this.#placeOf(address).onLink;
  }

  nodeOfMac(mac: string): number {
    return this.#macs.get(mac) ?? -1;
  }

  #placeOf(address: string): Place {
    const known = this.#known.get(address);
    if (known !== undefined) return known;
    const place = this.#find(parseAddress(address));
    if (this.#known.size >= REMEMBERED) this.#known.clear();
    this.#known.set(address, place);
    return place;
  }

  #find(address: bigint | undefined): Place {
    if (address === undefined) return nowhere;
    const own = this.#own.has(address);
    const onLink = onLinkRanges.find(address) >= 0;
    for (const ranges of [this.#rules, this.#told]) {
      const node = ranges.find(address);
      if (node >= 0) return { node, own, onLink };
    }
    const mac = macIn(address);
    return { node: mac === undefined ? -1 : this.nodeOfMac(mac), own, onLink };
  }
}

interface Place {
  readonly node: number;
  readonly own: boolean;
  readonly onLink: boolean;
}

const nowhere: Place = { node: -1, own: false, onLink: false };

/** Link-local and multicast addresses, and broadcast to all. */
const onLinkRanges = new Ranges(
  ['169.254.0.0/16', '224.0.0.0/4', '255.255.255.255', 'fe80::/10', 'ff00::/8'].flatMap(network => ranges(network, 0)),
);

function ranges(network: string, value: number): Meaning[] {
  return (parseNetwork(network) ?? []).map(range => ({ ...range, value }));
}

/** The longest networks lie within others, so that these need no order; equal ones do: the first rule counts. */
function ofRules({ nodes }: Mesh, rules: readonly PlaceRule[]): Meaning[] {
  const byId = new Map(nodes.map(({ id }, i) => [id, i]));
  const byName = new Map(nodes.map(({ name }, i) => [name, i]));
  return [...rules].reverse().flatMap(({ network, node }) => {
    const index = byId.get(node) ?? byName.get(node);
    return index === undefined ? [] : ranges(network, index);
  });
}

/** A network of all addresses says that the node leads out, not that all is there. */
function ofNetworks({ nodes }: Mesh): Meaning[] {
  return nodes.flatMap(({ networks }, i) =>
    networks.filter(network => !network.endsWith('/0')).flatMap(network => ranges(network, i)),
  );
}

function ownAddresses(mesh: Mesh): Meaning[] {
  const found: Meaning[] = [];
  const add = (text: string | undefined, value: number) => {
    const address = text === undefined ? undefined : parseAddress(text);
    if (address !== undefined) found.push({ low: address, high: address, value });
  };
  for (const [end, text] of linkEnds(mesh)) add(text, end);
  for (const [i, { addresses }] of mesh.nodes.entries()) for (const address of addresses) add(address, i);
  return found;
}

function macsOf(mesh: Mesh): Map<string, number> {
  const macs = new Map<string, number>();
  const add = (text: string | undefined, node: number) => {
    const mac = text === undefined ? undefined : parseMac(text);
    if (mac !== undefined) macs.set(formatMac(mac), node);
  };
  for (const [i, { networks }] of mesh.nodes.entries()) for (const client of networks) add(client, i);
  for (const [end, text] of linkEnds(mesh)) add(text, end);
  for (const [i, { macs: own }] of mesh.nodes.entries()) for (const mac of own) add(mac, i);
  return macs;
}

function* linkEnds({ nodes, links }: Mesh): Generator<[node: number, address: string | undefined]> {
  const byId = new Map(nodes.map(({ id }, i) => [id, i]));
  for (const { source, target, sourceAddress, targetAddress } of links) {
    yield [byId.get(source)!, sourceAddress];
    yield [byId.get(target)!, targetAddress];
  }
}

/** The MAC address that an IPv6 address was made of (RFC 4291 appendix A): batman-adv tells where clients are by these. */
function macIn(address: bigint): string | undefined {
  if (((address >> 24n) & 0xffffn) !== 0xfffen || address >> 64n === 0n) return undefined;
  const high = ((address >> 40n) & 0xffffffn) ^ 0x020000n;
  return formatMac((high << 24n) | (address & 0xffffffn));
}
