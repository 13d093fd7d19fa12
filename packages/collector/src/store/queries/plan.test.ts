import { expect, test } from 'vitest';
import { rollups } from '../rollup/rollups.js';
import { cut, rollupsOfGroups } from './plan.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const [hours, days] = ['sources_hour', 'sources_day'].map(name => rollups.find(({ table }) => table === name)!);
const at = (pieces: ReturnType<typeof cut>) => pieces.map(({ from, to, rollup }) => [from, to, rollup?.table]);

test('whole days in the middle, hours around them, records at the edges', () => {
  const interval = { from: DAY - 2.5 * HOUR, to: 3 * DAY + 1.25 * HOUR };
  expect(at(cut(interval, [days!, hours!]))).toEqual([
    [DAY, 3 * DAY, 'sources_day'],
    [DAY - 2 * HOUR, DAY, 'sources_hour'],
    [DAY - 2.5 * HOUR, DAY - 2 * HOUR, undefined],
    [3 * DAY, 3 * DAY + HOUR, 'sources_hour'],
    [3 * DAY + HOUR, 3 * DAY + 1.25 * HOUR, undefined],
  ]);
});

test('what is shorter than a step is of the next shorter one', () => {
  expect(at(cut({ from: HOUR, to: 3 * HOUR }, [days!, hours!]))).toEqual([[HOUR, 3 * HOUR, 'sources_hour']]);
  expect(at(cut({ from: 1, to: 2 }, [days!, hours!]))).toEqual([[1, 2, undefined]]);
  expect(at(cut({ from: 0, to: DAY }, []))).toEqual([[0, DAY, undefined]]);
});

test('groups of what rollups have are taken from them, the longest step first', () => {
  const operand = { source: 'column', column: 'sourceAddress' } as never;
  expect(rollupsOfGroups({}, [operand]).map(({ table }) => table)).toEqual(['sources_day', 'sources_hour']);
  expect(rollupsOfGroups({ filter: 'dst port 80' }, [operand])).toEqual([]);
});
