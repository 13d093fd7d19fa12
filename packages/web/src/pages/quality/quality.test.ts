import { expect, test } from 'vitest';
import type { QualityLine } from '../../api/types.js';
import { rowsOf, sorted, textOf } from './quality.js';

const line = (dst: string | null, more: Partial<QualityLine> = {}): QualityLine =>
  ({
    ...{ dst, flows: 10, answered: 9, unanswered: 1, tcp: 8, unopened: 2, resets: 3 },
    roundTrip: { flows: 6, p50: 1.5, p90: 20, p99: 300 },
    ...more,
  }) as QualityLine;

test('shares are of those that can tell', () => {
  const [row] = rowsOf('dst', [line('10.0.0.1')], {});
  expect(row).toEqual({
    ...{ key: '"10.0.0.1"', label: '10.0.0.1', condition: 'dst host 10.0.0.1' },
    values: { flows: 10, unanswered: 0.1, unopened: 0.25, resets: 0.5, p50: 1.5, p90: 20, p99: 300 },
  });
  const { roundTrip: _, ...without } = line(null, { tcp: 0, unopened: 0, resets: 0, answered: 0, unanswered: 0 });
  const [unknown] = rowsOf('dst', [without], {});
  expect(unknown!.values).toEqual({ flows: 10 });
  expect(unknown!.condition).toBe('not has dst');
});

test('the largest of a column come first, what is not known last', () => {
  const rows = rowsOf('dst', [line('a', { roundTrip: undefined! }), line('b'), line('c', { flows: 99 })], {});
  expect(sorted(rows, 'p50').map(({ label }) => label)).toEqual(['b', 'c', 'a']);
  expect(sorted(rows, 'flows').map(({ label }) => label)).toEqual(['c', 'a', 'b']);
});

test('values in words', () => {
  expect([textOf('flows', 1234), textOf('unopened', 0.125), textOf('p50', 0.25), textOf('p99', undefined)]).toEqual([
    ...[expect.stringMatching(/^1[,.]2/), '13%', '250 µs', '–'],
  ]);
});
