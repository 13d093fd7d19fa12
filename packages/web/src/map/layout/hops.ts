import type { Graph } from './force.js';

/** The neighbours of each node. */
function neighboursOf({ nodes, ends }: Graph): number[][] {
  const neighbours = Array.from({ length: nodes }, (): number[] => []);
  for (let i = 0; i < ends.length; i += 2) {
    neighbours[ends[i]!]!.push(ends[i + 1]!);
    neighbours[ends[i + 1]!]!.push(ends[i]!);
  }
  return neighbours;
}

/** Links between a node and each that hangs together with it, itself with none. Breadth first. */
function hopsFrom(source: number, neighbours: readonly (readonly number[])[]): Map<number, number> {
  const away = new Map([[source, 0]]);
  // What is put in while it is gone through is come to, too.
  for (const [node, hops] of away) {
    for (const other of neighbours[node]!) if (!away.has(other)) away.set(other, hops + 1);
  }
  return away;
}

/** How many links are between each two nodes of a graph, each pair once. For small graphs. */
export function* pairsOf(graph: Graph): Generator<{ source: number; target: number; hops: number }> {
  const neighbours = neighboursOf(graph);
  for (let source = 0; source < graph.nodes; source++) {
    for (const [target, hops] of hopsFrom(source, neighbours)) if (target > source) yield { source, target, hops };
  }
}

/** The nodes of the largest part that hangs together. */
export function largestPart(graph: Graph): ReadonlySet<number> {
  const neighbours = neighboursOf(graph);
  const seen = new Set<number>();
  let largest: number[] = [];
  for (let node = 0; node < graph.nodes; node++) {
    if (seen.has(node)) continue;
    const part = [...hopsFrom(node, neighbours).keys()];
    for (const each of part) seen.add(each);
    if (part.length > largest.length) largest = part;
  }
  return new Set(largest);
}
