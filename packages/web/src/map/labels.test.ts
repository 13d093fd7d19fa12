import { expect, test } from 'vitest';
import { Geometry } from './buffers.js';
import { cameraOf, fitting, project } from './camera.js';
import { labelsOf } from './labels.js';
import { meshOf } from './mesh.js';
import { boxOf, place } from './placement.js';
import { generateMesh } from './testing/generate.js';

const mesh = meshOf([generateMesh({ nodes: 400, links: 900 })]);
const placement = place(mesh);
const geometry = new Geometry(mesh, placement, { name: 'light', strength: new Map() });
const camera = cameraOf(fitting(boxOf(placement), 1200, 800), 1200, 800);
const measure = (text: string): number => text.length * 7;

test('names do not lie on each other', () => {
  const labels = labelsOf(geometry, camera, { first: new Set(), room: 100, nodeSize: 1, measure });
  expect(labels.length).toBeGreaterThan(10);
  for (const a of labels) {
    for (const b of labels) {
      if (a !== b)
        expect(Math.abs(a.y - b.y) >= 15 || a.x + measure(a.text) < b.x || b.x + measure(b.text) < a.x).toBe(true);
    }
  }
});

test('from far away gateways alone have names, and what is chosen', () => {
  const chosen = mesh.nodes.findIndex(({ node }) => !node.gateway);
  const labels = labelsOf(geometry, camera, { first: new Set([chosen]), room: 5, nodeSize: 1, measure });
  expect(labels[0]!.node).toBe(chosen);
  for (const { node } of labels.slice(1)) expect(mesh.nodes[node]!.node.gateway).toBe(true);
});

test('names of usual nodes leave the dots of others free', () => {
  const labels = labelsOf(geometry, camera, { first: new Set(), room: 100, nodeSize: 1, measure });
  const usual = labels.filter(({ node }) => !mesh.nodes[node]!.node.gateway);
  expect(usual.length).toBeGreaterThan(10);
  for (const { text, x, y } of usual) {
    for (const i of mesh.nodes.keys()) {
      const [atX, atY] = project(camera, placement.x[i]!, placement.y[i]!);
      expect(atX < x || atX > x + measure(text) || Math.abs(atY - y) > 7.5).toBe(true);
    }
  }
});
