import type { MeshNode, Position } from '../mesh.js';
import { moment, number, text } from './values.js';

/** What is known of a node so far. */
export class NodeDraft {
  name: string | undefined;
  readonly addresses = new Set<string>();
  readonly macs = new Set<string>();
  readonly networks = new Set<string>();
  position: Position | undefined;
  /** Undefined: nothing says that it is not. */
  online: boolean | undefined;
  gateway = false;
  clients: number | undefined;
  /** By any of their names. */
  nextHop: unknown;
  leavesBy: unknown;
  readonly details: Record<string, string | number> = {};

  constructor(readonly id: string) {}

  /** Says more of the node. What changes from minute to minute (load, memory, uptime) is no detail: each change of a node is kept. */
  detail(name: string, value: unknown): void {
    const told = typeof value === 'number' ? number(value) : text(value);
    if (told !== undefined) this.details[name] ??= told;
  }

  /** When it was first heard of; when last, where it is offline: while it is online that is always now. */
  seen(first: unknown, last: unknown): void {
    this.#time('firstSeen', first);
    if (this.online === false) this.#time('lastSeen', last);
  }

  #time(name: string, value: unknown): void {
    const at = moment(value);
    if (at !== undefined) this.details[name] ??= new Date(at).toISOString().replace('.000', '');
  }
}

/** Fills what is open of `node` with what `other` has. */
export function fill(node: NodeDraft, other: NodeDraft): void {
  node.name ??= other.name;
  node.position ??= other.position;
  node.online ??= other.online;
  node.gateway ||= other.gateway;
  node.clients ??= other.clients;
  node.nextHop ??= other.nextHop;
  node.leavesBy ??= other.leavesBy;
  for (const key of ['addresses', 'macs', 'networks'] as const) for (const value of other[key]) node[key].add(value);
  for (const [name, value] of Object.entries(other.details)) node.details[name] ??= value;
}

/** Addresses sorted, so that the same node is told of in the same way whatever the order of the feed. */
export function finishedNode(node: NodeDraft, nextHop: string | undefined, leavesBy: string | undefined): MeshNode {
  const { id, name, position, gateway, clients, details } = node;
  return {
    id,
    ...(name === undefined ? {} : { name }),
    addresses: [...node.addresses].sort(),
    macs: [...node.macs].sort(),
    networks: [...node.networks].sort(),
    ...(position === undefined ? {} : { position }),
    online: node.online ?? true,
    gateway,
    ...(clients === undefined ? {} : { clients }),
    ...(nextHop === undefined ? {} : { nextHop }),
    ...(leavesBy === undefined ? {} : { leavesBy }),
    details,
  };
}
