// A mesh network that does not exist, and an hour of its traffic: for pictures and benchmarks.
import { createSocket } from 'node:dgram';
import { promisify } from 'node:util';
import { sleep } from '../run/wait.js';
import { dataSet, message, templateSet } from '../wire/build.js';
import { field, reverse, type WireTemplate } from '../wire/template.js';
import type { WireValue } from '../wire/value.js';

const CENTRE = { latitude: 53.075, longitude: 8.807 };
/** Degrees within which nodes hear each other, at most. */
const NEAR = 0.01;
/** Flow Records in a Message. */
const TOGETHER = 10;
const OUTSIDE = '2001:db8:ffff::1';

/** How large it is. */
export interface TownSize {
  readonly nodes: number;
  /** Parts with nodes close by each other, each with a tunnel to a gateway. */
  readonly quarters: number;
  readonly gateways: number;
  /** The nearest nodes that each node has a link with. */
  readonly neighbours: number;
}

interface TownNode {
  readonly id: string;
  readonly address: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly gateway: boolean;
  readonly online: boolean;
  readonly clients: number;
}

/** Numbers from 0 to 1 that look like chance, the same each time. */
function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Nodes in quarters around a centre; the first ones are gateways. */
function townNodes(size: TownSize): TownNode[] {
  const random = chance(7);
  const spread = () => random() + random() - 1;
  // The same closeness, however many there are.
  const extent = Math.sqrt(size.quarters / 9);
  const quarters = Array.from({ length: size.quarters }, () => [spread() * 0.02 * extent, spread() * 0.045 * extent]);
  return Array.from({ length: size.nodes }, (_, i) => {
    const [north, east] = quarters[i % size.quarters] as [number, number];
    const hex = (i + 1).toString(16).padStart(4, '0');
    const gateway = i < size.gateways;
    return {
      id: `02c0ffee${hex}`,
      address: `2001:db8:1::${(i + 1).toString(16)}`,
      latitude: CENTRE.latitude + north + spread() * 0.006,
      longitude: CENTRE.longitude + east + spread() * 0.011,
      gateway,
      online: gateway || random() > 0.06,
      clients: gateway ? 0 : Math.floor(random() ** 3 * 30),
    };
  });
}

interface TownLink {
  readonly source: string;
  readonly target: string;
  readonly type: 'wifi' | 'vpn';
  readonly source_tq: number;
  readonly target_tq: number;
}

/** Each node is linked with its nearest, and the nearest of each quarter with its gateway. */
function townLinks(nodes: readonly TownNode[], size: TownSize): TownLink[] {
  const random = chance(11);
  const links = new Map<string, TownLink>();
  const add = (a: TownNode, b: TownNode, type: TownLink['type'], quality: number) => {
    const [source, target] = [a.id, b.id].sort() as [string, string];
    const tq = () => Math.min(1, Math.max(0.1, quality - random() * 0.25));
    if (a !== b && a.online && b.online)
      links.set(`${source} ${target}`, { source, target, type, source_tq: tq(), target_tq: tq() });
  };
  const distance = (a: TownNode, b: TownNode) => Math.hypot(a.latitude - b.latitude, (a.longitude - b.longitude) * 0.6);
  for (const node of nodes) {
    const near = nodes
      .filter(each => !each.gateway && Math.abs(each.latitude - node.latitude) < NEAR && distance(each, node) < NEAR)
      .sort((a, b) => distance(a, node) - distance(b, node));
    for (const other of near.slice(1, 1 + size.neighbours)) add(node, other, 'wifi', 1.05 - distance(node, other) * 90);
  }
  for (let i = size.gateways; i < size.gateways + size.quarters * 2; i++)
    add(nodes[i]!, nodes[i % size.gateways]!, 'vpn', 1.1);
  return [...links.values()];
}

/** The feed that a community publishes of it. */
export function townFeed(size: TownSize): object {
  const nodes = townNodes(size);
  const timestamp = new Date().toISOString();
  return {
    timestamp,
    nodes: nodes.map(({ id, address, latitude, longitude, gateway, online, clients }, i) => ({
      node_id: id,
      hostname: gateway ? `gateway-${i + 1}` : `town-${String(i).padStart(3, '0')}`,
      mac: id.match(/../g)!.join(':'),
      addresses: [address],
      ...(i % 11 === 5 ? {} : { location: { latitude, longitude } }),
      is_gateway: gateway,
      ...(gateway ? {} : { gateway: nodes[(i % size.quarters) % size.gateways]!.id }),
      is_online: online,
      clients,
      firstseen: timestamp,
      lastseen: timestamp,
    })),
    links: townLinks(nodes, size),
  };
}

const template: WireTemplate = {
  id: 256,
  fields: [
    ...[
      ...['sourceIPv6Address', 'destinationIPv6Address', 'sourceTransportPort', 'destinationTransportPort'],
      ...['protocolIdentifier', 'flowStartMilliseconds', 'flowEndMilliseconds', 'octetDeltaCount', 'packetDeltaCount'],
    ].map(name => field(name)),
    ...[reverse('octetDeltaCount'), reverse('packetDeltaCount')],
  ],
};

/** Exports the last minutes of what the nodes' clients did, as a gateway would, to a port of this machine. */
export async function exportTownTraffic(size: TownSize, port: number, minutes: number): Promise<void> {
  const socket = createSocket('udp4');
  const send = promisify((octets: Uint8Array, done: (error: Error | null) => void) =>
    socket.send(octets, port, '127.0.0.1', done),
  );
  const random = chance(13);
  let sequence = 0;
  const now = Date.now();
  const sources = townNodes(size).filter(({ gateway, online }) => online && !gateway);
  for (let minute = minutes; minute > 0; minute--) {
    for (let i = 0; i < sources.length; i += TOGETHER) {
      const records = sources.slice(i, i + TOGETHER).map(node => record(node, minute, now, random));
      const header = { exportTime: Math.floor(now / 1000), sequence, domain: 1 };
      await send(message(header, templateSet(template), dataSet(template, records)));
      sequence += records.length;
    }
    await sleep(20);
  }
  socket.close();
}

/** What a node's clients did in the minute that ended some minutes ago. */
function record({ address, clients }: TownNode, minute: number, now: number, random: () => number): WireValue[] {
  const busy = (clients + 0.3) * (1.3 + Math.sin(minute / 9)) * random() ** 2;
  const [down, up] = [Math.round(busy * 9e6), Math.round(busy * 8e5)];
  const end = now - (minute - 1) * 60_000;
  return [
    ...[address, OUTSIDE, 40_000 + minute, 443, random() < 0.7 ? 6 : 17, end - 60_000, end],
    ...[up, Math.ceil(up / 500), down, Math.ceil(down / 1300)],
  ];
}
