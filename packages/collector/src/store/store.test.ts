import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Store } from './client.js';
import { insertRecords, openTestStore } from './testing/store.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'weir-store-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const three = [{ octetDeltaCount: 1 }, { octetDeltaCount: 2 }, { octetDeltaCount: 3 }];

test('what is stored is there after a restart', async () => {
  const first = await openTestStore({ directory });
  expect(await first.store.size()).toEqual({ rows: 0, octetsOnDisk: 0 });
  await insertRecords(first.store, three);
  await first.store.close();
  const second = await openTestStore({ directory });
  expect(await second.store.query('SELECT sum(octets) AS octets FROM flows')).toEqual([{ octets: '6' }]);
  expect(await second.store.size()).toMatchObject({ rows: 3, octetsOnDisk: expect.any(Number) });
  expect(second.store.status).toEqual({ healthy: true, restarts: 0, pendingBatches: 0 });
  expect(readdirSync(join(directory, 'spool'))).toEqual([]);
  expect([...first.deaths, ...second.deaths]).toEqual([]);
  await second.end();
});

test('an empty block is nothing, a closed store takes none', async () => {
  const { store, end } = await openTestStore({ directory });
  await store.insert(new Uint8Array(), 0);
  await end();
  await expect(store.insert(new Uint8Array(1), 1)).rejects.toThrow('the store is closed');
});

describe('a directory that cannot be opened is one line that says why', () => {
  const open = () => Store.open({ directory });
  const oneLine = (pattern: RegExp) =>
    expect.objectContaining({ name: 'WeirError', message: expect.stringMatching(pattern) });

  test('in use', async () => {
    const { end } = await openTestStore({ directory });
    await expect(open()).rejects.toEqual(oneLine(/^[^\n]* is in use by another process; stop [^\n]*$/));
    await end();
  }, 20_000);

  test('not a directory', async () => {
    rmSync(directory, { recursive: true });
    writeFileSync(directory, '');
    await expect(open()).rejects.toEqual(oneLine(/^cannot write to the data directory [^\n]*--data$/));
  });

  test('of a later Weir', async () => {
    writeFileSync(join(directory, 'store.json'), '{"schema":999}');
    await expect(open()).rejects.toEqual(oneLine(/layout 999, this Weir knows up to 2; use/));
    expect(existsSync(join(directory, 'engine', 'status'))).toBe(false);
  });

  test('with a broken version file', async () => {
    writeFileSync(join(directory, 'store.json'), '{');
    await expect(open()).rejects.toEqual(oneLine(/^cannot read [^\n]*$/));
  });
});

test('a block that the engine does not take is put aside, and the store goes on', async () => {
  const { store, end } = await openTestStore({ directory });
  await expect(store.insert(Uint8Array.from([1, 1, 255, 255]), 1)).rejects.toThrow(
    /put aside as [0-9a-f]{16}\.native\.rejected/,
  );
  await insertRecords(store, three);
  expect((await store.size()).rows).toBe(3);
  expect(readdirSync(join(directory, 'spool'))).toEqual([expect.stringMatching(/\.rejected$/)]);
  await end();
});

test('rubbish in the spool does not keep the store shut', async () => {
  await (await openTestStore({ directory })).store.close();
  writeFileSync(join(directory, 'spool', '0000000000000001.native'), 'rubbish');
  writeFileSync(join(directory, 'spool', '0000000000000002.native.part'), 'half');
  writeFileSync(join(directory, 'spool', 'README'), 'not ours');
  const { deaths, end } = await openTestStore({ directory });
  expect(deaths).toEqual([expect.stringContaining('put aside')]);
  expect(readdirSync(join(directory, 'spool')).sort()).toEqual(['0000000000000001.native.rejected', 'README']);
  await end();
});

test('a column that an earlier release did not have is added', async () => {
  const first = await openTestStore({ directory });
  await insertRecords(first.store, three);
  await first.store.query('ALTER TABLE flows DROP COLUMN vlan');
  await first.store.close();
  const { store, end } = await openTestStore({ directory });
  await insertRecords(store, [{ vlanId: 7 }]);
  expect(await store.query('SELECT sum(vlan) AS vlans, count() AS n FROM flows')).toEqual([{ vlans: '7', n: '4' }]);
  await end();
});

test('queries at the same time get their own values', async () => {
  const { store, end } = await openTestStore({ directory });
  const sleeping = 'SELECT {n:UInt64} AS n, sleep(0.05) AS slept';
  const answers = await Promise.all(Array.from({ length: 12 }, (_, n) => store.query<{ n: string }>(sleeping, { n })));
  expect(answers.map(([row]) => Number(row!.n))).toEqual(Array.from({ length: 12 }, (_, n) => n));
  await end();
});

test('a stream is as long as it is, in order', async () => {
  const { store, end } = await openTestStore({ directory });
  let next = 0;
  for await (const row of store.stream<{ n: string }>('SELECT number AS n FROM numbers(300000) ORDER BY n')) {
    if (Number(row.n) !== next) expect(row.n).toBe(String(next));
    next++;
  }
  expect(next).toBe(300_000);
  const wrong = store.stream('SELECT throwIf(number = 100000) FROM numbers(200000)');
  await expect(
    (async () => {
      for await (const _ of wrong);
    })(),
  ).rejects.toMatchObject({ name: 'WeirError' });
  await end();
});

test('streams that are not read to their end are bounded, and can be given up', async () => {
  const { store, end } = await openTestStore({ directory });
  const open = () => store.stream('SELECT number FROM numbers(1000000)');
  const streams = Array.from({ length: 16 }, open);
  for (const stream of streams) await stream.next();
  await expect(open().next()).rejects.toThrow(/16 lists are being read already/);
  for (const stream of streams) await stream.return(undefined);
  expect(await open().next()).toMatchObject({ done: false });
  await end();
});

test('a wrong or too big query is an error, and the store lives', async () => {
  const store = await Store.open({ directory, memory: 2 ** 30 });
  await expect(store.query('SELECT nothing FROM flows')).rejects.toMatchObject({ name: 'WeirError' });
  await expect(store.query('SELECT length(groupArray(number)) FROM numbers(1000000000)')).rejects.toThrow(
    /memory limit/i,
  );
  expect(
    await store.query('SELECT {n:UInt64} AS n, {t:String} AS t', { n: '18446744073709551615', t: "'; --\n\\" }),
  ).toEqual([{ n: '18446744073709551615', t: "'; --\n\\" }]);
  expect(store.status.restarts).toBe(0);
  await store.close();
  expect(JSON.parse(readFileSync(join(directory, 'store.json'), 'utf8'))).toEqual({ schema: 2 });
}, 30_000);
