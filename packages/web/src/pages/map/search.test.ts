import { expect, test } from 'vitest';
import { meshOf } from '../../map/mesh.js';
import { generateMesh } from '../../map/testing/generate.js';
import { keeps, search } from './search.js';

const mesh = meshOf([generateMesh({ nodes: 300, links: 400 })]);

test('by name, address, id or what else is told, all words at once', () => {
  const { node } = mesh.nodes[42]!;
  for (const text of [node.name, node.id.toUpperCase(), node.addresses[0]!, `${node.name} router`]) {
    expect(search(mesh, text).map(found => found.node.id)).toContain(node.id);
  }
  expect(search(mesh, `${node.name} nothing-of-it`)).toEqual([]);
  expect(search(mesh, '  ')).toEqual([]);
});

test('names that begin with it come first', () => {
  expect(search(mesh, 'gw')[0]!.node.name).toMatch(/^gw/);
});

test('filters', () => {
  const all = mesh.nodes.filter(keeps('', new Set()));
  expect(all).toHaveLength(300);
  expect(mesh.nodes.filter(keeps('online', new Set())).every(({ node }) => node.online)).toBe(true);
  expect(mesh.nodes.filter(keeps('loaded', new Set([mesh.nodes[3]!.key]))).map(({ key }) => key)).toEqual([
    mesh.nodes[3]!.key,
  ]);
  expect(mesh.nodes.filter(keeps('gateways', new Set())).length).toBeLessThan(300);
});
