import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Versions } from './versions.js';

let directory: string;
let file: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'weir-versions-'));
  file = join(directory, 'weir.yaml');
});
afterEach(() => rmSync(directory, { recursive: true }));

test('each save keeps what was there, undone one after the other', () => {
  const versions = new Versions(file);
  expect(versions.read()).toBe('');
  expect(versions.canUndo).toBe(false);
  for (const text of ['a: 1\n', 'a: 2\n', 'a: 3\n']) versions.save(text);
  expect(readFileSync(`${file}.1`, 'utf8')).toBe('a: 2\n');
  expect(readFileSync(`${file}.2`, 'utf8')).toBe('a: 1\n');
  expect(versions.former()).toBe('a: 2\n');
  versions.back();
  expect(versions.read()).toBe('a: 2\n');
  versions.back();
  versions.back();
  expect(versions.read()).toBe('');
  expect(versions.canUndo).toBe(false);
  expect(() => versions.back()).toThrow(/nothing to undo/);
  expect(readdirSync(directory)).toEqual(['weir.yaml']);
});

test('five are kept', () => {
  const versions = new Versions(file);
  for (let i = 0; i < 9; i++) versions.save(`a: ${i}\n`);
  expect(readFileSync(`${file}.5`, 'utf8')).toBe('a: 3\n');
  expect(existsSync(`${file}.6`)).toBe(false);
});

test('the file keeps its rights, and a new one is its owner’s', () => {
  const versions = new Versions(file);
  versions.save('a: 1\n');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  chmodSync(file, 0o640);
  versions.save('a: 2\n');
  expect(statSync(file).mode & 0o777).toBe(0o640);
  expect(statSync(`${file}.1`).mode & 0o777).toBe(0o640);
});

test('a directory that is not there is told of', () => {
  const versions = new Versions(join(directory, 'nowhere/weir.yaml'));
  expect(() => versions.save('a: 1\n')).toThrow(/cannot be written/);
});

test('what cannot be read is told of', () => {
  writeFileSync(file, '');
  expect(() => new Versions(join(file, 'x')).read()).toThrow(/cannot be read/);
});
