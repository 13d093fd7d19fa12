import { beforeEach, expect, test } from 'vitest';
import type { KernelDoor } from './kernel-door.js';
import { KernelSweep } from './kernel-sweep.js';

const INTERVAL = 10_000;

/** A table of `size` connections, through which the kernel goes. */
class Table {
  begun = 0;
  visited = 0;
  steps = 0;
  largest = 0;
  readonly records: { readonly capacity: number };
  constructor(
    public size: number,
    capacity = 100_000,
  ) {
    this.records = { capacity };
  }

  beginSweep(): void {
    this.begun++;
    this.visited = 0;
  }

  stepSweep(count: number): number {
    this.steps++;
    this.largest = Math.max(this.largest, count);
    const now = Math.min(count, this.size - this.visited);
    this.visited += now;
    return now;
  }
}

let now: number;
const always = () => true;
beforeEach(() => {
  now = 0;
});

function sweepOver(table: Table): KernelSweep {
  return new KernelSweep(table as unknown as KernelDoor, () => now, INTERVAL);
}

test.each([0, 1, 1000])('a table of %i connections in one step', size => {
  const table = new Table(size);
  const sweep = sweepOver(table);
  sweep.begin(size);
  expect([sweep.isActive, sweep.sweeps]).toEqual([true, 0]);
  sweep.step(always);
  expect([sweep.isActive, sweep.sweeps, sweep.connections]).toEqual([false, 1, size]);
  expect(table.visited).toBe(size);
});

test('a large table evenly over 0.8 of the interval', () => {
  const table = new Table(1_000_000);
  const sweep = sweepOver(table);
  sweep.begin(table.size);
  let most = 0;
  for (; now < 8000; now += 20) {
    const before = table.visited;
    sweep.step(always);
    most = Math.max(most, table.visited - before);
    // At each moment as many as are due, and no more than one visit ahead.
    const due = (table.size * now) / 8000;
    expect(table.visited).toBeGreaterThanOrEqual(due);
    expect(table.visited).toBeLessThanOrEqual(due + 4096);
  }
  expect(most).toBeLessThanOrEqual(2 * 4096);
  expect(sweep.isActive).toBe(true);
  now = 8000;
  sweep.step(always);
  expect([sweep.isActive, sweep.sweeps, sweep.connections]).toEqual([false, 1, 1_000_000]);
});

test('it goes on until the kernel has no more, and not by what was expected', () => {
  const table = new Table(50_000);
  const sweep = sweepOver(table);
  sweep.begin(2000);
  now = 7999;
  sweep.step(always);
  expect(sweep.isActive).toBe(true);
  now = 8000;
  sweep.step(always);
  expect([sweep.isActive, table.visited, sweep.connections]).toEqual([false, 50_000, 50_000]);
  const { steps } = table;
  sweep.step(always);
  expect(table.steps).toBe(steps);
});

test('a table that has shrunk ends early', () => {
  const table = new Table(5000);
  const sweep = sweepOver(table);
  sweep.begin(100_000);
  for (; sweep.isActive && now < 8000; now += 20) sweep.step(always);
  expect(now).toBeLessThan(1000);
  expect([sweep.sweeps, sweep.connections]).toEqual([1, 5000]);
});

test('the last sweep says how many there are, where the kernel counts fewer', () => {
  const table = new Table(100_000);
  const sweep = sweepOver(table);
  sweep.begin(100_000);
  now = 8000;
  sweep.step(always);
  now = 10_000;
  sweep.begin(0);
  now = 14_000;
  sweep.step(always);
  expect(sweep.isActive).toBe(true);
  expect(Math.abs(table.visited - 50_000)).toBeLessThanOrEqual(4096);
});

test('what is late is caught up, and is asked for room before each visit', () => {
  const table = new Table(100_000);
  const sweep = sweepOver(table);
  sweep.begin(table.size);
  now = 4000;
  let asked = 0;
  sweep.step(() => ++asked > 0);
  expect(table.visited).toBeGreaterThanOrEqual(50_000);
  expect(table.visited).toBeLessThanOrEqual(50_000 + 4096);
  expect(asked).toBe(table.steps);
});

test('where there is no room nothing is visited, and it goes on when there is', () => {
  const table = new Table(100_000);
  const sweep = sweepOver(table);
  sweep.begin(table.size);
  now = 9000;
  sweep.step(() => false);
  expect([table.steps, sweep.isActive]).toEqual([0, true]);
  let room = 2;
  sweep.step(() => room-- > 0);
  expect([table.steps, table.visited]).toEqual([2, 8192]);
  sweep.step(always);
  expect([sweep.isActive, sweep.connections]).toEqual([false, 100_000]);
});

test('a sweep begins anew each time, and an interval that has changed counts at once', () => {
  const table = new Table(100_000);
  const sweep = sweepOver(table);
  for (let i = 1; i <= 3; i++) {
    sweep.begin(table.size);
    now += 8000;
    sweep.step(always);
    expect([table.begun, sweep.sweeps, sweep.connections]).toEqual([i, i, 100_000]);
  }
  sweep.begin(table.size);
  now += 800;
  sweep.interval = 1000;
  sweep.step(always);
  expect(sweep.isActive).toBe(false);
});

test('a visit by itself asks nobody', () => {
  const table = new Table(5000);
  const sweep = sweepOver(table);
  sweep.begin(5000);
  const seen: [number, boolean][] = [];
  while (sweep.isActive) {
    sweep.visit();
    seen.push([table.visited, sweep.isActive]);
  }
  expect(seen).toEqual([
    [4096, true],
    [5000, true],
    [5000, false],
  ]);
});

test.each([
  [124, 62],
  [1, 1],
  [8192, 4096],
  [1_000_000, 4096],
])('a ring of %i records: a visit of at most %i connections', (capacity, most) => {
  const table = new Table(1000, capacity);
  const sweep = sweepOver(table);
  sweep.begin(table.size);
  now = INTERVAL;
  sweep.step(always);
  expect([table.largest, sweep.connections]).toEqual([most, 1000]);
});
