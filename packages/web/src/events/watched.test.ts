import { expect, test } from 'vitest';
import { choicesOf, keyOf, linesOf, nameOf, rangeOf, type Series, sorted, stateOf, withFixed } from './watched.js';

const parameters = { scale: 'log', unit: 7, levelHalfLife: 86_400, weekly: false, width: 3.25 } as const;

const series = (more: Partial<Series> = {}): Series => ({
  ...{ subject: { name: 'total', filter: '' }, measure: 'in', unit: 'bit/s', judged: true, unusual: false },
  ...{ value: 5e6, expected: 4e6, lower: -1, upper: 6e6 },
  ...{ parameters, chosen: true, fixed: {} },
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
    ...{ unit: 'bit/s', judged: true, times: [1, 2], events: [], parameters },
    ...{ values: [1, 2], expected: [1, 2], lower: [-3, null], upper: [4, 5] },
  });
  expect(lower!.values).toEqual([0, null]);
});

test('a link and all traffic are two things, though no filter finds either', () => {
  const place = { topology: 'mesh', link: 'a~b', direction: 'reverse' } as const;
  const link = series({ subject: { name: 'b → a', filter: '', place }, measure: 'load' });
  expect(nameOf(link)).toBe('b → a, load');
  expect(keyOf(link)).not.toBe(keyOf(series({ measure: 'load' })));
});

test('parameters in words, one of them fixed, and chosen again', () => {
  expect(choicesOf(parameters).map(({ name, now }) => [name, now])).toEqual([
    ['scale', 'in factors'],
    ['levelHalfLife', '1 d'],
    ['weekly', 'are as all days are'],
    ['width', '3.25'],
  ]);
  const fixed = withFixed(withFixed({}, 'width', '5'), 'scale', 'root');
  expect(fixed).toEqual({ width: 5, scale: 'root' });
  expect(withFixed(withFixed(fixed, 'weekly', 'false'), 'width', '')).toEqual({ scale: 'root', weekly: false });
});
