import { spawn } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { toNative } from '../../flow/native.js';
import { batchOf } from '../../flow/testing/records.js';
import type { Store } from '../client.js';
import { groups, records } from '../queries.js';
import type { DoorKind, StorePlace } from './doors.js';
import { insertRecords, seeded } from './store.js';

const three = [{ octetDeltaCount: 1 }, { octetDeltaCount: 2 }, { octetDeltaCount: 3 }];
const random = seeded(5103);
const ROWS = 20_000;
const exportTime = Date.parse('2026-03-01T00:00:10Z') / 1000;
const batch = batchOf(
  Array.from({ length: ROWS }, (_, i) => ({
    flowId: i,
    octetDeltaCount: 1,
    flowEndMilliseconds: new Date(exportTime * 1000 - (i % 3) * 86_400_000).toISOString(),
  })),
  { exportTime },
);

/** A block of three days, so of three parts, in an Observation Domain of its own. */
function threeDays(domain: number): Uint8Array {
  new Uint32Array(batch.column('observationDomainId').data.buffer).fill(domain);
  return toNative(batch);
}

async function domains(store: Store): Promise<{ domain: number; n: string; ids: string }[]> {
  return await store.query(
    'SELECT observationDomainId AS domain, count() AS n, uniqExact(flowId) AS ids FROM flows GROUP BY domain ORDER BY domain',
  );
}

async function readAll(rows: AsyncIterable<unknown>): Promise<unknown[]> {
  const all: unknown[] = [];
  for await (const row of rows) all.push(row);
  return all;
}

