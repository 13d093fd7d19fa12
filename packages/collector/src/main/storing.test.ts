import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { BlockFile } from '../collecting/spool/directory.js';
import { toNative } from '../flow/native.js';
import { batchOf } from '../flow/testing/records.js';
import { Store } from '../store/client.js';
import { Storing } from './storing.js';

let directory: string;
let store: Store;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'weir-storing-'));
  store = await Store.open({ directory });
});
afterEach(async () => {
  process.kill(store.enginePid!, 'SIGCONT');
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});

function blockFile(name: string): BlockFile {
  const block = toNative(batchOf([{ flowId: 1 }], { exportTime: 1_700_000_000 }));
  const path = join(directory, name);
  writeFileSync(path, block);
  return { path, octets: block.length, rows: 1, from: 0, to: 0 };
}

test('a store that is behind holds up who brings blocks by their octets, and takes all that was on its way', async () => {
  const blocks = Array.from({ length: 20 }, (_, i) => blockFile(`${i}.native`));
  const storing = new Storing(store, 3 * blocks[0]!.octets, () => {});
  const taken: number[] = [];
  process.kill(store.enginePid!, 'SIGSTOP');
  blocks.forEach((block, i) => void storing.take(block).then(() => taken.push(i)));
  await new Promise(resolve => setTimeout(resolve, 50));
  expect(taken).toEqual([0, 1]);
  expect(storing.octets).toBe(20 * blocks[0]!.octets);
  expect(readdirSync(directory).filter(name => name.endsWith('.native'))).toEqual([]);
  process.kill(store.enginePid!, 'SIGCONT');
  await storing.settled();
  expect(taken).toHaveLength(20);
  expect(storing.counters).toEqual({ storedBatches: 20, storedRecords: 20, failedRecords: 0 });
  expect(storing.octets).toBe(0);
});

test('a block that is not there is counted as lost, and said', async () => {
  const told: string[] = [];
  const storing = new Storing(store, 1000, line => told.push(line));
  await storing.take({ path: join(directory, 'nowhere'), octets: 5, rows: 7, from: 0, to: 0 });
  await storing.settled();
  expect(storing.counters).toEqual({ storedBatches: 0, storedRecords: 0, failedRecords: 7 });
  expect(told).toEqual([expect.stringMatching(/^7 Flow Records are lost: cannot write a batch to the spool: ENOENT/)]);
});

test('a block put in the moment the one before is stored is stored as well', async () => {
  const block = toNative(batchOf([{ flowId: 1 }], { exportTime: 1_700_000_000 }));
  let last = store.insert(block, 1);
  for (let i = 0; i < 5; i++) last = last.then(() => store.insert(block, 1));
  await last;
  expect((await store.size()).rows).toBe(6);
});
