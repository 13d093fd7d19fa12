import { expect, test } from 'vitest';
import type { MeshChanges } from '../../api/types.js';
import { generateMesh } from '../../map/testing/generate.js';
import { Timeline } from './timeline.js';

const state = generateMesh({ nodes: 30, links: 60 });
type Change = MeshChanges['changes'][number];
const change = (at: number, part: Partial<Change>): Change => ({
  at,
  nodes: [],
  links: [],
  goneNodes: [],
  goneLinks: [],
  ...part,
});
const [node, link] = [state.nodes[3]!, state.links[5]!];
const history: MeshChanges = {
  topology: 'test',
  more: false,
  changes: [
    change(2000, { nodes: [{ ...node, online: false }] }),
    change(3000, { goneLinks: [link.id] }),
    change(4000, { links: [{ ...link, quality: 0.11 }], nodes: [{ ...node, id: 'new' }], goneNodes: [node.id] }),
  ],
};
function timeline(): Timeline {
  const made = new Timeline(state, 1000);
  made.know(history, 10_000);
  return made;
}

test('the mesh is at each time what its changes made of it', () => {
  const line = timeline();
  expect(line.advance(1500)).toBe(false);
  expect(line.state).toBe(state);
  expect(line.advance(2000)).toBe(true);
  expect(line.state.nodes.find(({ id }) => id === node.id)?.online).toBe(false);
  line.advance(3999);
  expect(line.state.links.some(({ id }) => id === link.id)).toBe(false);
  line.advance(9000);
  expect(line.state.links.find(({ id }) => id === link.id)?.quality).toBe(0.11);
  expect(line.state.nodes.map(({ id }) => id)).toContain('new');
  expect(line.state.nodes.map(({ id }) => id)).not.toContain(node.id);
});

test('in one leap or in steps, it is the same', () => {
  const [steps, leap] = [timeline(), timeline()];
  for (let time = 1000; time <= 9000; time += 250) steps.advance(time);
  leap.advance(9000);
  expect(steps.state).toEqual(leap.state);
});

test('it reaches what is known, and nothing before', () => {
  const line = timeline();
  expect([999, 1000, 10_000, 10_001].map(time => line.reaches(time))).toEqual([false, true, true, false]);
  line.advance(5000);
  expect(line.reaches(4000)).toBe(false);
});

test('what is told twice counts once', () => {
  const line = timeline();
  line.know({ ...history, changes: [history.changes[2]!, change(11_000, { goneNodes: ['new'] })] }, 12_000);
  line.advance(10_500);
  expect(line.state.nodes.map(({ id }) => id)).toContain('new');
  line.advance(11_000);
  expect(line.state.nodes.map(({ id }) => id)).not.toContain('new');
});
