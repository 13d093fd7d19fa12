import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EngineProcess } from './engineProcess.js';
import { ExpiredRecords } from './expired.js';
import { createTable } from './schema/flows.js';

const DAY = 86_400_000;
const NOON = Date.parse('2026-03-03T12:00:00Z');

let directory: string;
let door: EngineProcess;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'weir-expired-'));
  const [engine, spool] = [join(directory, 'engine'), join(directory, 'spool')];
  for (const each of [engine, spool]) mkdirSync(each);
  door = new EngineProcess({ directory: engine, spool, memory: 2 ** 30, onDeath: () => {} });
  await door.open();
  await door.command(createTable('flows'));
}, 30_000);
afterAll(async () => {
  await door.close();
  rmSync(directory, { recursive: true, force: true });
});

const insert = (rows: number, day: number) =>
  door.command(
    `INSERT INTO flows (receivedAt, exportTime, batch) SELECT fromUnixTimestamp64Milli(${NOON + day * DAY}, 'UTC') AS t, t, 1 FROM numbers(${rows})`,
  );
const partition = (day: number) => new Date(NOON + day * DAY).toISOString().slice(0, 10).replaceAll('-', '');

test('what is gone has expired, unless it was merged or dropped for another reason', async () => {
  const expired = new ExpiredRecords(door);
  await expired.look();
  for (const [rows, day] of [
    [10, 0],
    [20, 0],
    [40, 1],
    [80, 2],
  ] as const)
    await insert(rows, day);
  await expired.look();
  await door.command('OPTIMIZE TABLE flows FINAL');
  await expired.look();
  expect(expired.count).toBe(0);
  await door.command(`ALTER TABLE flows DROP PARTITION ID '${partition(0)}'`);
  await insert(160, 0);
  await expired.look();
  expect(expired.count).toBe(30);
  await door.command(`ALTER TABLE flows DROP PARTITION ID '${partition(1)}'`);
  expired.forget(partition(1));
  await expired.look();
  expect(expired.count).toBe(30);
});
