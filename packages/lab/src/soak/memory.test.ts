import { expect, test } from 'vitest';
import { growths, type Held, heldBy } from './memory.js';

/** A sample every ten seconds, of so many octets at each minute. */
function life(pid: number, minutes: number, octets: (minute: number) => number): Held[] {
  return Array.from({ length: minutes * 6 + 1 }, (_, i) => ({
    ...{ time: i * 10_000, pid, resident: 0, anonymous: octets(i / 6) },
    ...{ descriptors: 5, threads: 3 },
  }));
}

test('what goes up and down is flat, what goes up is not, and the first minutes do not count', () => {
  const flat = life(1, 35, minute => (minute < 5 ? 0 : 100 + (minute % 2)));
  expect(growths(flat, 'anonymous')).toEqual([{ pid: 1, minutes: 35, early: 101, late: 101 }]);
  const [growth] = growths(
    life(1, 35, minute => minute),
    'anonymous',
  );
  expect(growth!.late - growth!.early).toBeCloseTo(20, 0);
});

test('each process by itself, and not those that did not live for long', () => {
  expect(growths([...life(1, 20, () => 1), ...life(2, 9, () => 2)], 'threads')).toMatchObject([{ pid: 1, late: 3 }]);
});

test('of a process that is there', () => {
  const held = heldBy(process.pid);
  expect(held.resident).toBeGreaterThan(held.anonymous / 2);
  expect(Math.min(held.anonymous, held.descriptors, held.threads)).toBeGreaterThan(0);
});
