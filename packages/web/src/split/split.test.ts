import { afterEach, describe, expect, test } from 'vitest';
import type { SeriesBy } from '../api/types.js';
import { speak } from '../i18n/index.js';
import { conditionOf, DIMENSIONS, dimensionOf, fieldOf, labelOf, sidesOf } from './dimensions.js';
import { bandsOf, colourOf, MOST, stacked, totalOf } from './split.js';

const answer: SeriesBy = {
  step: 1,
  times: [0, 1000],
  groups: [
    { value: 443, inOctets: [10, 20], outOctets: [1, 2] },
    { value: null, inOctets: [5, 0], outOctets: [0, 0] },
  ],
  others: { inOctets: [0, 3], outOctets: [0, 0] },
};

afterEach(() => speak('en'));

describe('groups', () => {
  test('keep the order of the answer, have colours of their own, and the others come last', () => {
    const bands = bandsOf(answer, 'dstport', {});
    expect(bands.map(({ label, colour, condition }) => [label, colour, condition])).toEqual([
      ['HTTPS, QUIC (443)', '--group-1', 'dst port 443'],
      ['no port', '--group-2', 'not has dstport'],
      ['others', '--group-others', undefined],
    ]);
    expect(bands[2]!.inOctets).toEqual([0, 3]);
  });

  test('have no others where there are none', () => {
    const all = { ...answer, others: { inOctets: [0, 0], outOctets: [0, 0] } };
    expect(bandsOf(all, 'dstport', {}).map(({ value }) => value)).toEqual([443, null]);
  });

  test('add up to all of the traffic', () => {
    const total = totalOf(answer);
    expect(total.inOctets).toEqual([15, 23]);
    expect(total.outOctets).toEqual([1, 2]);
    expect(total.times).toEqual(answer.times);
  });

  test('stand on each other, the outermost first', () => {
    expect(
      stacked([
        [1, 2],
        [10, 20],
        [100, 200],
      ]),
    ).toEqual([
      [111, 222],
      [11, 22],
      [1, 2],
    ]);
    expect(stacked([])).toEqual([]);
  });

  test('beyond the colours there are look like the others', () => {
    expect(colourOf(MOST - 1)).toBe(`--group-${MOST}`);
    expect(colourOf(MOST)).toBe('--group-others');
  });
});

describe('values', () => {
  test.each([
    ['srcas', 64512, 'AS64512', 'src as 64512'],
    ['srcas', 0, 'not known', 'src as 0'],
    ['dstas', null, 'not known', 'not has dstas'],
    ['dstcountry', 'DE', 'Germany', 'dst country DE'],
    ['inif', 4, 'interface 4', 'in if 4'],
    ['proto', 17, 'UDP', 'proto 17'],
    ['exporter', '192.0.2.1', '192.0.2.1', 'exporter = 192.0.2.1'],
    ['dst', 'fd00::1', 'fd00::1', 'dst host fd00::1'],
    ['dstnetwork', 'guest "wifi"', 'guest "wifi"', `dst network 'guest "wifi"'`],
    ['srcnetwork', null, 'none', 'not has srcnetwork'],
    ['dstport', 40000, 'port 40000', 'dst port 40000'],
  ] as const)('%s %s is %s', (field, value, label, condition) => {
    expect(labelOf(field, value)).toBe(label);
    expect(conditionOf(field, value)).toBe(condition);
  });

  test('have the names of systems and interfaces where they are known', () => {
    expect(labelOf('dstas', 64512, 'Example')).toBe('AS64512 Example');
    expect(labelOf('outif', 3, 'eth0')).toBe('eth0');
  });

  test('are in the language of the reader', async () => {
    await speak('de');
    expect(labelOf('dstcountry', 'DE')).toBe('Deutschland');
    expect(labelOf('dstnetwork', '')).toBe('ohne');
  });
});

test('each dimension has fields of both sides that can be filtered', () => {
  for (const dimension of DIMENSIONS) {
    const { source, destination } = sidesOf(dimension);
    expect(fieldOf(dimension)).toBe(destination);
    for (const field of [source, destination]) expect(conditionOf(field, 7)).toMatch(/ 7$| "7"$/);
  }
  expect(dimensionOf('country')).toBe('country');
  expect(dimensionOf('constructor')).toBeUndefined();
});
