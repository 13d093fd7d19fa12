import { beforeEach, expect, test } from 'vitest';
import type { ConntrackEvents } from '../conntrack/events.js';
import type { Host } from '../host/host.js';
import { ReliabilityGuard } from './guard.js';

// The kernel's table has one limit for the whole machine: it is not filled up for a test.
let entries: number;
let events: { counters: { deferred: number }; isReliable: boolean; setReliable(on: boolean): void };
let lines: string[];
let guard: ReliabilityGuard;

beforeEach(() => {
  entries = 0;
  events = {
    counters: { deferred: 0 },
    isReliable: true,
    setReliable: on => {
      events.isReliable = on;
    },
  };
  lines = [];
  const host = { readText: (path: string) => (path.endsWith('_count') ? `${entries}\n` : '1000\n') };
  guard = new ReliabilityGuard(host as Host, events as unknown as ConntrackEvents, line => lines.push(line));
});

function check(fill: number, deferred: number): boolean {
  entries = fill;
  events.counters.deferred += deferred;
  guard.check();
  return events.isReliable;
}

test('reliable delivery is given up while events wait and the table is almost full, and taken up when it has room', () => {
  expect([check(899, 10), check(901, 10), check(800, 0), check(699, 0)]).toEqual([true, false, false, true]);
  expect(lines).toEqual([expect.stringMatching(/almost full.*dropped and counted/), expect.stringMatching(/has room/)]);
  expect([guard.entries, guard.limit]).toEqual([699, 1000]);
});

test('a table that is full of live connections is no reason, nor are events that wait beside much room', () => {
  expect([check(990, 0), check(500, 1000)]).toEqual([true, true]);
  expect(lines).toEqual([]);
});

test('what was not asked to be reliable is not made so', () => {
  events.isReliable = false;
  expect([check(950, 10), check(100, 0)]).toEqual([false, false]);
});
