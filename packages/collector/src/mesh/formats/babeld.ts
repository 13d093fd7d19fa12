import { canonicalAddress, canonicalNetwork } from '../address.js';
import type { MeshBuilder } from './builder.js';
import type { Format } from './format.js';
import { linkKind } from './kinds.js';
import { cost, linesOf, quality, text } from './values.js';

/** A cost of babeld that means that nothing comes through. */
const INFINITY = 65_535;

const HEADER = /^(host|my-id) (\S+)/;
const LINE = /^(?:add|change) (interface|neighbour|xroute|route) (\S+)(.*)$/;

/** What babeld's local socket answers to `dump`: its interfaces, neighbours, own routes (xroute) and those that it has learned. */
export const babeld: Format = {
  name: 'babeld dump',
  is: ({ text, values }) =>
    values.length === 0 && (/^BABEL \d/.test(text.trimStart()) || /^add (?:interface|neighbour|x?route) /m.test(text)),
  read: ({ text }, mesh) => new Dump(mesh).read(text),
};

interface Neighbour {
  readonly address: string;
  readonly device: string | undefined;
  readonly cost: number | undefined;
  /** Which of the last 16 hellos came. */
  readonly reach: number | undefined;
}

class Dump {
  readonly #mesh: MeshBuilder;
  #self = 'this node';
  #host: string | undefined;
  /** Link-local addresses by interface. */
  readonly #own = new Map<string, string>();
  readonly #addresses = new Set<string>();
  readonly #neighbours: Neighbour[] = [];
  readonly #xroutes: string[] = [];
  readonly #routes: Map<string, string>[] = [];

  constructor(mesh: MeshBuilder) {
    this.#mesh = mesh;
  }

  read(dump: string): void {
    for (const line of linesOf(dump)) this.#readLine(line);
    const self = this.#mesh.node(this.#self);
    if (self === undefined) return;
    self.name ??= this.#host;
    for (const address of [...this.#addresses, ...this.#own.values()]) {
      self.addresses.add(address);
      this.#mesh.alias(address, self.id);
    }
    this.#tellOfRouters();
    for (const network of this.#xroutes) this.#originate(self.id, network);
    for (const neighbour of this.#neighbours) this.#tellOfLink(neighbour, self.id);
    for (const route of this.#routes) {
      if (route.get('installed') === 'yes') this.#mesh.route(self.id, route.get('prefix'), route.get('via'));
    }
  }

  #readLine(line: string): void {
    const [, name, value] = HEADER.exec(line) ?? [];
    if (name === 'my-id') this.#self = text(value) ?? this.#self;
    else if (name === 'host') this.#host = text(value);
    const [, kind, id, rest] = LINE.exec(line) ?? [];
    if (kind === undefined) {
      if (/^(?:add|change) /.test(line)) this.#mesh.leaveOut('line that is none');
      return;
    }
    const words = wordsOf(rest!);
    if (kind === 'interface') this.#readInterface(id!, words);
    else if (kind === 'neighbour') this.#readNeighbour(words);
    else if (kind === 'xroute') this.#xroutes.push(words.get('prefix') ?? '');
    else this.#routes.push(words);
  }

  #readInterface(name: string, words: ReadonlyMap<string, string>): void {
    const [six, four] = [words.get('ipv6'), words.get('ipv4')].map(address => canonicalAddress(address ?? ''));
    if (six !== undefined) this.#own.set(name, six);
    if (four !== undefined) this.#addresses.add(four);
  }

  #readNeighbour(words: ReadonlyMap<string, string>): void {
    const address = canonicalAddress(words.get('address') ?? '');
    if (address === undefined) {
      this.#mesh.leaveOut('neighbour without an address');
      return;
    }
    const reach = /^[0-9a-f]{1,4}$/i.test(words.get('reach') ?? '')
      ? Number.parseInt(words.get('reach')!, 16)
      : undefined;
    this.#neighbours.push({ address, device: words.get('if'), cost: cost(words.get('cost')), reach });
  }

  /** Every router whose routes have come here; the one that announces a route directly is the neighbour that it came from. */
  #tellOfRouters(): void {
    for (const route of this.#routes) {
      const [id, network, via] = [route.get('id'), route.get('prefix'), canonicalAddress(route.get('via') ?? '')];
      const node = this.#mesh.node(id);
      if (node === undefined) continue;
      this.#originate(node.id, network ?? '');
      if (route.get('refmetric') !== '0' || via === undefined) continue;
      node.addresses.add(via);
      this.#mesh.alias(via, node.id);
    }
  }

  /** A router that announces an address alone has it; all else is behind it. */
  #originate(id: string, value: string): void {
    const [node, network] = [this.#mesh.node(id), canonicalNetwork(value)];
    if (node === undefined) return;
    if (network === undefined) {
      this.#mesh.leaveOut('network that is none');
      return;
    }
    if (!/\/(?:32|128)$/.test(network) || network.endsWith(':/32')) {
      this.#mesh.network(node, network);
      return;
    }
    const address = network.slice(0, network.indexOf('/'));
    node.addresses.add(address);
    this.#mesh.alias(address, node.id);
  }

  #tellOfLink({ address, device, cost: told, reach }: Neighbour, self: string): void {
    const down = told === undefined || told >= INFINITY;
    // One that announces nothing is known by its address alone.
    const other = this.#mesh.named(address) ?? this.#mesh.node(address)?.id;
    if (other === undefined) return;
    this.#mesh.link({
      from: self,
      to: other,
      kind: linkKind(device),
      fromAddress: this.#own.get(device ?? ''),
      toAddress: address,
      ...(down ? { quality: 0, reverseQuality: 0 } : { cost: told, reverseQuality: quality(bits(reach) / 16) }),
    });
  }
}

/** NAME VALUE NAME VALUE ... */
function wordsOf(rest: string): Map<string, string> {
  const words = rest.trim().split(/\s+/);
  const found = new Map<string, string>();
  for (let i = 0; i + 1 < words.length; i += 2) found.set(words[i]!, words[i + 1]!);
  return found;
}

function bits(value: number | undefined): number {
  return value === undefined ? 0 : value.toString(2).replaceAll('0', '').length;
}
