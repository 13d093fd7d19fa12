import { expect, test } from 'vitest';
import { roundedLoads } from './mesh-rounding.js';
import type { MeshLoads } from './types.js';

test('rates have two digits, and small ones none', () => {
  const classes = { tcp: 0.123_4, udp: 0.876_6, icmp: 0, other: 0 };
  const loads: MeshLoads = {
    ...{ topology: 'mesh', step: 60, times: [0, 60_000] },
    links: [
      {
        link: 'a~b',
        forward: [1_234_567, 499],
        reverse: [0, 12_345],
        how: [{ how: 'measured', share: 0.666_6 }],
        classes,
      },
      { link: 'b~c', forward: [0, 499], reverse: [120, 0], how: [], classes },
    ],
    nodes: [
      { node: 'a', sent: 987_654, received: 1, out: 0, in: 0 },
      { node: 'c', sent: 100, received: 1, out: 0, in: 0 },
    ],
    placed: 123_456_789,
    unplaced: [{ reason: 'no path', octets: 400_000, share: 0.003_2 }],
  };
  expect(roundedLoads(loads)).toEqual({
    ...{ topology: 'mesh', step: 60, times: [0, 60_000] },
    links: [
      {
        ...{ link: 'a~b', forward: [1_200_000, 0], reverse: [0, 12_000], how: [{ how: 'measured', share: 0.67 }] },
        classes: { tcp: 0.12, udp: 0.88, icmp: 0, other: 0 },
      },
    ],
    nodes: [{ node: 'a', sent: 990_000, received: 0, out: 0, in: 0 }],
    placed: 120_000_000,
    unplaced: [{ reason: 'no path', octets: 0, share: 0 }],
  });
});
