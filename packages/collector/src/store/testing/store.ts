import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toNative } from '../../flow/native.js';
import { type BatchOptions, batchOf, type TestRecord } from '../../flow/testing/records.js';
import { Store, type StoreOptions } from '../client.js';
import { TestServer } from '../doors/testing/start.js';
import { settingsOf } from './doors.js';

/** A store in a directory of its own, for the tests of one file. */
export interface TestStore {
  readonly store: Store;
  readonly directory: string;
  /** What onDeath was told. */
  readonly deaths: string[];
  /** Closes the store and removes the directory. */
  end(): Promise<void>;
}

/** The same tests run again with the store on a server, in a project of its own: see vitest.config.ts. */
const onServer = process.env.WEIR_TEST_DOOR === 'http';

export async function openTestStore(options: Partial<StoreOptions> = {}): Promise<TestStore> {
  const directory = options.directory ?? mkdtempSync(join(tmpdir(), 'weir-store-'));
  const deaths: string[] = [];
  const http = onServer ? await TestServer.start() : undefined;
  const server = http === undefined ? undefined : settingsOf(http);
  const store = await Store.open({ ...options, directory, server, onDeath: why => deaths.push(why) });
  const end = async () => {
    await store.close();
    await http?.end();
    rmSync(directory, { recursive: true, force: true });
  };
  return { store, directory, deaths, end };
}

/** Encodes, decodes and stores the records as one batch. */
export async function insertRecords(
  store: Store,
  records: readonly TestRecord[],
  options: BatchOptions = {},
): Promise<void> {
  const batch = batchOf(records, options);
  await store.insert(toNative(batch), batch.rows);
}

/** A generator of numbers that yields the same for the same seed (mulberry32). */
export function seeded(seed: number): (below: number) => number {
  let state = seed;
  return below => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}
