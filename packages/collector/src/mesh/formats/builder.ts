import { canonicalAddress, canonicalMac, canonicalNetwork } from '../address.js';
import type { Mesh, MeshRoute, Position } from '../mesh.js';
import { combineLinks, type LinkTold, type ResolvedLink } from './links.js';
import { fill, finishedNode, NodeDraft } from './node-draft.js';
import { number, text } from './values.js';

/** More is no mesh that anyone draws. */
const MOST_NODES = 200_000;
const MOST_LINKS = 1_000_000;
const MOST_ROUTES = 1_000_000;

/** A name of a name of a name, ... of a node. */
const MOST_NAMES = 4;

/** Names of Babel's routers, which could be IPv6 addresses. */
const EUI_64 = /^(?:[0-9a-f]{2}:){7}[0-9a-f]{2}$/;

const DEFAULT_ROUTES = new Set(['0.0.0.0/0', '::/0']);

/**
 * Puts a Mesh together from what one or several files tell, in any order. Nodes may be named by any name that is theirs: their id, or
 * an address that `alias` has told of.
 */
export class MeshBuilder {
  at: number | undefined;
  readonly #nodes = new Map<string, NodeDraft>();
  #declared = new Set<string>();
  readonly #aliases = new Map<string, string>();
  readonly #links: LinkTold[] = [];
  readonly #routes: MeshRoute[] = [];
  readonly #clientAddresses: [mac: string, address: string][] = [];
  readonly #leftOut = new Map<string, number>();

  /** Whether nothing has been told yet. */
  get empty(): boolean {
    return this.#nodes.size === 0;
  }

  /** Another file begins: it may tell of nodes that others have told of. */
  beginPart(): void {
    this.#declared = new Set();
  }

  leaveOut(reason: string, times = 1): void {
    this.#leftOut.set(reason, (this.#leftOut.get(reason) ?? 0) + times);
  }

  /** The moment of the feed; of several the newest. */
  of(moment: number | undefined): void {
    if (moment !== undefined && moment > (this.at ?? 0)) this.at = moment;
  }

  /** The node of this id, new where there is none; undefined where the id is none, or nodes are too many. */
  node(id: unknown): NodeDraft | undefined {
    const name = nodeId(id);
    if (name === undefined) {
      this.leaveOut('node without an id');
      return undefined;
    }
    const known = this.#nodes.get(name);
    if (known !== undefined) return known;
    if (this.#nodes.size >= MOST_NODES) {
      this.leaveOut('node beyond the most that are taken');
      return undefined;
    }
    const node = new NodeDraft(name);
    this.#nodes.set(name, node);
    return node;
  }

  /** The same for an entry of a list that has each node once. */
  declare(id: unknown): NodeDraft | undefined {
    const node = this.node(id);
    if (node === undefined || !this.#declared.has(node.id)) {
      if (node !== undefined) this.#declared.add(node.id);
      return node;
    }
    this.leaveOut('node told of twice');
    return undefined;
  }

  /** `address` is another name of the node `id`. The first to claim it has it. */
  alias(address: unknown, id: unknown): void {
    const [name, of] = [nodeId(address), nodeId(id)];
    if (name === undefined || of === undefined || name === of) return;
    const before = this.#aliases.get(name);
    if (before === undefined) this.#aliases.set(name, of);
    else if (before !== of) this.leaveOut('address of two nodes');
  }

  /** The id that `alias` has told of for this name. */
  named(address: string): string | undefined {
    return this.#aliases.get(address);
  }

  address(node: NodeDraft, value: unknown): void {
    const address = canonicalAddress(text(value) ?? '');
    if (address === undefined) this.leaveOut('address that is none');
    else node.addresses.add(address);
  }

  mac(node: NodeDraft, value: unknown): void {
    const mac = canonicalMac(text(value) ?? '');
    if (mac === undefined) this.leaveOut('MAC address that is none');
    else node.macs.add(mac);
  }

  /** A network behind the node, in CIDR form, or the IP or MAC address of a client; behind a gateway it is all there is. */
  network(node: NodeDraft, value: unknown): void {
    const told = text(value) ?? '';
    const network = canonicalNetwork(told) ?? canonicalMac(told);
    if (network === undefined) this.leaveOut('network that is none');
    else if (DEFAULT_ROUTES.has(network)) node.gateway = true;
    else node.networks.add(network);
  }

  /** The IP address of the client with this MAC address, which another table says the node of. */
  clientAddress(mac: string, address: string): void {
    this.#clientAddresses.push([mac, address]);
  }

  /** 0/0 is in the sea, and means that nobody has set it. */
  position(node: NodeDraft, latitude: unknown, longitude: unknown): void {
    const found = positionOf(latitude, longitude);
    if (found !== undefined) node.position ??= found;
    else if (latitude !== undefined || longitude !== undefined) this.leaveOut('position that is none');
  }

