import { describe, expect, test } from 'vitest';
import type { MeshStateLink, MeshStateNode } from '../api/types.js';
import { toWorld } from './mercator.js';
import { type MapMesh, meshOf } from './mesh.js';
import { ASIDE, boxOf, GUESSED, OWN, place, samePlaces } from './placement.js';
import { generateMesh } from './testing/generate.js';

const node = (id: string, at?: readonly [number, number]): MeshStateNode => ({
  ...{ id, name: id, online: true, gateway: false, addresses: [], networks: [], details: {} },
  ...(at && { position: { latitude: at[0], longitude: at[1] } }),
});
const link = (source: string, target: string, quality?: number): MeshStateLink => ({
  ...{ id: `${source}~${target}`, source, target, kind: 'wireless' },
  ...(quality !== undefined && { quality }),
});
const mesh = (nodes: MeshStateNode[], links: MeshStateLink[]): MapMesh => meshOf([{ topology: 't', nodes, links }]);

test('a node has its own place', () => {
  const { x, y, how } = place(mesh([node('a', [52.5, 13.4])], []));
  expect([x[0], y[0], how[0]]).toEqual([toWorld(13.4, 52.5).x, toWorld(13.4, 52.5).y, OWN]);
});

test('one without stands at the mean of its neighbours, nearer to the better link', () => {
  const { x, how } = place(
    mesh([node('a', [50, 10]), node('b', [50, 14]), node('c')], [link('a', 'c', 0.9), link('b', 'c', 0.3)]),
  );
  expect(how[2]).toBe(GUESSED);
  expect(x[2]! * 360 - 180).toBeCloseTo(11, 2);
});

test('a chain of nodes without a place is reached to its end, whatever its length', () => {
  const chain = Array.from({ length: 300 }, (_, i) => `n${String(i).padStart(3, '0')}`);
  const nodes = chain.map((id, i) => (i === 0 ? node(id, [50, 10]) : node(id)));
  const { how, x, y } = place(
    mesh(
      nodes,
      chain.slice(1).map((id, i) => link(chain[i]!, id, 1)),
    ),
  );
  expect([...how].every((value, i) => value === (i === 0 ? OWN : GUESSED))).toBe(true);
  // None lies on another.
  expect(new Set([...x.keys()].map(i => `${x[i]} ${y[i]}`)).size).toBe(300);
});

test('what hangs together with no placed node stands aside, right of all others and together', () => {
  const nodes = [node('a', [50, 10]), node('b', [51, 11]), node('s'), node('x1'), node('x2'), node('x3')];
  const placement = place(mesh(nodes, [link('x1', 'x2'), link('x2', 'x3')]));
  expect([...placement.how]).toEqual([OWN, OWN, ASIDE, ASIDE, ASIDE, ASIDE]);
  const box = boxOf(placement);
  for (const i of [2, 3, 4, 5]) expect(placement.x[i]!).toBeGreaterThan(box.right);
  // The larger group first.
  expect(placement.y[3]!).toBeLessThan(placement.y[2]!);
});

test('without any place all are there, and none on another', () => {
  const { x, y, how } = place(meshOf([generateMesh({ nodes: 200, links: 400, unplaced: 1 })]));
  expect(how.every(value => value === ASIDE)).toBe(true);
  expect(new Set([...x.keys()].map(i => `${x[i]} ${y[i]}`)).size).toBe(200);
});

test('one position that is a mistake does not make the map a map of the world', () => {
  const nodes = Array.from({ length: 40 }, (_, i) => node(`n${i}`, [50 + (i % 7) / 50, 10 + (i % 5) / 50]));
  const box = boxOf(place(mesh([...nodes, node('far', [27, 90])], [])));
  expect((box.right - box.left) * 360).toBeCloseTo(0.08, 5);
  // Two in different towns are no mistake.
  const two = boxOf(place(mesh([node('a', [50, 10]), node('b', [52, 12])], [])));
  expect((two.right - two.left) * 360).toBeCloseTo(2, 5);
});

test('5,000 nodes are placed in a moment', () => {
  const large = meshOf([generateMesh({ nodes: 5000, links: 20_000, unplaced: 0.3 })]);
  const begun = performance.now();
  const { x, y } = place(large);
  expect(performance.now() - begun).toBeLessThan(3000);
  expect(x.every(Number.isFinite) && y.every(Number.isFinite)).toBe(true);
});

describe('a placement holds for another mesh', () => {
  const nodes = [node('a', [50, 10]), node('b')];
  const links = [link('a', 'b', 0.5)];
  const before = mesh(nodes, links);
  test.each([
    ['of other qualities', nodes.map(one => ({ ...one, clients: 7 })), [link('a', 'b', 0.9)], true],
    ['where one has moved', [node('a', [50, 11]), node('b')], links, false],
    ['with other nodes', [...nodes, node('c')], links, false],
    ['with other links', nodes, [], false],
  ])('%s: %#', (_name, changed, changedLinks, same) => {
    expect(samePlaces(before, mesh(changed, changedLinks))).toBe(same);
  });
});
