import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Store } from '../client.js';
import type { StoreDoor } from '../door.js';
import { EngineProcess } from '../engineProcess.js';
import { groups, seriesBy, summary } from '../queries.js';
import { rowsOf } from '../rows.js';
import { BASE, localNetworks, someRecords } from '../testing/rollups.js';
import { insertRecords, seeded } from '../testing/store.js';

const HOUR = 3_600_000;
const options = { localNetworks, rollupPause: HOUR };
const received = { exportTime: BASE / 1000 + 7 * 3600 };

/** A data directory of this release, and one with the same records and sums as the release of layout 3 kept them. */
let now: string;
let layout3: string;
beforeEach(async () => {
  [now, layout3] = ['now', '3'].map(name => mkdtempSync(join(tmpdir(), `weir-layout-${name}-`))) as [string, string];
  const store = await Store.open({ ...options, directory: now });
  await insertRecords(store, someRecords(seeded(3), 2000), received);
  await store.keeper!.advance();
  await store.close();
  cpSync(now, layout3, { recursive: true });
  const [directory, spool] = [join(layout3, 'engine'), join(layout3, 'spool')];
  const door = new EngineProcess({ directory, spool, memory: 2 ** 30, onDeath: () => {} });
  await door.open();
  await toLayout3(door);
  await door.close();
  writeFileSync(join(layout3, 'store.json'), '{"schema":3}\n');
}, 60_000);
afterEach(() => {
  for (const directory of [now, layout3]) rmSync(directory, { recursive: true, force: true });
});

/** Sums without directions, and no sample. */
async function toLayout3(door: StoreDoor): Promise<void> {
  const text = readFileSync(new URL('./testing/rollups-v3.sql', import.meta.url), 'utf8');
  for (const statement of text.split(';\n').filter(each => each !== '')) {
    const table = /^CREATE TABLE (\w+)/.exec(statement)![1]!;
    await door.command(`RENAME TABLE ${table} TO now_${table}`);
    await door.command(statement);
    const rows = await rowsOf<{ name: string }>(door, `SELECT name FROM system.columns WHERE table = '${table}'`);
    const columns = rows.map(({ name }) => name).join(', ');
    await door.command(`INSERT INTO ${table} (${columns}) SELECT ${columns} FROM now_${table}`);
    await door.command(`DROP TABLE now_${table} SYNC`);
  }
  for (const table of ['flows_sample', 'sample_step']) await door.command(`DROP TABLE ${table} SYNC`);
  await door.command("DELETE FROM rollup_steps WHERE name = 'flows_sample'");
  await door.command("ALTER TABLE flows MODIFY COMMENT 'layout 3'");
}

const selection = { from: BASE - 100 * HOUR, to: BASE + 1000 * HOUR };

async function answers(store: Store): Promise<object[]> {
  const all = [[], ['src'], ['dst', 'proto'], ['dstport', 'proto'], ['dstas'], ['src', 'exporter']];
  const grouped = [];
  for (const by of all) grouped.push(await groups(store, selection, by));
  return [...grouped, await summary(store, selection)];
}

/** Octets each way by address, rounded: they are sums of fractions. */
async function byAddress(store: Store): Promise<object[]> {
  const within = { from: BASE, to: BASE + 30 * HOUR };
  const { groups: found } = await seriesBy(store, within, { by: 'src', top: 3, stepSeconds: 7200 }, localNetworks);
  return found.map(({ value, outOctets }) => ({ value, out: outOctets.map(each => Math.round(each)) }));
}

test('a directory of layout 3 keeps records and sums, and what is added to it counts as in a new one', async () => {
  const lines: string[] = [];
  const former = await Store.open({ ...options, directory: layout3, onMigration: line => lines.push(line) });
  const fresh = await Store.open({ ...options, directory: now });
  expect(lines).toEqual([expect.stringContaining('from layout 3 to 4')]);
  expect((await former.size()).rows).toBe(2000);
  for (const added of [0, 1000]) {
    for (const store of [former, fresh]) {
      if (added > 0) await insertRecords(store, someRecords(seeded(4), added), received);
      await store.keeper!.advance();
    }
    expect(await answers(former)).toEqual(await answers(fresh));
    expect(await byAddress(former)).toEqual(await byAddress(fresh));
  }
  const kept = await former.query(
    'SELECT countIf(direction = 0) > 0 AS old, countIf(direction > 0) > 0 AS new FROM sources_hour',
  );
  expect(kept).toEqual([{ old: 1, new: 1 }]);
  for (const store of [former, fresh]) await store.close();
  expect(JSON.parse(readFileSync(join(layout3, 'store.json'), 'utf8'))).toEqual({ schema: 4 });
}, 120_000);
