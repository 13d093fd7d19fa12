import { expect, test } from 'vitest';
import { meshOf } from '../mesh.js';
import { ASIDE } from '../placement.js';
import { generateMesh } from '../testing/generate.js';
import { type Graph, layOut } from './force.js';
import { graphPlacement, graphPlaces, isOutgrown } from './places.js';

const mesh = meshOf([generateMesh({ nodes: 120, links: 300 })]);
const graph: Graph = {
  nodes: mesh.nodes.length,
  ends: Uint32Array.from(mesh.links.flatMap(({ source, target }) => [source, target])),
  quality: Float32Array.from(mesh.links, ({ link }) => link.quality ?? 0.5),
};
const last = (): Float32Array => [...layOut(graph, 100)].at(-1)!;

test('linked nodes are near each other, and none lies on another', () => {
  const places = last();
  const far = (a: number, b: number): number =>
    Math.hypot(places[a * 2]! - places[b * 2]!, places[a * 2 + 1]! - places[b * 2 + 1]!);
  const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const linked = mean(
    mesh.links.filter(({ source, target }) => source !== target).map(({ source, target }) => far(source, target)),
  );
  const any = mean(Array.from({ length: 1000 }, (_, i) => far(i % 120, (i * 7 + 1) % 120)));
  expect(linked).toBeLessThan(any / 2);
  for (let a = 0; a < 120; a++) for (let b = 0; b < a; b++) expect(far(a, b)).toBeGreaterThan(3);
});

type Place = readonly [number, number];

/** How many links cross another one. */
function crossings({ ends }: Graph, places: Float32Array): number {
  const at = (node: number): Place => [places[node * 2]!, places[node * 2 + 1]!];
  const side = ([ax, ay]: Place, [bx, by]: Place, [cx, cy]: Place): number =>
    Math.sign((bx - ax) * (cy - ay) - (by - ay) * (cx - ax));
  let found = 0;
  for (let i = 0; i < ends.length; i += 2) {
    for (let j = 0; j < i; j += 2) {
      const four = [ends[i]!, ends[i + 1]!, ends[j]!, ends[j + 1]!] as const;
      if (new Set(four).size < 4) continue;
      const [p, q, r, s] = [at(four[0]), at(four[1]), at(four[2]), at(four[3])];
      if (side(p, q, r) !== side(p, q, s) && side(r, s, p) !== side(r, s, q)) found++;
    }
  }
  return found;
}

const ring = (count: number): number[][] => Array.from({ length: count }, (_, i) => [i, (i + 1) % count]);
const tree = Array.from({ length: 30 }, (_, i) => [i + 1, i >> 1]);

test.each([
  ['a ring', 9, ring(9), 0],
  ['a large ring', 40, ring(40), 0],
  ['a tree', 31, tree, 0],
  ['a ring with two links across', 9, [...ring(9), [0, 4], [3, 7]], 1],
])('%s is not tangled', (_, nodes, pairs, most) => {
  const small: Graph = {
    nodes,
    ends: Uint32Array.from(pairs.flat()),
    quality: new Float32Array(pairs.length).fill(1),
  };
  expect(crossings(small, [...layOut(small, 1000)].at(-1)!)).toBeLessThanOrEqual(most);
});

test('what hangs together with nothing stays near', () => {
  const few: Graph = { nodes: 44, ends: Uint32Array.from(ring(40).flat()), quality: new Float32Array(40).fill(1) };
  const places = [...layOut(few, 1000)].at(-1)!;
  const far = (i: number): number => Math.hypot(places[i * 2]!, places[i * 2 + 1]!);
  const farthest = Math.max(...Array.from({ length: 40 }, (_, i) => far(i)));
  for (let i = 40; i < 44; i++) expect(far(i)).toBeLessThan(1.5 * farthest);
});

test.each([
  ['wide', false],
  ['high', true],
])('a long graph lies along a %s view', (_, upright) => {
  const chain: Graph = {
    nodes: 12,
    ends: Uint32Array.from(Array.from({ length: 11 }, (_, i) => [i, i + 1]).flat()),
    quality: new Float32Array(11).fill(1),
  };
  const small = meshOf([generateMesh({ nodes: 12, links: 11 })]);
  const places = [...graphPlaces(small, [...layOut(chain, 1000)].at(-1)!, upright).values()];
  const reach = (values: number[]): number => Math.max(...values) - Math.min(...values);
  const [wide, high] = [reach(places.map(({ x }) => x)), reach(places.map(({ y }) => y))];
  expect(upright ? high / wide : wide / high).toBeGreaterThan(2);
});

test('the same mesh has the same graph each time', () => expect(last()).toEqual(last()));

test('a new node goes to its neighbours, and many new ones are a new graph', () => {
  const places = new Map([...graphPlaces(mesh, last())].slice(1));
  const missing = mesh.nodes.findIndex(({ key }) => !places.has(key));
  const placement = graphPlacement(mesh, places);
  expect(placement.how[missing]).not.toBe(ASIDE);
  expect(isOutgrown(mesh, places)).toBe(false);
  expect(isOutgrown(mesh, new Map([...places].slice(30)))).toBe(true);
});
