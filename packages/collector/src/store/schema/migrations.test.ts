import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Store } from '../client.js';
import type { StoreDoor } from '../door.js';
import { EngineProcess } from '../engineProcess.js';
import { groups, records } from '../queries.js';
import { insertRecords } from '../testing/store.js';
import { createTable } from './flows.js';
import { prepareSchema } from './migrations.js';
import { VersionFile } from './version.js';

const ROWS = 300_000;
const DAYS = 3;
const NOON = Date.parse('2026-03-03T12:00:00Z');
const bit = (n: number) => (1n << BigInt(n)).toString();

/** A data directory as the release of layout 1 made it, with records that ended on three days. */
let layout1: string;
let work: string;
beforeAll(async () => {
  layout1 = mkdtempSync(join(tmpdir(), 'weir-layout-1-'));
  work = mkdtempSync(join(tmpdir(), 'weir-layout-2-'));
  for (const part of ['engine', 'spool']) mkdirSync(join(layout1, part));
  writeFileSync(join(layout1, 'store.json'), '{"schema":1}\n');
  const door = doorTo(layout1);
  await door.open();
  await door.command(readFileSync(new URL('./testing/flows-v1.sql', import.meta.url), 'utf8'));
  // octetDeltaCount, flowEndMilliseconds and flowId; every tenth with elements that had no column.
  await door.command(
    `INSERT INTO flows (exporter, receivedAt, exportTime, present, octets, flowEnd, flowId, other, batch)
     SELECT toIPv6('192.0.2.1'), fromUnixTimestamp64Milli(${NOON}, 'UTC'), fromUnixTimestamp64Milli(${NOON}, 'UTC'),
       ${bit(15)} + ${bit(23)} + ${bit(29)}, number, fromUnixTimestamp64Milli(${NOON} - (number % ${DAYS}) * 86400000, 'UTC'), number,
       if(number % 10 = 0, map('interfaceName', 'eth0', 'samplingInterval', if(number = 0, '[1,2]', '100')), map()), 77
     FROM numbers(${ROWS}) SETTINGS max_block_size = 65536, min_insert_block_size_rows = 65536, max_threads = 1`,
  );
  await door.close();
}, 60_000);
afterAll(() => {
  for (const directory of [layout1, work]) rmSync(directory, { recursive: true, force: true });
});

function doorTo(directory: string): EngineProcess {
  const [engine, spool] = [join(directory, 'engine'), join(directory, 'spool')];
  return new EngineProcess({ directory: engine, spool, memory: 2 ** 30, onDeath: () => {} });
}

function copyOfLayout1(name: string): string {
  const directory = join(work, name);
  cpSync(layout1, directory, { recursive: true });
  return directory;
}

async function expectMigrated(store: Store): Promise<void> {
  const days = await store.query(
    `SELECT _partition_id AS day, count() AS n, sum(octets) AS octets, sum(samplingInterval) AS sampling,
       countIf(present2 = 1) AS sampled, countIf(mapContains(other, 'samplingInterval')) AS kept, countIf(other['interfaceName'] = 'eth0') AS named,
       countIf(batch = 77) AS batched, uniqExact(flow) AS flows
     FROM flows GROUP BY day ORDER BY day DESC`,
  );
  expect(days).toEqual(
    Array.from({ length: DAYS }, (_, day) => {
      const numbers = Array.from({ length: ROWS / DAYS }, (_, i) => i * DAYS + day);
      const tenths = numbers.filter(n => n % 10 === 0);
      const sampled = tenths.filter(n => n > 0).length;
      return {
        day: `2026030${3 - day}`,
        n: String(numbers.length),
        octets: String(numbers.reduce((sum, n) => sum + n, 0)),
        sampling: String(100 * sampled),
        sampled: String(sampled),
        kept: day === 0 ? '1' : '0',
        named: String(tenths.length),
        batched: String(numbers.length),
        flows: String(numbers.length),
      };
    }),
  );
  expect(await store.query("SELECT name FROM system.tables WHERE database = 'default' AND name LIKE 'flows%'")).toEqual(
    [{ name: 'flows' }, { name: 'flows_sample' }, { name: 'flows_sample_coarse' }],
  );
}

