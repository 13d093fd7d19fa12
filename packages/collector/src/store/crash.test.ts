import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { toNative } from '../flow/native.js';
import { batchOf } from '../flow/testing/records.js';
import { Store } from './client.js';
import { seeded } from './testing/store.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'weir-crash-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const random = seeded(5103);
const ROWS = 20_000;
const pause = (milliseconds: number) => new Promise(resolve => setTimeout(resolve, milliseconds));

interface Domain {
  observationDomainId: number;
  n: string;
  ids: string;
}

/** Each batch has an Observation Domain of its own. */
function domains(store: Store): Promise<Domain[]> {
  return store.query<Domain>(
    'SELECT observationDomainId, count() AS n, uniqExact(flowId) AS ids FROM flows GROUP BY observationDomainId ORDER BY observationDomainId',
  );
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function waitFor(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 100 && !condition(); i++) await pause(50);
  expect(condition()).toBe(true);
}

const exportTime = Date.parse('2026-03-01T00:00:10Z') / 1000;
const ends = (i: number) => new Date(exportTime * 1000 - (i % 3) * 86_400_000).toISOString();
const batch = batchOf(
  Array.from({ length: ROWS }, (_, i) => ({ flowId: i, flowEndMilliseconds: ends(i) })),
  { exportTime },
);

/** A block of three days, so of three parts, in an Observation Domain of its own. */
function threeDays(domain: number): Uint8Array {
  new Uint32Array(batch.column('observationDomainId').data.buffer).fill(domain);
  return toNative(batch);
}

const once = (domains: number) =>
  Array.from({ length: domains }, (_, observationDomainId) => ({
    observationDomainId,
    n: String(ROWS),
    ids: String(ROWS),
  }));

/** Directory where the table's parts appear. */
async function partsDirectory(store: Store): Promise<string> {
  const [row] = await store.query<{ path: string }>(
    "SELECT arrayElement(data_paths, 1) AS path FROM system.tables WHERE name = 'flows'",
  );
  return row!.path;
}

/** Calls back when a number of parts in that directory have got their final names. */
function whenParts(parent: string, count: number, call: () => void): void {
  const parts = new Set<string>();
  const watcher = watch(parent, (_, name) => {
    if (name === null || !/^\d/.test(name) || parts.size === count) return;
    parts.add(name);
    if (parts.size < count) return;
    watcher.close();
    call();
  });
}

test('an engine killed in mid-insert: every batch once', async () => {
  const deaths: string[] = [];
  // Who keeps the sums tells, too, where the engine was lost meanwhile.
  const onDeath = (why: string) => void (/ended \(SIGKILL\)/.test(why) && deaths.push(why));
  const store = await Store.open({ directory, onDeath });
  const parent = await partsDirectory(store);
  const inserts: Promise<void>[] = [];
  for (let domain = 0; domain < 8; domain++) {
    const kill = () => process.kill(store.enginePid!, 'SIGKILL');
    const block = threeDays(domain);
    if (domain % 2 === 0) whenParts(parent, 1 + (domain % 3), kill);
    else setTimeout(kill, random(60));
    inserts.push(store.insert(block, ROWS));
    await waitFor(() => store.status.healthy && deaths.length > domain);
  }
  await Promise.all(inserts);
  expect(await domains(store)).toEqual(once(8));
  expect(store.status).toEqual({ healthy: true, restarts: 8, pendingBatches: 0 });
  expect(readdirSync(join(directory, 'spool'))).toEqual([]);
  await store.close();
}, 60_000);

test('a batch that is in the table, whole or in part, and still in the spool', async () => {
  for (const partitions of [[], ['20260227'], ['20260227', '20260301'], ['20260227', '20260228', '20260301']]) {
    const block = threeDays(0);
    const before = await Store.open({ directory });
    await before.insert(block, ROWS);
    const [row] = await before.query<{ batch: string }>('SELECT DISTINCT batch FROM flows');
    for (const partition of partitions) await before.query(`ALTER TABLE flows DROP PARTITION ${partition}`);
    await before.close();
    const file = `${BigInt(row!.batch).toString(16).padStart(16, '0')}.native`;
    writeFileSync(join(directory, 'spool', file), block);
    const after = await Store.open({ directory });
    expect(await domains(after)).toEqual(once(1));
    expect(readdirSync(join(directory, 'spool'))).toEqual([]);
    await after.query('TRUNCATE TABLE flows');
    await after.close();
  }
}, 60_000);

test('a query waits for an engine that is being restarted', async () => {
  const store = await Store.open({ directory });
  process.kill(store.enginePid!, 'SIGKILL');
  await waitFor(() => !store.status.healthy);
  expect(await store.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await store.close();
}, 30_000);

/** Runs the writer until it has spooled a number of batches, kills it, and returns how many it had spooled and its engine. */
async function killedWriter(batches: number): Promise<{ spooled: number; engine: number }> {
  const program = fileURLToPath(new URL('./testing/writer.js', import.meta.url)).replace(
    /([\\/])src([\\/]store)/,
    '$1dist$2',
  );
  const writer = spawn(process.execPath, [program, directory, String(ROWS)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let [spooled, engine] = [0, 0];
  for await (const line of createInterface(writer.stdout)) {
    const [what, number] = line.split(' ');
    if (what === 'engine') engine = Number(number);
    else spooled = Number(number) + 1;
    if (spooled === batches) setTimeout(() => writer.kill('SIGKILL'), random(80));
  }
  return { spooled, engine };
}

test('a collector killed in mid-insert: its engine ends with it, every batch of the spool is there once', async () => {
  for (const batches of [1, 4, 6]) {
    const { spooled, engine } = await killedWriter(batches);
    expect(spooled).toBeGreaterThanOrEqual(batches);
    const store = await Store.open({ directory });
    await waitFor(() => !alive(engine));
    const found = await domains(store);
    // The one behind the last that was told of may have come into the spool too.
    expect(found.length - spooled).toBeGreaterThanOrEqual(0);
    expect(found.length - spooled).toBeLessThanOrEqual(1);
    expect(found.every(domain => Number(domain.n) === ROWS && Number(domain.ids) === ROWS)).toBe(true);
    await store.query('TRUNCATE TABLE flows');
    await store.close();
  }
}, 120_000);
