import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { groups } from './queries.js';
import { insertRecords, openTestStore } from './testing/store.js';

const DAY = 86_400_000;
const pause = (milliseconds: number) => new Promise(resolve => setTimeout(resolve, milliseconds));

/** Records that ended, and were received, so many days ago. */
async function insertOf(store: Parameters<typeof insertRecords>[0], daysAgo: number, count = 1): Promise<void> {
  const at = Date.now() - daysAgo * DAY;
  const records = Array.from({ length: count }, (_, i) => ({
    sourceIPv4Address: '10.0.0.1',
    octetDeltaCount: 1000 + i,
    flowEndMilliseconds: new Date(at).toISOString(),
    flowId: daysAgo * 1_000_000 + i,
  }));
  await insertRecords(store, records, { exportTime: Math.floor(at / 1000) });
}

test('what is too old goes by itself, and what was summed up of it stays', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'weir-store-'));
  const before = await openTestStore({ directory });
  for (const daysAgo of [0, 1, 12, 15]) await insertOf(before.store, daysAgo);
  await before.store.keeper!.advance();
  expect((await before.store.size()).rows).toBe(4);
  await before.store.close();
  const { store } = await openTestStore({ directory, keepFlows: 10 });
  const { retention } = store.keeper!;
  for (let i = 0; i < 200 && (await store.size()).rows > 2; i++) await pause(100);
  expect((await store.size()).rows).toBe(2);
  await retention.enforce();
  expect(retention.expiredRecords).toBe(2);
  await store.keeper!.advance();
  const found = await groups(store, { from: Date.now() - 20 * DAY, to: Date.now() + 3_600_000 }, ['src']);
  expect(found).toMatchObject([{ flows: 4, octets: 4000 }]);
  await store.close();
  const ever = await openTestStore({ directory });
  const [table] = await ever.store.query<{ engine: string }>(
    "SELECT engine_full AS engine FROM system.tables WHERE name = 'flows'",
  );
  expect(table!.engine).toContain('RECOMPRESS');
  expect(table!.engine).not.toContain('toIntervalDay(10)');
  await ever.end();
}, 60_000);

test('what is too much goes, the oldest first; the newest stays', async () => {
  const { store, end } = await openTestStore({ keepSize: 1_000_000 });
  const { retention } = store.keeper!;
  for (const daysAgo of [3, 0, 2, 1]) await insertOf(store, daysAgo, 30_000);
  const days = async () =>
    (await store.query<{ id: string }>('SELECT DISTINCT _partition_id AS id FROM flows ORDER BY id')).map(
      ({ id }) => id,
    );
  const all = await days();
  expect(all).toHaveLength(4);
  const { octetsOnDisk } = await store.size();
  await retention.enforce(Date.now() + 2 * 3_600_000);
  const kept = await days();
  expect(kept.length).toBeGreaterThan(0);
  expect(kept).toEqual(all.slice(-kept.length));
  const after = await store.size();
  expect(octetsOnDisk).toBeGreaterThan(1_000_000);
  expect(after.octetsOnDisk <= 1_000_000 || kept.length === 1).toBe(true);
  expect(retention.dropped.partitions).toBe(4 - kept.length);
  expect(retention.dropped.octets).toBeGreaterThan(0);
  expect(retention.dropped.records).toBe(30_000 * (4 - kept.length));
  await end();
}, 60_000);
