import { expect, test } from 'vitest';
import { Hosts } from './hosts.js';
import type { HostSums } from './interval.js';

const START = Date.parse('2026-03-01T00:00:00Z');
const MINUTE = 60_000;
const MB = 1_000_000;

const sums = (host: string, sent: number, exporter = 'e'): HostSums => ({ host, exporter, sent, received: 0 });
const told = (findings: { kind: string; source?: string; strength: number }[]) =>
  findings.filter(({ strength }) => strength >= 1).map(({ kind, source }) => `${kind} ${source}`);

/** Hosts after so many minutes in which all of these were heard. */
function after(minutes: number, hosts: (minute: number) => readonly HostSums[]) {
  const known = new Hosts(START);
  const found = new Set<string>();
  for (let i = 0; i < minutes; i++)
    for (const each of told(known.take(hosts(i), START + i * MINUTE))) found.add(`${each} ${i}`);
  return { known, found: [...found] };
}

const DAY = 24 * 60;
const ordinary = [sums('a', 20 * MB), sums('b', 10 * MB), sums('c', 1000)];

test('who was never seen and is suddenly among the largest', () => {
  const { known, found } = after(DAY + 1, () => ordinary);
  expect(found).toEqual([]);
  const now = START + (DAY + 1) * MINUTE;
  expect(told(known.take([...ordinary, sums('new', 50 * MB), sums('small', 1000)], now))).toEqual(['new-talker new']);
  expect(known.take([...ordinary, sums('new', 50 * MB)], now + MINUTE)).toMatchObject([
    { start: now - MINUTE, expected: 0, unit: 'bit/s', size: (50 * MB * 8) / 60 },
  ]);
  // It is known after a while.
  expect(known.take([sums('new', 50 * MB)], now + 11 * MINUTE)).toEqual([]);
});

test('who is known and talks more, and who is new on the first day, is no news', () => {
  const { found } = after(DAY - 10, i => [...ordinary, ...(i > 600 ? [sums('new', 90 * MB)] : [])]);
  expect(found).toEqual([]);
  const { known } = after(DAY + 1, () => ordinary);
  expect(told(known.take([sums('c', 90 * MB)], START + (DAY + 1) * MINUTE))).toEqual([]);
});

test('who sent all day and does no more is silent, and no longer when it is back', () => {
  const steady = (i: number) => [...ordinary, ...(i < DAY + 60 ? [sums('s', 6000)] : [])];
  const { known, found } = after(DAY + 80, steady);
  expect(found[0]).toBe(`silent-host s ${DAY + 60 + 14}`);
  const now = START + (DAY + 80) * MINUTE;
  expect(known.take(ordinary, now)).toMatchObject([
    { source: 's', start: START + (DAY + 59) * MINUTE, size: 0, expected: 800, unit: 'bit/s' },
  ]);
  expect(known.take([...ordinary, sums('s', 6000)], now + MINUTE)).toEqual([]);
});

test('who sends once an hour, or is off at night, is not silent in between', () => {
  expect(after(2 * DAY, i => [...ordinary, ...(i % 60 === 7 ? [sums('hourly', 100)] : [])]).found).toEqual([]);
  const isDay = (i: number) => i % DAY > 8 * 60 && i % DAY < 22 * 60;
  expect(after(3 * DAY, i => [...ordinary, ...(isDay(i) ? [sums('desk', 6000)] : [])]).found).toEqual([]);
});

test('an exporter that is away, or a collector that did not look, makes nobody silent', () => {
  const leaves = (i: number) => [
    ...ordinary,
    ...(i < DAY + 60 ? [sums('s', 6000, 'other'), sums('t', 9, 'other')] : []),
  ];
  expect(after(DAY + 200, leaves).found).toEqual([]);
  const pauses = (i: number) => (i > DAY + 60 && i < DAY + 200 ? [] : ordinary);
  expect(after(DAY + 210, pauses).found).toEqual([]);
});

test('what is known survives a restart', () => {
  const { known } = after(DAY + 1, () => ordinary);
  const kept = JSON.parse(JSON.stringify(known.kept));
  const later = START + (DAY + 30) * MINUTE;
  const again = new Hosts(later, kept);
  expect(told(again.take([...ordinary, sums('new', 90 * MB)], later))).toEqual(['new-talker new']);
});

test('with more hosts than can be remembered nobody is new', () => {
  const crowd = Array.from({ length: 70_000 }, (_, i) => sums(`${i}`, 1));
  const { known } = after(1, () => crowd);
  expect(Object.keys(known.kept.hosts)).toHaveLength(65_536);
  expect(told(known.take([sums('new', 90 * MB)], START + 2 * DAY * MINUTE))).toEqual([]);
});
