import { describe, expect, test } from 'vitest';
import type { MeshStateLink, MeshStateNode } from '../api/types.js';
import { Geometry } from './buffers.js';
import { cameraOf, project } from './camera.js';
import { linkKey, meshOf, nodeKey } from './mesh.js';
import { pick, SLACK } from './picking.js';
import { place } from './placement.js';

const node = (id: string, longitude: number): MeshStateNode => ({
  ...{ id, name: id, online: true, gateway: false, addresses: [], networks: [], details: {} },
  position: { latitude: 50, longitude },
});
const link = (id: string): MeshStateLink => ({ id, source: 'a', target: 'b', kind: 'wireless' });
const mesh = meshOf([{ topology: 't', nodes: [node('a', 10), node('b', 10.1)], links: [link('a~b'), link('a~b~2')] }]);
const geometry = new Geometry(mesh, place(mesh), { name: 'light', strength: new Map() });
const idle = { forward: new Float64Array(2), reverse: new Float64Array(2) };
const camera = cameraOf({ zoom: 12, longitude: 10.05, latitude: 50 }, 800, 600);
const [ax, ay] = project(camera, geometry.ends[0]!, geometry.ends[1]!);
const at = (x: number, y: number, loads = idle, slack: number = SLACK.mouse): string | undefined =>
  pick(geometry, loads, camera, [x, y], { node: 1, line: 1 }, slack);

test('a node is met before the links that end there', () => {
  expect(at(ax + 2, ay)).toBe(nodeKey('t', 'a'));
  expect(at(ax + 12, ay, idle, SLACK.touch)).toBe(nodeKey('t', 'a'));
});

describe('between the nodes', () => {
  test.each([
    // The first of two parallel links lies above, the second below.
    [-4.5, 'a~b'],
    [4.5, 'a~b~2'],
    [-9, 'a~b'],
  ])('%d pixels beside the middle is %s', (beside, id) => expect(at(ax + 100, ay + beside)).toBe(linkKey('t', id)));

  test('further away is nothing', () => expect(at(ax + 100, ay + 30)).toBeUndefined());

  test('a wide stroke is met over its whole width', () => {
    expect(at(ax + 100, ay + 19)).toBeUndefined();
    const loads = { forward: Float64Array.from([0, 1e9]), reverse: new Float64Array(2) };
    expect(at(ax + 100, ay + 19, loads)).toBe(linkKey('t', 'a~b~2'));
  });
});