  link(link: LinkTold): void {
    if (this.#links.length < MOST_LINKS) this.#links.push(link);
    else this.leaveOut('link beyond the most that are taken');
  }

  /** A route of the node `at` to `network` by the node `via`, each by any of its names. */
  route(at: unknown, network: unknown, via: unknown): void {
    const [node, to, next] = [nodeId(at), canonicalNetwork(text(network) ?? ''), nodeId(via)];
    if (node === undefined || next === undefined || to === undefined) this.leaveOut('route that is none');
    else if (this.#routes.length >= MOST_ROUTES) this.leaveOut('route beyond the most that are taken');
    else this.#routes.push({ at: node, network: to, via: next });
  }

  finish(): Mesh {
    this.#mergeNodes();
    this.#placeClients();
    const links = combineLinks(this.#resolvedLinks(), reason => this.leaveOut(reason));
    const routes = this.#resolvedRoutes();
    this.#nextHopsOf(routes);
    const nodes = [...this.#nodes.values()].map(node => {
      const [nextHop, leavesBy] = [node.nextHop, node.leavesBy].map(name => this.#reference(name, node.id));
      return finishedNode(node, nextHop, leavesBy);
    });
    nodes.sort((a, b) => (a.id < b.id ? -1 : 1));
    const leftOut = Object.fromEntries(this.#leftOut);
    return { ...(this.at === undefined ? {} : { at: this.at }), nodes, links, routes, leftOut };
  }

  /** The id of the node that has this name. */
  #resolve(name: string | undefined): string | undefined {
    let id = name;
    for (let hops = 0; hops < MOST_NAMES && id !== undefined; hops++) {
      if (this.#nodes.has(id)) return id;
      id = this.#aliases.get(id);
    }
    return undefined;
  }

  /** Nodes that one file tells of by their id, another by an address of theirs, are one. */
  #mergeNodes(): void {
    for (const [name, id] of this.#aliases) {
      const [other, node] = [this.#nodes.get(name), this.#nodes.get(id)];
      if (other === undefined || node === undefined || other === node) continue;
      fill(node, other);
      this.#nodes.delete(name);
    }
  }

  #placeClients(): void {
    if (this.#clientAddresses.length === 0) return;
    const nodeOf = new Map<string, NodeDraft>();
    for (const node of this.#nodes.values()) {
      for (const mac of node.networks) nodeOf.set(mac, node);
      for (const mac of node.macs) nodeOf.set(mac, node);
    }
    for (const [mac, address] of this.#clientAddresses) {
      const node = nodeOf.get(mac);
      if (node === undefined) this.leaveOut('client of an unknown node');
      else if (node.macs.has(mac)) this.address(node, address);
      else this.network(node, address);
    }
  }

  #resolvedLinks(): ResolvedLink[] {
    return this.#links.flatMap(link => {
      const [from, to] = [this.#resolve(nodeId(link.from)), this.#resolve(nodeId(link.to))];
      if (from === undefined || to === undefined) this.leaveOut('link to a missing node');
      else if (from === to) this.leaveOut('link from a node to itself');
      else return [{ ...link, from, to }];
      return [];
    });
  }

  #resolvedRoutes(): MeshRoute[] {
    return this.#routes.flatMap(route => {
      const [at, via] = [this.#resolve(route.at), this.#resolve(route.via)];
      if (at === undefined || via === undefined) this.leaveOut('route to a missing node');
      else if (at !== via) return [{ at, network: route.network, via }];
      return [];
    });
  }

  /** Where the routes out of the mesh are known, so are the next hops. */
  #nextHopsOf(routes: readonly MeshRoute[]): void {
    for (const network of DEFAULT_ROUTES) {
      for (const route of routes) if (route.network === network) this.#nodes.get(route.at)!.nextHop ??= route.via;
    }
  }

  #reference(name: unknown, self: string): string | undefined {
    const wanted = nodeId(name);
    if (wanted === undefined) return undefined;
    const id = this.#resolve(wanted);
    if (id === undefined) this.leaveOut('next hop or gateway that is no node');
    return id === self ? undefined : id;
  }
}

/** Ids are as the feed has them; addresses as all others write them, so that they are found again. */
function nodeId(value: unknown): string | undefined {
  const id = text(value);
  if (id === undefined || EUI_64.test(id)) return id;
  return canonicalMac(id) ?? canonicalAddress(id) ?? id;
}

function positionOf(latitude: unknown, longitude: unknown): Position | undefined {
  const [lat, lon] = [number(latitude), number(longitude)];
  if (lat === undefined || lon === undefined || (lat === 0 && lon === 0)) return undefined;
  return Math.abs(lat) <= 90 && Math.abs(lon) <= 180 ? { latitude: lat, longitude: lon } : undefined;
}
