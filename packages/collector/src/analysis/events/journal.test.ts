import { expect, test } from 'vitest';
import type { EventChange } from './event.js';
import type { Finding } from './finding.js';
import { Journal } from './journal.js';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const finding = (more: Partial<Finding> = {}): Finding => ({
  ...{ key: 'flood t', kind: 'flood', target: 't', subject: { name: 't', filter: 'dst host t' } },
  ...{ start: NOW, size: 100, unit: 'flows/s', strength: 1, patience: 60_000 },
  ...more,
});
const said = (changes: readonly EventChange[]) => changes.map(({ what, event }) => `${what} ${event.size}`);

test('one event for what goes on, however many looks see it', () => {
  const journal = new Journal();
  expect(said(journal.observe([finding()], NOW))).toEqual(['begun 100']);
  for (let i = 1; i <= 20; i++) expect(journal.observe([finding({ size: 90 + i })], NOW + 2000 * i)).toEqual([]);
  expect(journal.open).toMatchObject([{ event: { start: NOW, size: 110, causes: [] }, told: 100 }]);
  expect(journal.expire(NOW + 99_999)).toEqual([]);
  const [ended] = journal.expire(NOW + 100_000);
  expect(ended).toMatchObject({ what: 'ended', event: { start: NOW, end: NOW + 40_000, size: 110 } });
  expect(journal.open).toEqual([]);
  expect(journal.counters).toEqual({ begun: 1, ended: 1, leftOut: 0 });
});

test('it begins at the line, and goes on from half of it', () => {
  const journal = new Journal();
  expect(journal.observe([finding({ strength: 0.99 })], NOW)).toEqual([]);
  journal.observe([finding()], NOW);
  journal.observe([finding({ strength: 0.5 })], NOW + 50_000);
  journal.observe([finding({ strength: 0.49 })], NOW + 100_000);
  expect(journal.expire(NOW + 109_999)).toEqual([]);
  expect(journal.expire(NOW + 110_000)).toMatchObject([{ event: { end: NOW + 50_000 } }]);
});

test('it is told again when it is twice what was told', () => {
  const journal = new Journal();
  const sizes = [100, 150, 199, 200, 399, 401, 50];
  const told = sizes.flatMap((size, i) => said(journal.observe([finding({ size })], NOW + i)));
  expect(told).toEqual(['begun 100', 'worse 200', 'worse 401']);
});

test('a scan of ports that becomes one of addresses is one event', () => {
  const journal = new Journal();
  journal.observe([finding({ form: 'ports', unit: 'ports', size: 900 })], NOW);
  const [worse] = journal.observe([finding({ form: 'addresses', unit: 'targets', size: 30, strength: 1.2 })], NOW + 1);
  expect(worse).toMatchObject({ what: 'worse', event: { form: 'addresses', size: 30, unit: 'targets' } });
});

test('it survives a restart, and does not end because nobody looked', () => {
  const before = new Journal();
  before.observe([finding()], NOW);
  const { id } = before.open[0]!.event;
  const after = new Journal(JSON.parse(JSON.stringify(before.open)));
  const restarted = NOW + 3_600_000;
  expect(after.expire(restarted + 59_999, restarted)).toEqual([]);
  expect(after.observe([finding({ size: 10 })], restarted + 59_999)).toEqual([]);
  expect(after.open).toMatchObject([{ event: { id, start: NOW, size: 100 } }]);
});

test('causes are added while it goes on', () => {
  const journal = new Journal();
  const [begun] = journal.observe([finding()], NOW);
  const causes = [{ name: 's', filter: 'host s', share: 0.7 }];
  expect(journal.explain(begun!.event.id, causes)?.event.causes).toEqual(causes);
  expect(journal.expire(NOW + 60_000)).toMatchObject([{ event: { causes } }]);
  expect(journal.explain(begun!.event.id, causes)).toBe(undefined);
});

test('events at a time are bounded, and those without room counted', () => {
  const journal = new Journal();
  journal.observe(
    Array.from({ length: 1500 }, (_, i) => finding({ key: `flood ${i}` })),
    NOW,
  );
  expect([journal.open.length, journal.counters.leftOut]).toEqual([1000, 500]);
});
