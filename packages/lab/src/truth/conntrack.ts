import type { Namespace } from '../namespaces/namespace.js';

/** One direction of a connection as the kernel holds it. Counters are absent where accounting is off. */
export interface Direction {
  source: string;
  destination: string;
  /** Ports are absent for protocols without. */
  sourcePort?: number;
  destinationPort?: number;
  packets?: number;
  octets?: number;
}

/** One connection of the kernel's table: the original direction is the initiator's. */
export interface KernelFlow {
  family: 4 | 6;
  protocol: number;
  /** CTA_ID: nearly unique. */
  id: number;
  original: Direction;
  reply: Direction;
  icmp?: { type: number; code: number; id: number };
}

/**
 * Reads the output of `conntrack -L|-E -o extended,id`. Lines that are no connection are left out. The kernel's state and
 * timeout are not kept: they are no facts about the traffic.
 */
export function parseConntrack(text: string): KernelFlow[] {
  return text.split('\n').flatMap(line => parseLine(line) ?? []);
}

/** The connections that the namespace's kernel holds now. */
export function kernelFlows(namespace: Namespace): KernelFlow[] {
  return parseConntrack(namespace.run(['conntrack', '-L', '-o', 'extended,id']));
}

/** Number of connections that the namespace's kernel holds now. */
export function kernelFlowCount(namespace: Namespace): number {
  return Number(namespace.run(['conntrack', '-C']));
}

/** Destroys every connection of the namespace: their flows end now. */
export function destroyKernelFlows(namespace: Namespace): void {
  namespace.run(['conntrack', '-F']);
}

function parseLine(line: string): KernelFlow | undefined {
  const head = line.match(/\b(ipv4|ipv6)\s+\d+\s+\S+\s+(\d+)\s/);
  if (head === null) return undefined;
  const pairs = [...line.matchAll(/(\w+)=(\S+)/g)].map(([, key, value]) => [key!, value!] as const);
  const second = pairs.findIndex(([key], i) => key === 'src' && i > 0);
  const original = Object.fromEntries(pairs.slice(0, second));
  const reply = Object.fromEntries(pairs.slice(second));
  const flow: KernelFlow = {
    family: head[1] === 'ipv4' ? 4 : 6,
    protocol: Number(head[2]),
    id: Number(reply.id),
    original: direction(original),
    reply: direction(reply),
  };
  if (original.type !== undefined) {
    flow.icmp = { type: Number(original.type), code: Number(original.code), id: Number(original.id) };
  }
  return flow;
}

function direction(fields: Record<string, string>): Direction {
  const found: Direction = { source: fields.src!, destination: fields.dst! };
  if (fields.sport !== undefined) found.sourcePort = Number(fields.sport);
  if (fields.dport !== undefined) found.destinationPort = Number(fields.dport);
  if (fields.packets !== undefined) found.packets = Number(fields.packets);
  if (fields.bytes !== undefined) found.octets = Number(fields.bytes);
  return found;
}
