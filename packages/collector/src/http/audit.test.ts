import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Audit, type AuditEvent } from './audit.js';

const directory = mkdtempSync(join(tmpdir(), 'weir-audit-'));
let files = 0;
const newFile = () => join(directory, String(files++));
afterAll(() => rmSync(directory, { recursive: true }));

const event: AuditEvent = { who: 'ada', role: 'operator', from: '192.0.2.1', action: 'import', outcome: 'done' };
const refusal: AuditEvent = { ...event, who: 'unknown', role: 'none', action: 'login', outcome: 'refused' };
const silent = (line: string) => expect.fail(line);

test('lines are read newest first, a page at a time, from a file of its owner alone', async () => {
  const file = newFile();
  const audit = new Audit(file, silent, () => 1000);
  for (const action of ['a', 'b', 'c', 'd', 'e']) audit.write({ ...event, action });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const first = await audit.read(Number.POSITIVE_INFINITY, 2);
  expect(first.map(({ action }) => action)).toEqual(['e', 'd']);
  const second = await audit.read(first[1]!.time, 10);
  expect(second.map(({ action }) => action)).toEqual(['c', 'b', 'a']);
  expect(second[2]).toEqual({ time: 1000, ...event, action: 'a' });
});

test('two files at most, each bounded', async () => {
  const file = newFile();
  const audit = new Audit(file, silent, Date.now, 1000);
  for (let i = 0; i < 100; i++) audit.write({ ...event, action: String(i) });
  for (const path of [file, `${file}.1`]) expect(statSync(path).size).toBeLessThan(1300);
  const lines = await audit.read(Number.POSITIVE_INFINITY, 1000);
  const newest = lines.map((_, i) => String(99 - i));
  expect(lines.map(({ action }) => action)).toEqual(newest);
  expect(lines.length).toBeGreaterThan(8);
  expect(lines.length).toBeLessThan(25);
});

test('a flood of refusals does not push out what was changed: it is counted', async () => {
  let now = 0;
  const audit = new Audit(newFile(), silent, () => now);
  for (let i = 0; i < 1000; i++) audit.write(refusal);
  audit.write(event);
  expect(audit.counters.lines).toBe(21);
  expect((await audit.read(Number.POSITIVE_INFINITY, 1))[0]).toMatchObject({ who: 'ada', unlisted: 980 });
  now += 61_000;
  audit.write(refusal);
  const [line] = await audit.read(Number.POSITIVE_INFINITY, 1);
  expect(line).toMatchObject({ who: 'unknown' });
  expect(line).not.toHaveProperty('unlisted');
});

test('a file that cannot be written is told, and nothing else fails', () => {
  const file = newFile();
  mkdirSync(file);
  const lines: string[] = [];
  const audit = new Audit(file, line => lines.push(line));
  audit.write(event);
  expect(lines).toEqual([expect.stringMatching(/cannot write to .*EISDIR/)]);
  expect(audit.counters).toEqual({ lines: 0, problems: 1 });
});
