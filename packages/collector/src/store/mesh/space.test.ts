import { expect, test } from 'vitest';
import { openTestStore, seeded } from '../testing/store.js';
import { Feed } from './testing/feed.js';

const START = Date.parse('2026-03-01T00:00:00Z');
/** Minutes: the first state of a day is told whole, the others are like each other. */
const MINUTES = Number(process.env.WEIR_MESH_MINUTES ?? 240);
const DAY = 1440;

const sizeSql = `SELECT sum(bytes_on_disk) AS octets FROM system.parts
  WHERE active AND database = currentDatabase() AND table = 'mesh_history'`;
const columnSql = `SELECT column, sum(column_data_compressed_bytes) AS octets FROM system.parts_columns
  WHERE active AND database = currentDatabase() AND table = 'mesh_history' GROUP BY column ORDER BY octets DESC`;

test('a year of 1,000 nodes and 2,000 links, looked at each minute, takes less than 1 GB', async () => {
  const { store, end } = await openTestStore();
  const feed = new Feed(seeded(5));
  const sizes: number[] = [];
  for (let minute = 0; minute < MINUTES; minute++) {
    await store.meshHistory.keep('city', feed.next(), START + minute * 60_000, 150, false);
    if (minute > 0 && minute < MINUTES - 1) continue;
    await store.query('OPTIMIZE TABLE mesh_history FINAL');
    const [{ octets } = { octets: '0' }] = await store.query<{ octets: string }>(sizeSql);
    sizes.push(Number(octets));
  }
  const [whole, all] = sizes as [number, number];
  const [{ rows } = { rows: '0' }] = await store.query<{ rows: string }>('SELECT count() AS rows FROM mesh_history');
  const aMinute = (all - whole) / (MINUTES - 1);
  const aYear = 365.25 * (whole + (DAY - 1) * aMinute);
  if (process.env.WEIR_MESH_MINUTES !== undefined)
    console.log({ whole, aMinute, rows, aYear, columns: await store.query(columnSql) });
  expect(Number(rows) / MINUTES).toBeGreaterThan(1000);
  expect(aYear).toBeLessThan(1e9);
  await end();
}, 600_000);
