/** Pixels between the middles of two parallel links. */
export const LANE = 9;

/**
 * How far each link lies beside the straight line between its nodes, in lanes, so that links between the same two nodes
 * lie next to each other: 0 for a single one, -0.5 and 0.5 for two. `ends` has two indexes a link, the smaller id first
 * or not: links the other way round are mirrored.
 */
export function lanesOf(ends: readonly (readonly [number, number])[]): Float32Array {
  const groups = new Map<string, number[]>();
  ends.forEach(([a, b], i) => {
    const key = a < b ? `${a} ${b}` : `${b} ${a}`;
    const group = groups.get(key);
    if (group) group.push(i);
    else groups.set(key, [i]);
  });
  const lanes = new Float32Array(ends.length);
  for (const group of groups.values()) {
    group.forEach((link, i) => {
      const [a, b] = ends[link]!;
      const lane = i - (group.length - 1) / 2;
      lanes[link] = lane === 0 ? 0 : a < b ? lane : -lane;
    });
  }
  return lanes;
}
