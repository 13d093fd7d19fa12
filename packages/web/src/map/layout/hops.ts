import type { Graph } from './force.js';

/** How many links are between each two nodes of a graph, each pair once. Breadth first from every node: for small graphs. */
export function* pairsOf({ nodes, ends }: Graph): Generator<{ source: number; target: number; hops: number }> {
  const neighbours = Array.from({ length: nodes }, (): number[] => []);
  for (let i = 0; i < ends.length; i += 2) {
    neighbours[ends[i]!]!.push(ends[i + 1]!);
    neighbours[ends[i + 1]!]!.push(ends[i]!);
  }
  for (let source = 0; source < nodes; source++) {
    const away = new Map([[source, 0]]);
    // What is put in while it is gone through is come to, too.
    for (const [node, hops] of away) {
      for (const other of neighbours[node]!) if (!away.has(other)) away.set(other, hops + 1);
    }
    for (const [target, hops] of away) if (target > source) yield { source, target, hops };
  }
}
