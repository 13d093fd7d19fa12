import { expect, test } from 'vitest';
import { linkKey, meshOf, nodeKey, partsOf } from './mesh.js';
import { generateMesh } from './testing/generate.js';

test('keys tell what they are of, whatever ids are made of', () => {
  for (const id of ['a', '02:00~02:01~2', 'x|n|y', 'ü b']) {
    expect(partsOf(nodeKey('city', id))).toEqual({ topology: 'city', kind: 'node', id });
    expect(partsOf(linkKey('city', id))).toEqual({ topology: 'city', kind: 'link', id });
  }
  expect(partsOf('city')).toBeUndefined();
});

test('topologies with the same ids stay apart in one mesh', () => {
  const [a, b] = ['olsr', 'batman'].map(name => generateMesh({ nodes: 40, links: 80 }, 3, name));
  const mesh = meshOf([a!, b!]);
  expect(mesh.nodes).toHaveLength(80);
  expect(mesh.links).toHaveLength(160);
  for (const { topology, source, target, link } of mesh.links) {
    expect(mesh.nodes[source]!.key).toBe(nodeKey(topology, link.source));
    expect(mesh.nodes[target]!.key).toBe(nodeKey(topology, link.target));
  }
});

test('a link to a node that is not there is not drawn', () => {
  const state = generateMesh({ nodes: 10, links: 20 });
  const without = { ...state, nodes: state.nodes.slice(1) };
  const gone = state.nodes[0]!.id;
  const left = state.links.filter(({ source, target }) => source !== gone && target !== gone);
  expect(meshOf([without]).links.map(({ link }) => link.id)).toEqual(left.map(({ id }) => id));
});
