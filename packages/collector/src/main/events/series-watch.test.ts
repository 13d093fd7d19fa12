import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { TrafficEvent } from '../../analysis/events/event.js';
import { Journal } from '../../analysis/events/journal.js';
import { flowMeasures } from '../../analysis/events/measures.js';
import type { TestRecord } from '../../flow/testing/records.js';
import { insertRecords, openTestStore, seeded, type TestStore } from '../../store/testing/store.js';
import { Minutes } from './minutes.js';
import { SeriesWatch } from './series-watch.js';
import { noMeshes } from './testing/meshes.js';
import { thingsOf } from './things.js';
import { WatchedSpans } from './watched-spans.js';

const directory = mkdtempSync(join(tmpdir(), 'weir-watch-'));
const MINUTE = 60_000;
const DAY = 86_400_000;
const NOW = Date.parse('2026-03-20T12:00:00Z');
const LEARNT = 4 * DAY;

const random = seeded(11);

/** A record of each ten minutes with much by day and little by night; `factor` as many octets in the last half an hour. */
function traffic(from: number, to: number, factorOf: (time: number) => number): TestRecord[] {
  const records: TestRecord[] = [];
  for (let time = from; time < to; time += MINUTE) {
    const usual = 1e6 * (2 + Math.sin((2 * Math.PI * (time % DAY)) / DAY)) * (0.95 + random(100) / 1000);
    records.push({
      ...{ sourceIPv4Address: '10.0.0.1', destinationIPv4Address: '192.0.2.1', protocolIdentifier: 6 },
      ...{ destinationTransportPort: 443, ingressInterface: 2, flowId: records.length, flowEndReason: 1 },
      ...{ octetDeltaCount: Math.round(usual * factorOf(time)), packetDeltaCount: 1000 },
      ...{ flowStartMilliseconds: new Date(time + 1).toISOString() },
      ...{ flowEndMilliseconds: new Date(time + 59_999).toISOString() },
    });
  }
  return records;
}

let opened: TestStore;
beforeAll(async () => {
  opened = await openTestStore();
  const records = traffic(NOW - LEARNT, NOW, time => {
    const before = (NOW - time) / MINUTE;
    return before <= 30 ? 4 : before <= 115 && before > 105 ? 0.05 : 1;
  });
  for (let i = 0; i < records.length; i += 2000) {
    await insertRecords(opened.store, records.slice(i, i + 2000), { exportTime: NOW / 1000 });
  }
}, 120_000);
afterAll(async () => {
  await opened.end();
  rmSync(directory, { recursive: true, force: true });
});
afterEach(() => vi.useRealTimers());

const settings = {
  ...{ directory, localNetworks: ['10.0.0.0/8'], watchDelay: 0, watchedKinds: ['interface' as const] },
  watchedThings: [{ name: 'total', filter: '' }],
};

/** Looks until all is learnt. */
async function findingsAt(watch: SeriesWatch, now: number) {
  vi.useFakeTimers({ now, toFake: ['Date'] });
  for (let looks = 0; looks < 20; looks++) {
    const { findings } = await watch.look();
    if (findings.length > 0) return findings;
  }
  return [];
}

test('what is stored is learnt, and what is unusual now is found, of all and of each interface', async () => {
  const before = new SeriesWatch(
    opened.store,
    { ...settings, directory: mkdtempSync(join(directory, 'before-')) },
    noMeshes,
  );
  expect(await findingsAt(before, NOW - 40 * MINUTE)).toEqual([]);
  expect(before.series.find(({ measure }) => measure === 'out')).toMatchObject({ judged: true });

  const watch = new SeriesWatch(opened.store, settings, noMeshes);
  const findings = await findingsAt(watch, NOW);
  expect(findings.map(({ measure, subject }) => [measure, subject.name])).toEqual([
    ['out', 'total'],
    ['out', expect.stringMatching(/^interface 2 of /)],
  ]);
  const [{ start, size, expected, unit }] = findings as [(typeof findings)[0]];
  expect(Math.abs(start - (NOW - 30 * MINUTE))).toBeLessThanOrEqual(2 * MINUTE);
  expect(unit).toBe('bit/s');
  expect(size / expected!).toBeGreaterThan(3);
  expect(size / expected!).toBeLessThan(5);
  watch.close();
}, 120_000);

