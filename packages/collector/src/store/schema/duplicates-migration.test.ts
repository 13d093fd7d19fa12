import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Store } from '../client.js';
import { EngineProcess } from '../engineProcess.js';
import { groups, seriesBy } from '../queries.js';
import { insertRecords } from '../testing/store.js';
import { createTable } from './flows.js';

const HOUR = Date.parse('2026-03-01T21:00:00Z');
const source = '10.0.0.1';

/** A data directory as the release of layout 2 made it: the sums of an hour whose records have expired. */
let directory: string;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'weir-layout-2-'));
  for (const part of ['engine', 'spool']) mkdirSync(join(directory, part));
  writeFileSync(join(directory, 'store.json'), '{"schema":2}\n');
  const door = doorTo(directory);
  await door.open();
  const rollups = readFileSync(new URL('./testing/rollups-v2.sql', import.meta.url), 'utf8');
  for (const statement of [
    createTable('flows'),
    'ALTER TABLE flows DROP COLUMN duplicate',
    "ALTER TABLE flows MODIFY COMMENT 'layout 2'",
    ...rollups.split(';\n').filter(text => text !== ''),
    'CREATE TABLE rollup_steps (name String, first UInt64, last UInt64) ENGINE = ReplacingMergeTree(last) ORDER BY name',
    "INSERT INTO rollup_steps VALUES ('series_hour', 0, 77), ('series_minute', 0, 77), ('sources_hour', 0, 77), ('destinations_hour', 0, 77)",
    `INSERT INTO sources_hour (day, time, sourceAddress, exporter, observationDomainId, protocol, present, lone, octets, batch)
     VALUES ('2026-03-01', ${HOUR / 1000}, '::ffff:${source}', '::ffff:192.0.2.1', 1, 6, 65, 3, 1000, 77)`,
  ]) {
    await door.command(statement);
  }
  await door.close();
}, 60_000);
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function doorTo(path: string): EngineProcess {
  const [engine, spool] = [join(path, 'engine'), join(path, 'spool')];
  return new EngineProcess({ directory: engine, spool, memory: 2 ** 30, onDeath: () => {} });
}

async function keysOf(store: Store): Promise<string[]> {
  const rows = await store.query<{ keys: string }>(
    "SELECT sorting_key AS keys FROM system.tables WHERE database = currentDatabase() AND name IN ('series_hour', 'series_minute', 'sources_hour', 'destinations_hour')",
  );
  return rows.map(({ keys }) => keys.split(', ').slice(-3).join(' ')).sort();
}
const newKeys = [...Array(2).fill('duplicate present2 direction'), ...Array(2).fill('present duplicate present2')];

test('rollups of layout 2 keep their sums, and tell duplicates apart from then on', async () => {
  const lines: string[] = [];
  const store = await Store.open({ directory, onMigration: line => lines.push(line), rollupPause: 3_600_000 });
  expect(lines).toEqual(['from layout 2 to 3', 'from layout 3 to 4'].map(line => expect.stringContaining(line)));
  expect(await keysOf(store)).toEqual(newKeys);
  const record = {
    sourceIPv4Address: source,
    destinationIPv4Address: '192.0.2.9',
    protocolIdentifier: 6,
    octetDeltaCount: 50,
    flowEndMilliseconds: new Date(HOUR + 60_000).toISOString(),
  };
  const exportTime = HOUR / 1000 + 120;
  await insertRecords(store, [record, record], { exportTime, duplicates: index => index === 1 });
  await store.keeper!.advance();
  const selection = { from: HOUR, to: HOUR + 3_600_000 };
  expect(await groups(store, selection, ['src'])).toMatchObject([{ src: source, octets: 1050 }]);
  expect(await groups(store, selection, ['src', 'exporter'])).toMatchObject([{ octets: 1100 }]);
  expect(await groups(store, { ...selection, filter: 'duplicate' }, ['src'])).toMatchObject([{ octets: 50 }]);
  // Which way the old sums went is not known: series by address are of the records that there are.
  const asked = { by: 'src', top: 1, stepSeconds: 3600 };
  const { groups: series } = await seriesBy(store, selection, asked, []);
  expect(series[0]!.outOctets[0]! * 3600).toBeCloseTo(50, 3);
  const [flows] = await store.query<{ comment: string }>("SELECT comment FROM system.tables WHERE name = 'flows'");
  expect(flows?.comment).toBe('layout 4');
  await store.close();
}, 60_000);

test('a step that was killed between two tables goes on', async () => {
  const door = doorTo(directory);
  await door.open();
  await door.command(
    'ALTER TABLE series_hour ADD COLUMN duplicate UInt8, ADD COLUMN present2 UInt64, MODIFY ORDER BY (day, exporter, time, observationDomainId, protocol, ingressInterface, egressInterface, present, duplicate, present2)',
  );
  await door.close();
  const store = await Store.open({ directory, rollupPause: 3_600_000 });
  expect(await keysOf(store)).toEqual(newKeys);
  expect(JSON.parse(readFileSync(join(directory, 'store.json'), 'utf8'))).toEqual({ schema: 4 });
  await store.close();
}, 60_000);
