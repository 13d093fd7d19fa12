import { expect, test } from 'vitest';
import { keepLinkIds } from './link-ids.js';
import type { Mesh, MeshLink } from './mesh.js';

function mesh(...links: [id: string, from?: string, to?: string][]): Mesh {
  return { nodes: [], routes: [], leftOut: {}, links: links.map(([id, from, to]) => link(id, from, to)) };
}

function link(id: string, sourceAddress?: string, targetAddress?: string): MeshLink {
  const addresses = sourceAddress === undefined || targetAddress === undefined ? {} : { sourceAddress, targetAddress };
  return { id, source: 'a', target: 'b', kind: 'wireless', ...addresses };
}

const ids = ({ links }: Mesh) => links.map(({ id, sourceAddress }) => [id, sourceAddress]);

test('a parallel link keeps its name when another one goes, and when it comes back', () => {
  const both = mesh(['a~b', '1', '2'], ['a~b~2', '3', '4']);
  const one = keepLinkIds(both, mesh(['a~b', '3', '4']));
  expect(ids(one)).toEqual([['a~b~2', '3']]);
  expect(ids(keepLinkIds(one, both))).toEqual(ids(both));
});

test('a new link that sorts before the others takes a free name', () => {
  const before = mesh(['a~b', '3', '4']);
  expect(ids(keepLinkIds(before, mesh(['a~b', '1', '2'], ['a~b~2', '3', '4'])))).toEqual([
    ['a~b~2', '1'],
    ['a~b', '3'],
  ]);
});

test('links without addresses are named in their order', () => {
  const before = mesh(['a~b'], ['a~b~2']);
  expect(keepLinkIds(before, before).links).toEqual(before.links);
  expect(ids(keepLinkIds(before, mesh(['a~b'])))).toEqual([['a~b', undefined]]);
});