test('a directory of layout 1 is brought to this one, and goes on from there', async () => {
  const directory = copyOfLayout1('whole');
  const lines: string[] = [];
  const first = await Store.open({ directory, onMigration: line => lines.push(line) });
  expect(lines).toEqual(
    ['from layout 1 to 2', 'from layout 2 to 3', 'from layout 3 to 4'].map(step => expect.stringContaining(step)),
  );
  await expectMigrated(first);
  const selection = { from: NOON - 86_400_000 * DAYS, to: NOON + 1000 };
  const [sampled] = await groups(first, { ...selection, filter: 'sampling = 100' }, ['samplingInterval']);
  expect(sampled).toMatchObject({ samplingInterval: 100, flows: ROWS / 10 - 1 });
  const found = records(first, { ...selection, filter: 'flowid = 10 or flowid = 0' });
  expect((await found.next()).value).toMatchObject({ record: { samplingInterval: 100, interfaceName: 'eth0' } });
  expect((await found.next()).value).toMatchObject({ record: { samplingInterval: [1, 2] } });
  await first.close();
  expect(JSON.parse(readFileSync(join(directory, 'store.json'), 'utf8'))).toEqual({ schema: 4 });
  const second = await Store.open({ directory, onMigration: line => lines.push(line) });
  expect(lines.length).toBe(3);
  await insertRecords(second, [{ samplingInterval: 7 }]);
  expect((await second.size()).rows).toBe(ROWS + 1);
  await second.close();
}, 60_000);

/** The engine is killed while it does, or when it has done, the first statement that begins so. */
type Kill = readonly [when: 'amid' | 'after', statement: string];

/** Runs the migration until the kill. Returns the statements that it came to. */
async function migrateUntil(directory: string, [when, statement]: Kill): Promise<string[]> {
  const engine = doorTo(directory);
  await engine.open();
  const statements: string[] = [];
  const command = async (sql: string): Promise<void> => {
    statements.push(sql);
    const done = engine.command(sql);
    if (!sql.startsWith(statement)) return await done;
    if (when === 'after') await done;
    else await Promise.race([done, new Promise(resolve => setTimeout(resolve, 60))]);
    process.kill(engine.pid!, 'SIGKILL');
    await done;
    throw new Error('killed');
  };
  const door: StoreDoor = {
    healthy: true,
    restarts: 0,
    pid: engine.pid,
    open: () => engine.open(),
    insert: block => engine.insert(block),
    query: (sql, parameters) => engine.query(sql, parameters),
    stream: (sql, parameters) => engine.stream(sql, parameters),
    download: (sql, parameters, format) => engine.download(sql, parameters, format),
    close: () => engine.close(),
    command,
  };
  const version = VersionFile.open(join(directory, 'store.json'));
  await expect(prepareSchema(door, version, () => {})).rejects.toThrow();
  expect(version.layout).toBe(1);
  await engine.close();
  return statements;
}

test('a migration that is killed anywhere goes on where it was', async () => {
  const directory = copyOfLayout1('killed');
  const kills: Kill[] = [
    ['after', 'CREATE'],
    ['amid', 'INSERT'],
    ['after', 'INSERT'],
    ['amid', 'INSERT'],
    ['amid', 'EXCHANGE'],
  ];
  const inserts: number[] = [];
  for (const kill of kills) {
    const statements = await migrateUntil(directory, kill);
    inserts.push(statements.filter(sql => sql.startsWith('INSERT')).length);
  }
  // No partition that was copied is copied again; whether one was, when the engine was killed amid it, is as it happens.
  expect(inserts.slice(0, 4)).toEqual([0, 1, 1, 1]);
  expect(inserts[4]).toBeLessThanOrEqual(2);
  expect(existsSync(join(directory, 'store.json.part'))).toBe(false);
  const store = await Store.open({ directory });
  await expectMigrated(store);
  await store.close();
}, 120_000);

test('half a partition, as a kill between two blocks of it leaves, is copied anew', async () => {
  const directory = copyOfLayout1('half');
  const door = doorTo(directory);
  await door.open();
  await door.command(createTable('flows_next'));
  await door.command(
    "INSERT INTO flows_next (receivedAt, flowEnd, present, octets) SELECT receivedAt, flowEnd, present, octets FROM flows WHERE _partition_id = '20260302' LIMIT 1000",
  );
  await door.close();
  const store = await Store.open({ directory });
  await expectMigrated(store);
  await store.close();
}, 60_000);

test('a migration that is killed behind the exchange does not exchange again', async () => {
  const directory = copyOfLayout1('exchanged');
  await migrateUntil(directory, ['after', 'EXCHANGE']);
  const statements = await migrateUntil(directory, ['amid', 'DROP']);
  expect(statements.length).toBe(1);
  const store = await Store.open({ directory });
  await expectMigrated(store);
  await store.close();
}, 60_000);
