import { expect, test } from 'vitest';
import { meshOf } from '../../map/mesh.js';
import { generateMesh } from '../../map/testing/generate.js';
import { linkName, nameOf } from './names.js';

const state = generateMesh({ nodes: 10, links: 5 });
const [a, b] = [state.nodes[0]!, state.nodes[1]!];
const link = { ...state.links[0]!, source: a.id, target: b.id };
const mesh = meshOf([
  {
    ...state,
    links: [
      { ...link, id: `${a.id}~${b.id}` },
      { ...link, id: `${a.id}~${b.id}~2` },
    ],
  },
]);

test('links are called by their ends, and parallel ones by their number', () => {
  expect(mesh.links.map(one => linkName(mesh, one))).toEqual([`${a.name} – ${b.name}`, `${a.name} – ${b.name} (2)`]);
});

test('what is not there has no name', () => {
  expect(nameOf(mesh, mesh.nodes[1]!.key)).toBe(b.name);
  expect(nameOf(mesh, 'test|n|gone')).toBeUndefined();
});
