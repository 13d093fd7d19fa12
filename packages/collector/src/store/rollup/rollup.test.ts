import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Store } from '../client.js';
import { groups, series } from '../queries.js';
import { BASE, expectEqual, localNetworks, someRecords } from '../testing/rollups.js';
import { insertRecords, openTestStore, seeded } from '../testing/store.js';
import { rollups } from './rollups.js';
import { coarse } from './sample.js';

/** The store looks for what to sum up when it is told only. */
const options = { localNetworks, rollupPause: 3_600_000 };
const received = { exportTime: BASE / 1000 + 7 * 3600 };
const random = seeded(20);
const mixed = { ...received, duplicates: () => random(4) === 0 };

async function rowsOf(store: Store, table: string): Promise<number> {
  const [row] = await store.query<{ n: string }>(`SELECT count() AS n FROM ${table}`);
  return Number(row!.n);
}

test('rollups, and the records that are not in them yet, are equal to the Flow Records', async () => {
  const { store, end } = await openTestStore(options);
  await store.keeper!.advance();
  for (let round = 0; round < 6; round++) {
    await insertRecords(store, someRecords(random, 1 + random(400)), mixed);
    if (round % 3 === 1) await store.keeper!.advance();
    if (round === 3 || round === 5) await expectEqual(store);
  }
  // Of so few records there may be none in the coarser sample.
  for (const { table } of rollups.filter(({ table }) => table !== coarse.table))
    expect(await rowsOf(store, table), table).toBeGreaterThan(10);
  await end();
}, 240_000);

test('a step that is in a part of the partitions only is finished by the next run', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'weir-store-'));
  const first = await openTestStore({ ...options, directory });
  await insertRecords(first.store, someRecords(random, 300), mixed);
  await first.store.keeper!.advance();
  await expectEqual(first.store);
  for (const { table } of rollups) {
    const partitions = await first.store.query<{ id: string }>(`SELECT DISTINCT _partition_id AS id FROM ${table}`);
    if (table === 'series_minute') expect(partitions.length).toBeGreaterThan(1);
    if (partitions[0] !== undefined)
      await first.store.query(`ALTER TABLE ${table} DROP PARTITION ID '${partitions[0].id}'`);
  }
  await first.store.query('TRUNCATE TABLE rollup_finished');
  await first.store.close();
  const { store, end } = await openTestStore({ ...options, directory });
  await store.keeper!.advance();
  await expectEqual(store);
  await end();
}, 120_000);

test('the engine may be killed in any step', async () => {
  const { store, deaths, end } = await openTestStore(options);
  let failed = 0;
  for (let kills = 1; kills <= 20; kills++) {
    await insertRecords(store, someRecords(random, 100), mixed);
    const killed = new Promise(resolve => setTimeout(resolve, random(250))).then(() =>
      process.kill(store.enginePid!, 'SIGKILL'),
    );
    await store.keeper!.advance().catch(() => failed++);
    await killed;
    while (deaths.length < kills || !store.status.healthy) await new Promise(resolve => setTimeout(resolve, 20));
  }
  expect(failed).toBeGreaterThan(3);
  await store.keeper!.advance();
  await expectEqual(store);
  await end();
}, 240_000);

test('a record of a month is some rows a day, and what comes late goes where it belongs', async () => {
  const { store, end } = await openTestStore(options);
  const time = (days: number) => new Date(BASE + days * 86_400_000).toISOString();
  const flow = { sourceIPv4Address: '10.0.0.1', destinationIPv4Address: '192.0.2.1', octetDeltaCount: 3_000_000 };
  await insertRecords(store, [{ ...flow, flowStartMilliseconds: time(-30), flowEndMilliseconds: time(0) }], received);
  await store.keeper!.advance();
  for (const table of ['series_minute', 'series_hour']) {
    const rows = await rowsOf(store, table);
    expect(rows, table).toBeGreaterThan(30);
    expect(rows, table).toBeLessThanOrEqual(64);
  }
  const late = { ...flow, octetDeltaCount: 60_000 };
  await insertRecords(store, [{ ...late, flowStartMilliseconds: time(-20), flowEndMilliseconds: time(-20) }], received);
  await store.keeper!.advance();
  const found = await series(
    store,
    { from: BASE - 20 * 86_400_000, to: BASE - 20 * 86_400_000 + 120_000 },
    60,
    localNetworks,
  );
  const rate = 3_000_000 / (30 * 86_400);
  expect(found.outOctets[0]).toBeCloseTo(1000 + rate, 3);
  expect(found.outOctets[1]).toBeCloseTo(rate, 3);
  await end();
}, 120_000);

test('a rollup that came later has what the finer one has, also of records that are gone', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'weir-store-'));
  const first = await openTestStore({ ...options, directory });
  await insertRecords(first.store, someRecords(random, 300), mixed);
  await first.store.keeper!.advance();
  const days = { from: BASE - 9 * 3_600_000 - 12 * 3_600_000, to: BASE + 3 * 86_400_000 + 3 * 3_600_000 };
  const before = await groups(first.store, { ...days, filter: 'not duplicate' }, ['src', 'proto']);
  expect(before.length).toBeGreaterThan(3);
  await first.store.query('TRUNCATE TABLE sources_day');
  await first.store.query("ALTER TABLE rollup_steps DELETE WHERE name = 'sources_day' SETTINGS mutations_sync = 2");
  const [gone] = await first.store.query<{ id: string }>(
    'SELECT toString(toYYYYMMDD(min(recordEnd))) AS id FROM flows WHERE NOT apart',
  );
  await first.store.query(`DELETE FROM flows WHERE _partition_id = '${gone!.id}' AND NOT apart`);
  await first.store.close();
  const { store, end } = await openTestStore({ ...options, directory });
  await store.keeper!.advance();
  expect(await groups(store, { ...days, filter: 'not duplicate' }, ['src', 'proto'])).toEqual(before);
  await end();
}, 120_000);
