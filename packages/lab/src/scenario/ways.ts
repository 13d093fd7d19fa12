import type { Network } from '../topology/network.js';
import type { Scenario, TrafficKind, TrafficStep } from './scenario.js';

/** From this many flows on, no listener keeps up with their ends. */
const FLOOD_FLOWS = 20_000;

type Step = Record<TrafficKind, { from: string; to: string; family?: 4 | 6; flows?: number; seconds?: number }>;

/** All steps, those at once too, each as its kind and what it says. Pauses are left out. */
function flat(steps: readonly TrafficStep[]): [TrafficKind, Step[TrafficKind]][] {
  return steps.flatMap(step => {
    if ('together' in step) return flat(step.together);
    return 'wait' in step ? [] : (Object.entries(step) as [TrafficKind, Step[TrafficKind]][]);
  });
}

export function hasFlood({ traffic }: Scenario): boolean {
  return flat(traffic).some(([, { flows }]) => (flows ?? 0) >= FLOOD_FLOWS);
}

/** The nodes that a step's packets pass, both ends included. */
function wayOf(network: Network, [kind, { from, to, family }]: [TrafficKind, Step[TrafficKind]]): string[] {
  return network.path(from, to, kind === 'extension-headers' ? 6 : (family ?? 4));
}

/** The steps that saturate a link, for a run without a subject. */
export function saturating({ traffic }: Scenario): TrafficStep[] {
  return flat(traffic)
    .filter(([kind]) => kind === 'saturate')
    .map(([kind, step]) => ({ [kind]: step }) as TrafficStep);
}

/** Links do to packets between two nodes what no source of truth can see: they lose them, or hold them up. */
export function isImpaired({ topology }: Scenario): boolean {
  return topology.links.some(({ loss, rate, delay }) => [loss, rate, delay].some(each => each !== undefined));
}

/** What the programs of the traffic need beside ours. */
export function programsFor({ traffic }: Scenario): string[] {
  const kinds = new Set(flat(traffic).map(([kind]) => kind));
  return [...(kinds.has('saturate') ? ['iperf3'] : []), ...(kinds.has('ping') ? ['ping'] : [])];
}

/** The links of the metered node that the traffic comes in by: there flows are seen before this node translates them. */
export function entryLinks(network: Network, { traffic, meter }: Scenario): string[] {
  const links = flat(traffic).map(step => {
    const path = wayOf(network, step);
    const at = path.indexOf(meter);
    // Where the traffic begins on the metered node itself, the only link is the one it leaves by.
    return at < 0 ? undefined : path[at === 0 ? 1 : at - 1];
  });
  return [...new Set(links.filter(link => link !== undefined))].map(neighbour => network.link(meter, neighbour));
}

/** The nodes that translate what comes to the metered node, in the order of the way. */
export function upstreamRouters(network: Network, { traffic, meter, topology }: Scenario): string[] {
  const found = flat(traffic).flatMap(step => {
    const path = wayOf(network, step);
    return path.slice(0, Math.max(0, path.indexOf(meter)));
  });
  return [...new Set(found)].filter(name => topology.nodes[name]?.masquerade !== undefined);
}
