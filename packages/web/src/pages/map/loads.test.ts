import { describe, expect, test } from 'vitest';
import type { MeshLoads } from '../../api/types.js';
import { meshOf } from '../../map/mesh.js';
import { generateMesh } from '../../map/testing/generate.js';
import { busiestLinks, gatewaysOf, loadsOf, placingOf, stepAt, strainedLinks, throughNode } from './loads.js';

const state = generateMesh({ nodes: 20, links: 30 });
const mesh = meshOf([state]);
const link = (
  index: number,
  forward: number[],
  reverse: number[],
  how: MeshLoads['links'][number]['how'] = [],
): MeshLoads['links'][number] => ({
  ...{ link: state.links[index]!.id, forward, reverse, how },
  classes: { tcp: 1, udp: 0, icmp: 0, other: 0 },
});
const answer: MeshLoads = {
  ...{ topology: 'test', step: 60, times: [0, 60_000, 120_000] },
  links: [
    link(3, [8, 80, 800], [1, 2, 3], [{ how: 'measured', share: 1 }]),
    link(
      7,
      [100, 0, 0],
      [0, 0, 0],
      [
        { how: 'shortest', share: 0.5 },
        { how: 'nextHop', share: 0.5 },
      ],
    ),
    { ...link(3, [9], [9]), link: 'gone~away' },
  ],
  nodes: [],
  placed: 900,
  unplaced: [
    { reason: 'no path', octets: 30, share: 0.03 },
    { reason: 'unknown source', octets: 70, share: 0.07 },
  ],
};

test('the step of a time', () => {
  expect([-1, 0, 59_999, 60_000, 1e9].map(time => stepAt(answer, time))).toEqual([-1, 0, 0, 1, 2]);
  expect(stepAt({ times: [] }, 5)).toBe(-1);
});

test('loads are those of the step, link by link, and of links that are there', () => {
  const { forward, reverse } = loadsOf(mesh, [answer], 61_000);
  expect([forward[3], reverse[3], forward[7]]).toEqual([80, 2, 0]);
  expect(forward.reduce((sum, bits) => sum + bits, 0)).toBe(80);
  expect(loadsOf(mesh, [answer], -5).forward.every(bits => bits === 0)).toBe(true);
});

test('the busiest first, by both directions', () => {
  const found = busiestLinks(mesh, loadsOf(mesh, [answer], 0), 8);
  expect(found.map(({ key }) => key)).toEqual([mesh.links[7]!.key, mesh.links[3]!.key]);
});

test('how paths are known is told by what they carry, and what is nowhere by its octets', () => {
  const placing = placingOf([answer])!;
  expect(placing.how.map(({ how }) => how)).toEqual(['measured', 'nextHop', 'shortest']);
  expect(placing.how.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
  // 894 of 994 bits on the first link.
  expect(placing.how[0]!.share).toBeCloseTo(894 / 1003, 1);
  expect(placing.nowhere).toBeCloseTo(0.1, 9);
  expect(placing.unplaced[0]!.reason).toBe('unknown source');
  expect(placingOf([{ ...answer, links: [], placed: 0, unplaced: [] }])).toBeUndefined();
});

describe('links used above their quality', () => {
  const of = (quality: number | undefined, reverseQuality: number | undefined): ReturnType<typeof strainedLinks> => {
    const one = {
      ...state.links[0]!,
      ...(quality !== undefined && { quality }),
      ...(reverseQuality !== undefined && { reverseQuality }),
    };
    if (quality === undefined) delete one.quality;
    if (reverseQuality === undefined) delete one.reverseQuality;
    const small = meshOf([{ ...state, links: [one] }]);
    return strainedLinks(small, { forward: Float64Array.from([1000]), reverse: Float64Array.from([100]) }, 5);
  };
  test('send again what does not come through', () => {
    expect(of(0.5, 1)[0]!.again).toBeCloseTo(1000, 9);
    expect(of(0.5, 0.5)[0]!.again).toBeCloseTo(1100, 9);
    expect(of(1, 0.5)[0]).toMatchObject({ again: 100, rate: 1100, quality: 0.5 });
  });
  test('are not those that are good, nor those of unknown quality', () => {
    expect(of(0.95, 0.95)).toEqual([]);
    expect(of(undefined, undefined)).toEqual([]);
  });
  test('have no quality of nothing', () => expect(Number.isFinite(of(0, 0)[0]!.again)).toBe(true));
});

test('gateways share what leaves the mesh; idle ones are there as well', () => {
  const large = generateMesh({ nodes: 600, links: 900 });
  const all = meshOf([large]);
  const gateways = large.nodes.filter(({ gateway }) => gateway);
  expect(gateways.length).toBeGreaterThan(1);
  const found = gatewaysOf(all, [
    { ...answer, nodes: [{ node: gateways[1]!.id, sent: 0, received: 0, out: 30, in: 70 }] },
  ]);
  expect(found).toHaveLength(gateways.length);
  expect(found[0]).toMatchObject({ share: 1, out: 30, in: 70 });
  const behind = large.nodes.filter(({ online, leavesBy }) => online && leavesBy === gateways[1]!.id).length;
  expect(found[0]!.nodes).toBe(behind);
});

test('what goes over a node is the sum of its links, each in its direction', () => {
  const { source, target, id } = state.links[3]!;
  const only = { ...answer, links: [answer.links[0]!] };
  const ends = (link: string): { source: string } | undefined => (link === id ? { source } : undefined);
  expect(throughNode(only, ends, source)).toEqual({ out: [8, 80, 800], in: [1, 2, 3] });
  expect(throughNode(only, ends, target)).toEqual({ in: [8, 80, 800], out: [1, 2, 3] });
});