/** What a store must do, whichever way it asks its engine. To be called in a `describe`. */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: a list of tests, as in the files of tests.
export function storeConformance(door: DoorKind): void {
  let place: StorePlace;
  beforeEach(async () => {
    place = await door.place();
  }, 60_000);
  afterEach(async () => await place.end());

  const spool = () => readdirSync(join(place.directory, 'spool'));

  test('what is stored is there after a restart', async () => {
    const first = await place.open();
    expect(await first.size()).toMatchObject({ rows: 0 });
    await insertRecords(first, three);
    await first.close();
    const second = await place.open();
    expect(await second.query('SELECT sum(octets) AS octets FROM flows')).toEqual([{ octets: '6' }]);
    expect(await second.size()).toMatchObject({ rows: 3, octetsOnDisk: expect.any(Number) });
    expect(second.status).toEqual({ healthy: true, restarts: 0, pendingBatches: 0 });
    expect(spool()).toEqual([]);
    expect(place.told).toEqual([]);
    await second.close();
  });

  test('an empty block is nothing, a closed store takes none', async () => {
    const store = await place.open();
    await store.insert(new Uint8Array(), 0);
    await store.close();
    await expect(store.insert(new Uint8Array(1), 1)).rejects.toThrow('the store is closed');
  });

  test('a block that the engine does not take is put aside, and the store goes on', async () => {
    const store = await place.open();
    await expect(store.insert(Uint8Array.from([1, 1, 255, 255]), 1)).rejects.toThrow(
      /put aside as [0-9a-f]{16}\.native\.rejected/,
    );
    await insertRecords(store, three);
    expect((await store.size()).rows).toBe(3);
    expect(spool()).toEqual([expect.stringMatching(/\.rejected$/)]);
    await store.close();
  });

  test('rubbish in the spool does not keep the store shut', async () => {
    await (await place.open()).close();
    writeFileSync(join(place.directory, 'spool', '0000000000000001.native'), 'rubbish');
    writeFileSync(join(place.directory, 'spool', '0000000000000002.native.part'), 'half');
    writeFileSync(join(place.directory, 'spool', 'README'), 'not ours');
    const store = await place.open();
    expect(place.told).toEqual([expect.stringContaining('put aside')]);
    expect(spool().sort()).toEqual(['0000000000000001.native.rejected', 'README']);
    await store.close();
  });

  test('a column that an earlier release did not have is added', async () => {
    const first = await place.open();
    await insertRecords(first, three);
    await first.query('ALTER TABLE flows DROP COLUMN vlan');
    await first.close();
    const store = await place.open();
    await insertRecords(store, [{ vlanId: 7 }]);
    expect(await store.query('SELECT sum(vlan) AS vlans, count() AS n FROM flows')).toEqual([{ vlans: '7', n: '4' }]);
    await store.close();
  });

  test('queries at the same time get their own values', async () => {
    const store = await place.open();
    const sleeping = 'SELECT {n:UInt64} AS n, sleep(0.05) AS slept';
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, n) => store.query<{ n: string }>(sleeping, { n })),
    );
    expect(answers.map(([row]) => Number(row!.n))).toEqual(Array.from({ length: 12 }, (_, n) => n));
    await store.close();
  });

  test('a stream is as long as it is, in order', async () => {
    const store = await place.open();
    let next = 0;
    for await (const row of store.stream<{ n: string }>('SELECT number AS n FROM numbers(300000) ORDER BY n')) {
      if (Number(row.n) !== next) expect(row.n).toBe(String(next));
      next++;
    }
    expect(next).toBe(300_000);
    const wrong = store.stream('SELECT throwIf(number = 100000) FROM numbers(200000)');
    await expect(readAll(wrong)).rejects.toMatchObject({ name: 'WeirError' });
    await store.close();
  });

  test('streams that are not read to their end are bounded, and can be given up', async () => {
    const store = await place.open();
    const open = () => store.stream('SELECT number FROM numbers(1000000)');
    const streams = Array.from({ length: 16 }, open);
    for (const stream of streams) await stream.next();
    await expect(open().next()).rejects.toThrow(/16 lists are being read already/);
    for (const stream of streams) await stream.return(undefined);
    expect(await open().next()).toMatchObject({ done: false });
    await store.close();
  });

  test('a wrong or too big query is an error, and the store lives', async () => {
    const store = await place.open();
    await expect(store.query('SELECT nothing FROM flows')).rejects.toMatchObject({ name: 'WeirError' });
    await expect(store.query('SELECT length(groupArray(number)) FROM numbers(1000000000)')).rejects.toThrow(
      /memory limit/i,
    );
    expect(
      await store.query('SELECT {n:UInt64} AS n, {t:String} AS t', { n: '18446744073709551615', t: "'; --\n\\" }),
    ).toEqual([{ n: '18446744073709551615', t: "'; --\n\\" }]);
    expect(store.status.restarts).toBe(0);
    await store.close();
  }, 60_000);

  test('a filter, groups and records, as the API asks for them', async () => {
    const store = await place.open();
    await store.insert(threeDays(5), ROWS);
    const selection = { from: (exportTime - 3 * 86_400) * 1000, to: exportTime * 1000 + 1, filter: 'flowid < 30' };
    expect(await groups(store, selection, ['observationDomainId'])).toMatchObject([
      { observationDomainId: 5, flows: 30, octets: 30 },
    ]);
    expect(await readAll(records(store, selection, 7))).toHaveLength(7);
    await store.close();
  });

  test('an engine killed in mid-insert: every batch once', async () => {
    const store = await place.open();
    const inserts: Promise<void>[] = [];
    for (let domain = 0; domain < 6; domain++) {
      inserts.push(store.insert(threeDays(domain), ROWS));
      await new Promise(resolve => setTimeout(resolve, random(80)));
      await place.killEngine(store);
      await expect.poll(() => store.status.healthy, { timeout: 20_000 }).toBe(true);
    }
    await Promise.all(inserts);
    expect(await domains(store)).toEqual(
      Array.from({ length: 6 }, (_, domain) => ({ domain, n: String(ROWS), ids: String(ROWS) })),
    );
    expect(store.status).toMatchObject({ healthy: true, pendingBatches: 0 });
    expect(spool()).toEqual([]);
    await store.close();
  }, 120_000);

  test('a collector killed in mid-insert: every batch of its spool is there once', async () => {
    let before = 0;
    for (const batches of [1, 4]) {
      const spooled = await killedWriter(place, batches);
      const store = await place.open();
      const found = await store.query<{ domain: number; n: string; ids: string }>(
        `SELECT observationDomainId AS domain, count() / uniqExact(batch) AS n, uniqExact(flowId) AS ids FROM flows GROUP BY domain`,
      );
      expect(found.every(({ n, ids }) => Number(n) === ROWS && Number(ids) === ROWS)).toBe(true);
      const { rows } = await store.size();
      // The one behind the last that was told of may have come into the spool too.
      expect(rows / ROWS - before - spooled).toBeGreaterThanOrEqual(0);
      expect(rows / ROWS - before - spooled).toBeLessThanOrEqual(1);
      before = rows / ROWS;
      await store.close();
    }
  }, 120_000);
}

const program = fileURLToPath(new URL('./writer.js', import.meta.url)).replace(/([\\/])src([\\/]store)/, '$1dist$2');

/** Runs the writer until it has spooled a number of batches, and kills it. Returns how many it had spooled. */
async function killedWriter({ directory, server }: StorePlace, batches: number): Promise<number> {
  const more = server === undefined ? [] : [JSON.stringify(server)];
  const writer = spawn(process.execPath, [program, directory, String(ROWS), ...more], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let spooled = 0;
  for await (const line of createInterface(writer.stdout)) {
    const [what, number] = line.split(' ');
    if (what === 'spooled') spooled = Number(number) + 1;
    if (spooled === batches) setTimeout(() => writer.kill('SIGKILL'), random(80));
  }
  return spooled;
}
