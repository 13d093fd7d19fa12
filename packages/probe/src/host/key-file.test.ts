import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readKeyFile } from './key-file.js';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'weir-key-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

function keyFile(name: string, octets: number, mode: number): string {
  const path = join(directory, name);
  writeFileSync(
    path,
    Uint8Array.from({ length: octets }, (_, i) => i),
  );
  chmodSync(path, mode);
  return path;
}

test('a key', () => {
  expect([...readKeyFile(keyFile('good', 4, 0o600), 4)]).toEqual([0, 1, 2, 3]);
  expect([...readKeyFile(keyFile('read-only', 2, 0o400), 2)]).toEqual([0, 1]);
});

test.each([
  ['world', 32, 0o644, /chmod 600/],
  ['group', 32, 0o640, /chmod 600/],
  ['short', 31, 0o600, /has 31 octets, not 32: make one with: \(umask 077; head -c 32 \/dev\/urandom/],
])('%s is refused with what to do', (name, octets, mode, message) => {
  const path = keyFile(name, octets, mode);
  expect(() => readKeyFile(path, 32)).toThrow(message);
});

test('no file', () => {
  expect(() => readKeyFile(join(directory, 'none'), 32)).toThrow(/ENOENT.*make one with/);
});
