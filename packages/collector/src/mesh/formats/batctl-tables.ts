import type { MeshBuilder } from './builder.js';
import { linkKind } from './kinds.js';
import { quality } from './values.js';

/** The node whose tables they are, until its address is told of. */
const THIS_NODE = 'this node';

export interface Originator {
  readonly originator: string;
  readonly neighbour: string;
  readonly best: boolean;
  readonly tq?: number | undefined;
  readonly device?: string | undefined;
}

/**
 * What one node's tables of batman-adv tell: of all nodes that they are, and who their clients are; of links only the node's own, for
 * batman-adv knows no others.
 */
export class BatctlTables {
  readonly #mesh: MeshBuilder;
  #self = THIS_NODE;
  readonly #neighbours = new Map<string, string | undefined>();
  /** Link quality to the neighbour, which is that of the neighbour as an originator by itself. */
  readonly #tqs = new Map<string, number>();
  readonly #clients: { client: string; node: string | undefined }[] = [];
  readonly #ips = new Map<string, string>();

  constructor(mesh: MeshBuilder) {
    this.#mesh = mesh;
  }

  leaveOut(): void {
    this.#mesh.leaveOut('row that is none');
  }

  self(mac: string, ofMesh: string | undefined): void {
    this.#self = mac;
    // Another table has told of it without its address.
    this.#mesh.alias(THIS_NODE, mac);
    const node = this.#mesh.node(mac);
    if (node === undefined) return;
    node.macs.add(mac);
    if (ofMesh !== undefined) node.macs.add(ofMesh);
  }

  originator({ originator, neighbour, best, tq, device }: Originator): void {
    this.#node(originator);
    if (originator === neighbour && tq !== undefined) this.#tqs.set(neighbour, tq);
    if (best || originator === neighbour) this.neighbour(neighbour, device);
  }

  neighbour(mac: string, device: string | undefined): void {
    this.#node(mac);
    this.#neighbours.set(mac, this.#neighbours.get(mac) ?? device);
  }

  gateway(originator: string, router: string | undefined, best: boolean): void {
    const node = this.#node(originator);
    if (node !== undefined) node.gateway = true;
    const self = best ? this.#mesh.node(this.#self) : undefined;
    if (self === undefined) return;
    self.leavesBy ??= originator;
    self.nextHop ??= router;
  }

  /** @param own it is an address of the node itself */
  client(client: string, node: string | undefined, own: boolean): void {
    // Groups are no clients.
    if (Number.parseInt(client.slice(1, 2), 16) % 2 === 1) return;
    if (own && node === undefined) this.#mesh.node(this.#self)?.macs.add(client);
    else this.#clients.push({ client, node });
  }

  arp(mac: string | undefined, address: string | undefined): void {
    if (mac === undefined || address === undefined) this.leaveOut();
    else this.#ips.set(mac, address);
  }

  finish(): void {
    for (const [mac, device] of this.#neighbours) {
      const tq = this.#tqs.get(mac);
      this.#mesh.node(this.#self);
      this.#mesh.link({
        from: this.#self,
        to: mac,
        kind: linkKind(device),
        quality: tq === undefined ? undefined : quality(tq / 255),
      });
    }
    for (const { client, node } of this.#clients) {
      const behind = node === undefined ? this.#mesh.node(this.#self) : this.#node(node);
      if (behind !== undefined) this.#mesh.network(behind, client);
    }
    for (const [mac, address] of this.#ips) this.#mesh.clientAddress(mac, address);
  }

  #node(mac: string) {
    const node = this.#mesh.node(mac);
    node?.macs.add(mac);
    return node;
  }
}
