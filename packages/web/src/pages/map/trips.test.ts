import { expect, test } from 'vitest';
import { linkKey, meshOf, nodeKey } from '../../map/mesh.js';
import { generateMesh } from '../../map/testing/generate.js';
import { flowsOver } from './trips.js';

const state = generateMesh({ nodes: 3, links: 1 });
const [a, b] = state.nodes as [(typeof state.nodes)[number], (typeof state.nodes)[number]];
const link = { ...state.links[0]!, id: 'x', source: a.id, target: b.id };
const mesh = meshOf([
  {
    ...state,
    nodes: [
      { ...a, addresses: ['10.0.0.1', 'fe80::1', 'fd00::1'] },
      { ...b, addresses: ['10.0.0.2'] },
      { ...state.nodes[2]!, addresses: [] },
    ],
    links: [link],
  },
]);

test('the flows over a link are those that one end saw with the other as next hop', () => {
  expect(flowsOver(mesh, linkKey('test', 'x'))).toBe(
    '((exporter = 10.0.0.1 or exporter = fd00::1) and nexthop = 10.0.0.2) or (exporter = 10.0.0.2 and (nexthop = 10.0.0.1 or nexthop = fd00::1))',
  );
});

test('those of a node are those that it has a part in', () => {
  expect(flowsOver(mesh, nodeKey('test', a.id))).toBe('(host 10.0.0.1 or host fd00::1)');
});

test('without addresses nothing can be asked', () => {
  expect(flowsOver(mesh, nodeKey('test', state.nodes[2]!.id))).toBeUndefined();
  expect(flowsOver(mesh, nodeKey('test', 'gone'))).toBeUndefined();
});