test('a preview has just what was told, minute by minute', async () => {
  const own = { ...settings, directory: mkdtempSync(join(directory, 'live-')), watchedKinds: [], watchDelay: 90_000 };
  const live = new SeriesWatch(opened.store, own, noMeshes);
  const begin = NOW - 125 * MINUTE;
  vi.useFakeTimers({ now: begin, toFake: ['Date'] });
  while (!live.series.some(({ chosen }) => chosen)) await live.look();
  const journal = new Journal();
  const told: TrafficEvent[] = [];
  let from: number | undefined;
  for (let now = begin; now <= NOW + 2 * MINUTE; now += MINUTE) {
    vi.setSystemTime(now);
    const { findings, at } = await live.look();
    from ??= at - MINUTE;
    const changes = [...journal.observe(findings, at), ...journal.expire(now)];
    told.push(...changes.filter(({ what }) => what === 'ended').map(({ event }) => event));
  }
  told.push(...journal.open.map(({ event }) => event));
  expect(told.map(({ measure, end }) => [measure, end === undefined])).toEqual([
    ['out', false],
    ['out', true],
  ]);
  for (const measure of flowMeasures) {
    const asked = { subject: { name: '', filter: '' }, measure, from: from!, to: NOW + DAY };
    const { events } = await live.preview(asked);
    const ofMeasure = told.filter(each => each.measure === measure);
    expect(events.map(({ id: _, ...event }) => event)).toEqual(ofMeasure.map(({ id: _, ...event }) => event));
  }
  // Of what nobody has watched yet: learnt from the same two weeks, with the parameters that would have been chosen.
  const stranger = new SeriesWatch(opened.store, { ...own, directory: mkdtempSync(join(directory, 'not-')) }, noMeshes);
  const { events } = await stranger.preview({
    subject: { name: '', filter: '' },
    measure: 'out',
    from: from!,
    to: NOW,
  });
  expect(events.map(({ start }) => start)).toEqual(told.map(({ start }) => start));
  live.close();
}, 240_000);

test('what was learnt is known after a restart, what is not wanted any more is not watched', async () => {
  const again = new SeriesWatch(opened.store, settings, noMeshes);
  vi.useFakeTimers({ now: NOW, toFake: ['Date'] });
  expect((await again.look()).findings.map(({ measure }) => measure)).toEqual(['out', 'out']);
  const fewer = new SeriesWatch(opened.store, { ...settings, watchedKinds: [] }, noMeshes);
  expect((await fewer.look()).findings.map(({ subject }) => subject.name)).toEqual(['total']);
  expect(new Set(fewer.series.map(({ subject }) => subject.name))).toEqual(new Set(['total']));
});

test('what is fixed by hand is learnt anew, outlives a restart, and is given back', async () => {
  const own = { ...settings, directory: mkdtempSync(join(directory, 'fixed-')), watchedKinds: [] };
  const total = { name: 'total', filter: '' };
  const outOf = (watch: SeriesWatch) => watch.series.find(({ measure }) => measure === 'out')!;
  const watch = new SeriesWatch(opened.store, own, noMeshes);
  vi.useFakeTimers({ now: NOW - 40 * MINUTE, toFake: ['Date'] });
  const untilChosen = async (isSo: () => boolean) => {
    for (let looks = 0; looks < 60 && !isSo(); looks++) await watch.look();
  };
  await untilChosen(() => outOf(watch)?.chosen);
  const before = outOf(watch);
  expect(before).toMatchObject({ judged: true, fixed: {}, parameters: { width: 3.25 } });
  watch.fix(total, 'out', { width: 8, weekly: false });
  await untilChosen(() => outOf(watch).parameters.width === 8);
  const after = outOf(watch);
  expect(after).toMatchObject({ judged: true, fixed: { width: 8, weekly: false }, parameters: { weekly: false } });
  expect(after.upper! - after.expected!).toBeGreaterThan(1.2 * (before.upper! - before.expected!));
  expect(watch.series.find(({ measure }) => measure === 'in')!.parameters.width).toBe(3.25);
  watch.close();

  const again = new SeriesWatch(opened.store, own, noMeshes);
  expect(outOf(again)).toMatchObject({ parameters: after.parameters, fixed: after.fixed, judged: true });
  const tried = { subject: total, measure: 'out' as const, from: NOW - DAY, to: NOW, fixed: {} };
  expect((await again.preview(tried)).parameters.width).toBe(3.25);
  again.fix(total, 'out', {});
  expect(outOf(again).fixed).toEqual({});
}, 120_000);

test('minutes in which nothing at all is stored are nothing while somebody looked, and else unknown', async () => {
  const minutes = (watched: number[]) =>
    new Minutes({
      store: opened.store,
      localNetworks: settings.localNetworks,
      isWatched: time => watched.includes(time),
    });
  const thing = { name: 'total', filter: '' };
  const [at, from] = [NOW + MINUTE, NOW - MINUTE];
  for (const measure of ['out', 'flows'] as const) {
    const [columns] = await minutes([at]).read([{ thing, measure }], from, NOW + 3 * MINUTE);
    expect(columns!.get(measure)).toEqual([expect.any(Number), Number.NaN, 0, Number.NaN]);
  }
  const spans = new WatchedSpans();
  spans.add(0, 60, -1);
  spans.add(60, 120, -1);
  spans.add(300, 360, -1);
  expect([spans.has(119), spans.has(120), spans.has(300), spans.spans]).toEqual([
    true,
    false,
    true,
    [
      [0, 120],
      [300, 360],
    ],
  ]);
  spans.add(360, 420, 120);
  expect(spans.spans).toEqual([[300, 420]]);
});

test('hosts are those of the local networks', async () => {
  const wanted = { watchedKinds: ['host' as const], watchedThings: [], localNetworks: ['10.0.0.0/8'] };
  const names = async (localNetworks: string[]) =>
    (await thingsOf(opened.store, { ...wanted, localNetworks }, [], NOW)).map(({ name, filter }) => [name, filter]);
  expect(await names(['10.0.0.0/8'])).toEqual([['10.0.0.1', 'host 10.0.0.1']]);
  expect(await names([])).toEqual([]);
});
