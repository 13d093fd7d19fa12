import {
  forceCollide,
  forceLink,
  forceManyBody,
  forceSimulation,
  forceX,
  forceY,
  type SimulationLinkDatum,
  type SimulationNodeDatum,
} from 'd3-force';
import { largestPart, pairsOf } from './hops.js';

/** A graph to lay out: ends as indexes of nodes, two a link, and the quality of each link. */
export interface Graph {
  nodes: number;
  ends: Uint32Array;
  quality: Float32Array;
}

/** Graphs of not more nodes keep far nodes apart by how many links are between them, which unties them. */
const SMALL = 200;
/** The length of a good link, in units of the layout. */
const NEAR = 30;
/** How much nodes are drawn to the middle: those of the largest part, and all others, which no link keeps near. */
const DRAWN = { main: 0.02, others: 0.12 } as const;

/**
 * Places for the nodes of a graph, x and y one after the other, from rough to settled: good links pull more. The same graph has the
 * same places each time. Fewer rounds for larger graphs.
 */
export function* layOut({ nodes: count, ends, quality }: Graph, every = 10): Generator<Float32Array> {
  const nodes: SimulationNodeDatum[] = Array.from({ length: count }, () => ({}));
  const links: (SimulationLinkDatum<SimulationNodeDatum> & { quality: number })[] = [];
  for (let i = 0; i < ends.length / 2; i++) {
    links.push({ source: ends[i * 2]!, target: ends[i * 2 + 1]!, quality: quality[i] ?? 0.5 });
  }
  const far = count > SMALL ? [] : [...pairsOf({ nodes: count, ends, quality })].filter(({ hops }) => hops > 1);
  const main = largestPart({ nodes: count, ends, quality });
  const drawn = (_: unknown, i: number): number => (main.has(i) ? DRAWN.main : DRAWN.others);
  const rounds = count > 2000 ? 120 : 300;
  const simulation = forceSimulation(nodes)
    .alphaDecay(1 - 0.001 ** (1 / rounds))
    .force(
      'links',
      forceLink(links).distance(link => NEAR * (1.6 - 0.6 * (link as { quality: number }).quality)),
    )
    .force(
      'far',
      forceLink<SimulationNodeDatum, (typeof far)[number]>(far)
        .distance(({ hops }) => NEAR * hops)
        .strength(({ hops }) => 1 / hops ** 2),
    )
    .force('apart', forceManyBody().strength(-40).theta(1.1).distanceMax(600))
    .force('room', forceCollide(6))
    .force('x', forceX(0).strength(drawn))
    .force('y', forceY(0).strength(drawn))
    .stop();
  for (let round = 1; round <= rounds; round++) {
    simulation.tick();
    if (round % every === 0 || round === rounds) yield placesOf(nodes);
  }
}

function placesOf(nodes: readonly SimulationNodeDatum[]): Float32Array {
  const places = new Float32Array(nodes.length * 2);
  nodes.forEach(({ x = 0, y = 0 }, i) => {
    places[i * 2] = x;
    places[i * 2 + 1] = y;
  });
  return places;
}
