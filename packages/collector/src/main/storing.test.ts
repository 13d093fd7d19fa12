import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { toNative } from '../flow/native.js';
import { batchOf } from '../flow/testing/records.js';
import { Store } from '../store/client.js';
import { Storing } from './storing.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

test('blocks that wait for a slow engine are in the spool, not in memory as well', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'weir-storing-'));
  const store = await Store.open({ directory });
  const storing = new Storing(store, join(directory, 'sessions.json'), () => {});
  try {
    process.kill(store.enginePid!, 'SIGSTOP');
    const blocks = Array.from({ length: 4 }, (_, i) => {
      const block = toNative(batchOf([{ flowId: i, octetDeltaCount: 1 }], { exportTime: 1_700_000_000 }));
      storing.take({ block, rows: 1, from: 0, to: 0 }, undefined);
      return new WeakRef(block);
    });
    await new Promise(resolve => setTimeout(resolve, 50));
    collectGarbage();
    expect(store.status.pendingBatches).toBe(4);
    expect(blocks.filter(block => block.deref() !== undefined)).toEqual([]);
    process.kill(store.enginePid!, 'SIGCONT');
    await storing.settled();
    expect(storing.counters).toEqual({ storedBatches: 4, storedRecords: 4, failedRecords: 0 });
  } finally {
    process.kill(store.enginePid!, 'SIGCONT');
    await store.close();
    rmSync(directory, { recursive: true, force: true });
  }
});

test('a store that is behind holds up who brings batches, and takes all that was on its way', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'weir-storing-'));
  const store = await Store.open({ directory, pendingBatches: 20 });
  const storing = new Storing(store, join(directory, 'sessions.json'), () => {});
  const block = toNative(batchOf([{ flowId: 1 }], { exportTime: 1_700_000_000 }));
  const taken: number[] = [];
  try {
    process.kill(store.enginePid!, 'SIGSTOP');
    for (let i = 0; i < 20; i++) {
      void storing.take({ block, rows: 1, from: 0, to: 0 }, undefined).then(() => taken.push(i));
    }
    await new Promise(resolve => setTimeout(resolve, 50));
    expect(taken).toEqual([0, 1, 2]);
    process.kill(store.enginePid!, 'SIGCONT');
    await storing.settled();
    expect(taken).toHaveLength(20);
    expect(storing.counters).toEqual({ storedBatches: 20, storedRecords: 20, failedRecords: 0 });
  } finally {
    process.kill(store.enginePid!, 'SIGCONT');
    await store.close();
    rmSync(directory, { recursive: true, force: true });
  }
});

test('a block put in the moment the one before is stored is stored as well', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'weir-storing-'));
  const store = await Store.open({ directory });
  try {
    const block = toNative(batchOf([{ flowId: 1 }], { exportTime: 1_700_000_000 }));
    let last = store.insert(block, 1);
    for (let i = 0; i < 5; i++) last = last.then(() => store.insert(block, 1));
    await last;
    expect((await store.size()).rows).toBe(6);
  } finally {
    await store.close();
    rmSync(directory, { recursive: true, force: true });
  }
});
