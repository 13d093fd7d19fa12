import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDoor } from './doors/open.js';
import { Keeper } from './keeper.js';
import { rowsOf } from './rows.js';

test('few records come into the rollups, too, and also where the engine always has enough to do', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'weir-store-'));
  const told: string[] = [];
  const tell = (line: string) => told.push(line);
  const { door } = await openDoor({ directory, onDeath: tell, onMigration: tell });
  let looks = 0;
  const busy = () => ++looks > 0;
  const keeper = await Keeper.open(door, { settled: () => 7n, busy, tell, rollupPause: 20 });
  keeper.start();
  while (looks < 2) await new Promise(resolve => setTimeout(resolve, 20));
  const before = looks;
  await door.command('INSERT INTO flows (octets, exportTime, receivedAt, batch) VALUES (1, now64(3), now64(3), 7)');
  const rows = async () =>
    Number((await rowsOf<{ n: string }>(door, 'SELECT sum(lone + length(running)) AS n FROM sources_hour'))[0]!.n);
  while ((await rows()) === 0 && looks < before + 100) await new Promise(resolve => setTimeout(resolve, 20));
  expect(await rows()).toBe(1);
  await keeper.close();
  await door.close();
  expect(told).toEqual([]);
  rmSync(directory, { recursive: true, force: true });
}, 60_000);
