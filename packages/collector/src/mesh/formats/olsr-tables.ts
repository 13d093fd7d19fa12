import { canonicalAddress } from '../address.js';
import type { MeshBuilder } from './builder.js';
import { linkKind } from './kinds.js';
import { cost, quality, text } from './values.js';

/** LINK_COST_BROKEN, 2^22, is this much ETX. */
const BROKEN = 4096;

export interface OlsrQuality {
  readonly lq?: unknown;
  readonly nlq?: unknown;
  readonly cost?: unknown;
}

/** What olsrd's tables tell of a mesh, whoever wrote them. Nodes are named by their main addresses; the others that MID tells of are aliases. */
export class OlsrTables {
  readonly #mesh: MeshBuilder;
  #main: string | undefined;
  readonly #local = new Set<string>();
  readonly #routes: { network: unknown; gateway: unknown }[] = [];
  /** Nodes that anybody else tells of. */
  readonly #told = new Set<string>();
  #gateway: string | undefined;

  constructor(mesh: MeshBuilder) {
    this.#mesh = mesh;
  }

  /** An address of the node itself; its main one, where that is known. */
  own(value: unknown, main = false): void {
    const address = addressOf(value);
    if (address === undefined) return;
    this.#local.add(address);
    if (main) this.#main = address;
  }

  /** `teller` hears `heard` with the quality LQ, and is heard by it with NLQ. */
  topology(teller: unknown, heard: unknown, { lq, nlq, cost: raw }: OlsrQuality): void {
    const [from, to] = [this.#node(teller), this.#node(heard)];
    if (from === undefined || to === undefined) {
      this.#mesh.leaveOut('link that is none');
      return;
    }
    for (const id of [from, to]) this.#told.add(id);
    const [hears, isHeard, etx] = [quality(lq), quality(nlq), etxOf(raw)];
    if (isDown(raw, etx)) {
      this.#down(from, to);
      return;
    }
    const known = hears !== undefined || isHeard !== undefined || etx === undefined;
    this.#mesh.link({
      from: to,
      to: from,
      kind: 'other',
      quality: hears,
      reverseHeard: known ? isHeard : quality(1 / etx),
      reverseCost: etx,
    });
  }

  /** Where one direction is dead OLSR does not use the other, either. */
  #down(from: string, to: string): void {
    this.#mesh.link({ from, to, kind: 'other', reverseHeard: 0 });
    this.#mesh.link({ from: to, to: from, kind: 'other', reverseHeard: 0 });
  }

  /** A link of the node itself, by the addresses of the interfaces at its ends. */
  link(local: unknown, remote: unknown, { lq, nlq, cost: raw }: OlsrQuality, device?: unknown): void {
    const [from, to] = [addressOf(local), this.#node(remote)];
    if (from === undefined || to === undefined) {
      this.#mesh.leaveOut('link that is none');
      return;
    }
    this.own(from);
    const etx = etxOf(raw);
    const down = isDown(raw, etx) ? 0 : undefined;
    this.#mesh.link({
      from,
      to,
      kind: linkKind(device),
      fromAddress: from,
      toAddress: to,
      reverseQuality: down ?? quality(lq),
      quality: down ?? quality(nlq),
      cost: etx,
    });
  }

  hna(network: unknown, gateway: unknown): void {
    const node = this.#mesh.node(this.#node(gateway));
    if (node !== undefined) this.#mesh.network(node, network);
  }

  mid(main: unknown, alias: unknown): void {
    const [id, address] = [this.#node(main), addressOf(alias)];
    const node = id === undefined ? undefined : this.#mesh.node(id);
    if (node === undefined || address === undefined) {
      this.#mesh.leaveOut('alias that is none');
      return;
    }
    node.addresses.add(address);
    this.#mesh.alias(address, node.id);
  }

  route(network: unknown, gateway: unknown): void {
    this.#routes.push({ network, gateway });
  }

  /** A smart gateway. */
  gateway(originator: unknown, selected: boolean): void {
    const node = this.#mesh.node(this.#node(originator));
    if (node === undefined) return;
    node.gateway = true;
    if (selected) this.#gateway ??= node.id;
  }

  finish(): void {
    const main = this.#main ?? [...this.#local].find(address => this.#told.has(address)) ?? [...this.#local].sort()[0];
    const self = main === undefined ? undefined : this.#mesh.node(main);
    if (self === undefined) return;
    for (const address of this.#local) {
      self.addresses.add(address);
      this.#mesh.alias(address, self.id);
    }
    if (this.#gateway !== undefined) self.leavesBy ??= this.#gateway;
    for (const { network, gateway } of this.#routes) this.#mesh.route(self.id, network, gateway);
  }

  #node(value: unknown): string | undefined {
    const address = addressOf(value);
    const node = address === undefined ? undefined : this.#mesh.node(address);
    node?.addresses.add(address!);
    return node?.id;
  }
}

function addressOf(value: unknown): string | undefined {
  return canonicalAddress(text(value) ?? '');
}

/** A cost is told, but none that a packet could pay: 0, INFINITE, or LINK_COST_BROKEN. */
function isDown(raw: unknown, etx: number | undefined): boolean {
  return raw !== undefined && raw !== null && etx === undefined;
}

function etxOf(raw: unknown): number | undefined {
  const etx = cost(raw);
  return etx === undefined || etx < 1 || etx >= BROKEN ? undefined : etx;
}
