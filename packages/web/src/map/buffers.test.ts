import { expect, test } from 'vitest';
import { Geometry, LINK_FLOATS, NODE_FLOATS } from './buffers.js';
import { meshOf } from './mesh.js';
import { place } from './placement.js';
import { widthOf } from './scales.js';
import { generateMesh } from './testing/generate.js';

const mesh = meshOf([generateMesh({ nodes: 50, links: 120 })]);
const placement = place(mesh);
const geometry = new Geometry(mesh, placement, { name: 'dark', strength: new Map([['test', 0.3]]) });
const values = new Float32Array(mesh.links.length * 2 * LINK_FLOATS);

test('the two directions of a link lie side by side, each on the right of its own', () => {
  const loads = {
    forward: new Float64Array(mesh.links.length).fill(1e6),
    reverse: new Float64Array(mesh.links.length).fill(1e4),
  };
  expect(geometry.vivid(values, Uint32Array.from([7]), 1, loads)).toBe(2);
  const [there, back] = [values.subarray(0, LINK_FLOATS), values.subarray(LINK_FLOATS, 2 * LINK_FLOATS)];
  expect([...there.subarray(0, 4)]).toEqual([...back.subarray(2, 4), ...back.subarray(0, 2)]);
  expect(there[4]).toBeCloseTo(widthOf(1e6), 5);
  expect(back[4]).toBeCloseTo(widthOf(1e4), 5);
  const lane = geometry.lanes[7]! * 9;
  // Measured to the right of the first direction: the strokes meet, but do not overlap.
  const [right, left] = [there[5]! - there[4]! / 2, -back[5]! + back[4]! / 2];
  expect(right).toBeGreaterThan(lane);
  expect(left).toBeLessThan(lane);
  expect(there[11]).toBeCloseTo(0.3, 5);
});

test('an idle direction is not drawn', () => {
  const loads = {
    forward: new Float64Array(mesh.links.length),
    reverse: new Float64Array(mesh.links.length).fill(1e6),
  };
  expect(geometry.vivid(values, Uint32Array.from([0, 1]), 2, loads)).toBe(2);
});

test('places are told from the middle, so that floats are precise to a hair', () => {
  const thin = geometry.thin(1);
  const { x, y } = geometry.origin;
  mesh.links.forEach(({ source }, i) => {
    expect(Math.abs(thin[i * LINK_FLOATS]! + x - placement.x[source]!)).toBeLessThan(1e-9);
    expect(Math.abs(thin[i * LINK_FLOATS + 1]! + y - placement.y[source]!)).toBeLessThan(1e-9);
  });
});

test('gateways are drawn last, and their form says so', () => {
  const nodes = geometry.nodes({ node: [1, 1, 1], gateway: [255, 0, 0], offline: [9, 9, 9] });
  const last = nodes.subarray(nodes.length - NODE_FLOATS);
  expect(last[3]! & 1).toBe(1);
  expect(last[4]).toBe(1);
  expect(nodes).toHaveLength(mesh.nodes.length * NODE_FLOATS);
});
