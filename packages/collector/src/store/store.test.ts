import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Store } from './client.js';
import { openTestStore } from './testing/store.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'weir-store-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe('a directory that cannot be opened is one line that says why', () => {
  const open = () => Store.open({ directory });
  const oneLine = (pattern: RegExp) =>
    expect.objectContaining({ name: 'WeirError', message: expect.stringMatching(pattern) });

  test('in use', async () => {
    const { end } = await openTestStore({ directory });
    await expect(open()).rejects.toEqual(oneLine(/^[^\n]* is in use by another process; stop [^\n]*$/));
    await end();
  }, 60_000);

  test('not a directory', async () => {
    rmSync(directory, { recursive: true });
    writeFileSync(directory, '');
    await expect(open()).rejects.toEqual(oneLine(/^cannot write to the data directory [^\n]*--data$/));
  });

  test('of a later Weir', async () => {
    writeFileSync(join(directory, 'store.json'), '{"schema":999}');
    await expect(open()).rejects.toEqual(oneLine(/layout 999, this Weir knows up to \d+; use/));
    expect(existsSync(join(directory, 'engine', 'status'))).toBe(false);
  });

  test('with a broken version file', async () => {
    writeFileSync(join(directory, 'store.json'), '{');
    await expect(open()).rejects.toEqual(oneLine(/^cannot read [^\n]*$/));
  });
});
