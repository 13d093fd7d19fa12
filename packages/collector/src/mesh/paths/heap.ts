/** Nodes by their cost, the cheapest first. A node may be in it several times, of which the cheapest counts. */
export class Heap {
  readonly #costs: number[] = [];
  readonly #nodes: number[] = [];

  push(cost: number, node: number): void {
    const [costs, nodes] = [this.#costs, this.#nodes];
    let at = costs.length;
    for (let up = (at - 1) >> 1; at > 0 && costs[up]! > cost; at = up, up = (at - 1) >> 1) {
      costs[at] = costs[up]!;
      nodes[at] = nodes[up]!;
    }
    costs[at] = cost;
    nodes[at] = node;
  }

  /** Takes the next node out whose cost is still the one that is known; -1 where there is none left. */
  pop(known: Float64Array): number {
    for (;;) {
      const [cost, node] = [this.#costs[0], this.#nodes[0]];
      if (cost === undefined || node === undefined) return -1;
      this.#takeFirst();
      if (cost <= known[node]!) return node;
    }
  }

  #takeFirst(): void {
    const [costs, nodes] = [this.#costs, this.#nodes];
    const [cost, node] = [costs.pop()!, nodes.pop()!];
    const count = costs.length;
    if (count === 0) return;
    let at = 0;
    for (let down = 1; down < count; down = 2 * at + 1) {
      if (down + 1 < count && costs[down + 1]! < costs[down]!) down++;
      if (costs[down]! >= cost) break;
      costs[at] = costs[down]!;
      nodes[at] = nodes[down]!;
      at = down;
    }
    costs[at] = cost;
    nodes[at] = node;
  }
}
