import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { causesOf } from '../../analysis/events/causes.js';
import type { TestRecord } from '../../flow/testing/records.js';
import { aMesh } from '../../mesh/testing/meshes.js';
import { linkRates } from '../../store/mesh/asked-loads.js';
import type { MeshLoads } from '../../store/mesh/loads.js';
import { insertRecords, openTestStore, seeded, type TestStore } from '../../store/testing/store.js';
import type { WatchedMeshes } from './mesh-things.js';
import { SeriesWatch } from './series-watch.js';

const directory = mkdtempSync(join(tmpdir(), 'weir-mesh-watch-'));
const MINUTE = 60_000;
const DAY = 86_400_000;
const NOW = Date.parse('2026-03-20T12:00:00Z');
const LEARNT = 3 * DAY;

/** a - b - g; g leads out. */
const mesh = aMesh(
  ['a', 'b', 'g'].map((id, i) => ({
    ...{ id, name: id.toUpperCase(), gateway: id === 'g', addresses: [`10.0.0.${i + 1}`] },
    networks: [`10.1.${i + 1}.0/24`],
  })),
  [
    ['a', 'b', { cost: 1, reverseCost: 1 }],
    ['b', 'g', { cost: 1, reverseCost: 1 }],
  ],
);

/** Each minute a flow of a client of a's to outside, with ten times as much back; for half an hour until now one of b's has much more. */
function traffic(): TestRecord[] {
  const random = seeded(5);
  const records: TestRecord[] = [];
  const add = (source: string, time: number, octetDeltaCount: number) =>
    records.push({
      ...{ sourceIPv4Address: source, destinationIPv4Address: '198.51.100.7', protocolIdentifier: 6 },
      ...{ octetDeltaCount, packetDeltaCount: 100, reverseOctetDeltaCount: 10 * octetDeltaCount },
      ...{ reversePacketDeltaCount: 100, flowId: records.length, flowEndReason: 1 },
      ...{ flowStartMilliseconds: new Date(time + 1).toISOString() },
      ...{ flowEndMilliseconds: new Date(time + 59_999).toISOString() },
    });
  for (let time = NOW - LEARNT; time < NOW; time += MINUTE) {
    add('10.1.1.5', time, 100_000 + random(5000));
    if (time >= NOW - 30 * MINUTE) add('10.1.2.6', time, 900_000);
  }
  return records;
}

let opened: TestStore;
let loads: MeshLoads;
let meshes: WatchedMeshes;
beforeAll(async () => {
  opened = await openTestStore({ rollupPause: 3_600_000 });
  const topologies = { names: () => ['mesh'], meshAt: async () => mesh };
  loads = (await opened.store.meshLoads({ topologies, rules: [], pause: 3_600_000 }))!;
  const records = traffic();
  for (let i = 0; i < records.length; i += 2000)
    await insertRecords(opened.store, records.slice(i, i + 2000), { exporter: '10.0.0.3', exportTime: NOW / 1000 });
  await loads.advance();
  meshes = {
    ...{ names: topologies.names, newest: () => ({ mesh, at: NOW - LEARNT }) },
    rates: (topology, from, to) => linkRates(opened.store, topology, { from, to }),
    ...{ behindOf: topology => loads.behindOf(topology), rowsAt: (...asked) => loads.rowsAt(...asked) },
  };
}, 120_000);
afterAll(async () => {
  await opened.end();
  rmSync(directory, { recursive: true, force: true });
});
afterEach(() => vi.useRealTimers());

const settings = {
  ...{ directory, localNetworks: ['10.0.0.0/8'], watchDelay: 0, watchedThings: [] },
  watchedKinds: ['gateway' as const, 'link' as const],
};

async function lookUntilChosen(watch: SeriesWatch) {
  vi.useFakeTimers({ now: NOW, toFake: ['Date'] });
  let { findings } = await watch.look();
  while (!watch.series.every(({ chosen }) => chosen)) ({ findings } = await watch.look());
  return findings;
}

test('links in each direction and gateways are watched by what they carry', async () => {
  const watch = new SeriesWatch(opened.store, settings, meshes);
  const findings = await lookUntilChosen(watch);
  const of = (each: { subject: { name: string }; measure?: string }) => `${each.subject.name} ${each.measure}`;
  expect(watch.series.map(of).sort()).toEqual([
    ...['A → B load', 'B → A load', 'B → G load', 'G in', 'G out', 'G → B load'],
  ]);
  // The link to a carries what it always does.
  expect(findings.map(of).sort()).toEqual(['B → G load', 'G in', 'G out', 'G → B load']);
  const load = findings.find(each => of(each) === 'B → G load')!;
  expect(load).toMatchObject({ unit: 'bit/s', subject: { filter: '' } });
  expect(load.subject.place).toEqual({ topology: 'mesh', link: 'b~g', direction: 'forward' });
  expect(load.size / ((1_000_000 * 8) / 60)).toBeCloseTo(1, 1);
  expect(load.expected! / ((102_500 * 8) / 60)).toBeCloseTo(1, 1);
  const { events } = await watch.preview({ ...load, measure: 'load', from: NOW - DAY, to: NOW });
  expect(events).toMatchObject([{ start: load.start, subject: load.subject }]);
  watch.close();
});

test('what it is due to are who has flows there', async () => {
  const step = { from: 0n, to: opened.store.settled };
  const rows = await loads.rowsAt({ topology: 'mesh', link: 'b~g', direction: 'reverse' }, false, step);
  const octets = (host: string) => rows.filter(row => row.host === host).reduce((sum, { value }) => sum + value, 0);
  expect(octets('10.1.2.6')).toBe(30 * 9_000_000);
  const [cause] = causesOf(rows.filter(({ host }) => host === '10.1.2.6'));
  expect(cause).toMatchObject({ name: '10.1.2.6 → tcp', filter: 'host 10.1.2.6 and proto tcp', share: 1 });
  const onlyOf = async (link: string) =>
    new Set((await loads.rowsAt({ topology: 'mesh', link, direction: 'forward' }, false, step)).map(row => row.host));
  expect(await onlyOf('a~b')).toEqual(new Set(['10.1.1.5']));
  const gateway = await loads.rowsAt({ topology: 'mesh', node: 'g' }, true, step);
  expect(gateway.some(({ host }) => host === '10.1.2.6')).toBe(true);
});

test('who makes no loads has no minutes of links, and is told of none', async () => {
  const own = { ...settings, directory: mkdtempSync(join(directory, 'none-')) };
  const behind = { ...meshes, behindOf: () => Number.POSITIVE_INFINITY };
  const watch = new SeriesWatch(opened.store, own, behind);
  vi.useFakeTimers({ now: NOW, toFake: ['Date'] });
  for (let looks = 0; looks < 3; looks++) expect((await watch.look()).findings).toEqual([]);
  expect(watch.series.every(({ judged, chosen }) => !judged && !chosen)).toBe(true);
});
