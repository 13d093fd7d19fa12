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
  const flows: KernelFlow[] = [];
  for (const line of text.split('\n')) {
    const flow = parseLine(line);
    if (flow !== undefined) flows.push(flow);
  }
  return flows;
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

/**
 * One line, with or without a time and the kind of event in brackets: words with blanks between, `name=value` where they tell of a tuple. That of replies begins with the second
 * `src=`. Undefined where it tells of no connection.
 */
export function parseLine(line: string): KernelFlow | undefined {
  const words = line.split(/[ \t]+/).filter(Boolean);
  const head = words.findIndex(word => !word.startsWith('['));
  const family = words[head];
  if (family !== 'ipv4' && family !== 'ipv6') return undefined;
  const flow: KernelFlow = {
    family: family === 'ipv4' ? 4 : 6,
    protocol: Number(words[head + 3]),
    id: 0,
    original: { source: '', destination: '' },
    reply: { source: '', destination: '' },
  };
  let tuples = 0;
  for (let i = head + 4; i < words.length; i++) {
    const word = words[i]!;
    const equals = word.indexOf('=');
    if (equals < 0) continue;
    const name = word.slice(0, equals);
    if (name === 'src') tuples++;
    take(flow, tuples === 1, name, word.slice(equals + 1));
  }
  return flow;
}

/** An `id` belongs to the ICMP message in the original tuple; the last one of the line is the connection's. */
function take(flow: KernelFlow, original: boolean, name: string, value: string): void {
  const direction = original ? flow.original : flow.reply;
  if (name === 'src') direction.source = value;
  else if (name === 'dst') direction.destination = value;
  else if (name === 'sport') direction.sourcePort = Number(value);
  else if (name === 'dport') direction.destinationPort = Number(value);
  else if (name === 'packets') direction.packets = Number(value);
  else if (name === 'bytes') direction.octets = Number(value);
  else if (name === 'type' && original) flow.icmp = { type: Number(value), code: 0, id: 0 };
  else if (name === 'code' && original) flow.icmp!.code = Number(value);
  else if (name === 'id' && original && flow.icmp !== undefined) flow.icmp.id = Number(value);
  else if (name === 'id') flow.id = Number(value);
}
