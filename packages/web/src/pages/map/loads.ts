import type { MeshHow, MeshLoads } from '../../api/types.js';
import type { Loads } from '../../map/buffers.js';
import { linkKey, type MapMesh, nodeKey } from '../../map/mesh.js';

type LinkLoad = MeshLoads['links'][number];

/** Index of the step that a time is in: the newest where it is later, -1 where there is none or it is earlier. */
export function stepAt({ times }: Pick<MeshLoads, 'times'>, time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! <= time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The loads of all links of a mesh at a time. */
export function loadsOf(mesh: MapMesh, answers: readonly MeshLoads[], time: number): Loads {
  const loads = { forward: new Float64Array(mesh.links.length), reverse: new Float64Array(mesh.links.length) };
  for (const answer of answers) {
    const step = stepAt(answer, time);
    if (step < 0) continue;
    for (const { link, forward, reverse } of answer.links) {
      const at = mesh.linkAt.get(linkKey(answer.topology, link));
      if (at === undefined) continue;
      loads.forward[at] = forward[step] ?? 0;
      loads.reverse[at] = reverse[step] ?? 0;
    }
  }
  return loads;
}

/** How much of what is on links is known in which way, as shares; and what is on none. */
export interface Placing {
  how: { how: MeshHow; share: number }[];
  unplaced: { reason: string; share: number }[];
  /** Share of all octets that lies on no link. */
  nowhere: number;
}

const HOWS: readonly MeshHow[] = ['measured', 'nextHop', 'route', 'shortest'];

export function placingOf(answers: readonly MeshLoads[]): Placing | undefined {
  const weights = new Map<MeshHow, number>();
  const reasons = new Map<string, number>();
  let placed = 0;
  for (const { links, unplaced, placed: octets } of answers) {
    placed += octets;
    for (const link of links) {
      for (const { how, share } of link.how) weights.set(how, (weights.get(how) ?? 0) + share * sumOf(link));
    }
    for (const { reason, octets: lost } of unplaced) reasons.set(reason, (reasons.get(reason) ?? 0) + lost);
  }
  const nowhere = [...reasons.values()].reduce((sum, octets) => sum + octets, 0);
  const all = placed + nowhere;
  if (all === 0) return undefined;
  const weight = [...weights.values()].reduce((sum, value) => sum + value, 0);
  const how = HOWS.map(name => ({ how: name, share: weight > 0 ? (weights.get(name) ?? 0) / weight : 0 }));
  return {
    how: how.filter(({ share }) => share > 0),
    unplaced: [...reasons]
      .map(([reason, octets]) => ({ reason, share: octets / all }))
      .sort((a, b) => b.share - a.share),
    nowhere: nowhere / all,
  };
}

function sumOf({ forward, reverse }: LinkLoad): number {
  return forward.reduce((sum, bits) => sum + bits, 0) + reverse.reduce((sum, bits) => sum + bits, 0);
}

export interface Busy {
  key: string;
  forward: number;
  reverse: number;
}

/** The links that carry most, in both directions. */
export function busiestLinks(mesh: MapMesh, { forward, reverse }: Loads, most: number): Busy[] {
  const busy = mesh.links.map(({ key }, i) => ({ key, forward: forward[i]!, reverse: reverse[i]! }));
  return busy
    .filter(link => link.forward + link.reverse > 0)
    .sort((a, b) => b.forward + b.reverse - a.forward - a.reverse)
    .slice(0, most);
}

export interface Strained {
  key: string;
  /** Bit/s that are sent once more, and the bit/s and the quality that make it so. */
  again: number;
  rate: number;
  quality: number;
}

/** What carries anything is not worse than that, whatever the topology tells. */
const LEAST_QUALITY = 0.1;

/**
 * Links used above their quality: what a link carries, times how often a packet has to be sent until it comes through, less
 * once. A link of quality 0.5 that carries 10 Mbit/s sends 10 Mbit/s again; one of 0.95 only half a Mbit/s.
 */
export function strainedLinks(mesh: MapMesh, { forward, reverse }: Loads, most: number): Strained[] {
  const strained: Strained[] = [];
  mesh.links.forEach(({ key, link }, i) => {
    const directions = [
      { rate: forward[i]!, quality: link.quality },
      { rate: reverse[i]!, quality: link.reverseQuality ?? link.quality },
    ];
    let again = 0;
    for (const { rate, quality } of directions) {
      if (quality !== undefined && rate > 0) again += rate * (1 / Math.max(quality, LEAST_QUALITY) - 1);
    }
    const quality = Math.min(link.quality ?? 1, link.reverseQuality ?? link.quality ?? 1);
    if (again > 0 && quality < 0.9) strained.push({ key, again, rate: forward[i]! + reverse[i]!, quality });
  });
  return strained.sort((a, b) => b.again - a.again).slice(0, most);
}

export interface GatewayLoad {
  key: string;
  /** Bit/s that leave the mesh by it, and come into it. */
  out: number;
  in: number;
  /** Of what all gateways carry, 0 to 1. */
  share: number;
  /** Nodes that name it as theirs. */
  nodes: number;
}

/** Who carries what goes out of the mesh: all gateways, also those that carry nothing. */
export function gatewaysOf(mesh: MapMesh, answers: readonly MeshLoads[]): GatewayLoad[] {
  const sums = new Map<string, { out: number; in: number }>();
  for (const { topology, nodes } of answers) {
    for (const { node, out, in: into } of nodes) sums.set(nodeKey(topology, node), { out, in: into });
  }
  const behind = new Map<string, number>();
  for (const { topology, node } of mesh.nodes) {
    if (node.leavesBy === undefined || !node.online) continue;
    const key = nodeKey(topology, node.leavesBy);
    behind.set(key, (behind.get(key) ?? 0) + 1);
  }
  const gateways = mesh.nodes
    .filter(({ node, key }) => node.gateway || (sums.get(key)?.out ?? 0) + (sums.get(key)?.in ?? 0) > 0)
    .map(({ key }) => ({ key, out: sums.get(key)?.out ?? 0, in: sums.get(key)?.in ?? 0, nodes: behind.get(key) ?? 0 }));
  const all = gateways.reduce((sum, gateway) => sum + gateway.out + gateway.in, 0);
  return gateways
    .map(gateway => ({ ...gateway, share: all > 0 ? (gateway.out + gateway.in) / all : 0 }))
    .sort((a, b) => b.share - a.share || b.nodes - a.nodes);
}

/** What goes over a node: bit/s that come to it over its links, and that leave it, step by step. */
export function throughNode(
  { links, times }: MeshLoads,
  ends: (link: string) => { source: string } | undefined,
  node: string,
): { in: number[]; out: number[] } {
  const sums = { in: times.map(() => 0), out: times.map(() => 0) };
  for (const { link, forward, reverse } of links) {
    const fromIt = ends(link)?.source === node;
    times.forEach((_, i) => {
      sums.out[i]! += (fromIt ? forward[i] : reverse[i]) ?? 0;
      sums.in[i]! += (fromIt ? reverse[i] : forward[i]) ?? 0;
    });
  }
  return sums;
}
