import { expect, test } from 'vitest';
import { linesOf, nameOf, rangeOf, type Series, sorted, stateOf } from './watched.js';

const series = (more: Partial<Series> = {}): Series => ({
  ...{ subject: { name: 'total', filter: '' }, measure: 'in', unit: 'bit/s', judged: true, unusual: false },
  ...{ value: 5e6, expected: 4e6, lower: -1, upper: 6e6 },
  ...more,
});

test('names, states and what is usual', () => {
  const web = series({
    subject: { name: 'Web', filter: 'dst port 443' },
    measure: 'answered',
    unit: 'share',
    unusual: true,
  });
  const young = series({ judged: false });
  expect([series(), web].map(nameOf)).toEqual(['all traffic, incoming', 'Web, answered']);
  expect([series(), web, young].map(stateOf)).toEqual(['usual', 'unusual', 'learning']);
  expect([rangeOf(series()), rangeOf(young)]).toEqual([expect.stringMatching(/^0 bit\/s to 6(\.0+)? Mbit\/s$/), '–']);
  expect(sorted([series(), young, web])[0]).toBe(web);
});

test('a band does not go below nothing', () => {
  const [, , lower] = linesOf({
    ...{ unit: 'bit/s', judged: true, times: [1, 2], anomalies: [] },
    ...{ values: [1, 2], expected: [1, 2], lower: [-3, null], upper: [4, 5] },
  });
  expect(lower!.values).toEqual([0, null]);
});
