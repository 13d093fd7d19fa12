import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LastReport } from './last-report.js';

const OWNER = 4_294_967_295;
const UNTIL = 1_767_323_045_678;
const LAST = { until: UNTIL, silence: 60_000 };
const NOTHING = { until: 0, silence: 0 };
let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'weir-last-'));
  path = join(directory, 'report');
});
afterEach(() => rmSync(directory, { recursive: true }));

test('what one probe has written, the next one reads', () => {
  const last = new LastReport(path, OWNER);
  last.write(LAST);
  expect([last.read(), new LastReport(path, OWNER).read()]).toEqual([LAST, LAST]);
  const stopped = { until: UNTIL + 1000, silence: 0 };
  last.write(stopped);
  expect(new LastReport(path, OWNER).read()).toEqual(stopped);
  // Nobody else is to read or set it.
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('a shorter time takes the place of a longer one as a whole', () => {
  new LastReport(path, OWNER).write(LAST);
  const { size } = statSync(path);
  const other = new LastReport(path, 7);
  other.write({ until: 12, silence: 0 });
  expect([other.read(), statSync(path).size]).toEqual([{ until: 12, silence: 0 }, size]);
  expect(readFileSync(path, 'utf8')).toMatch(/^7 12 0 *\n$/);
});

test('of another boot or network namespace it says nothing', () => {
  new LastReport(path, OWNER).write(LAST);
  expect(new LastReport(path, OWNER - 1).read()).toEqual(NOTHING);
});

test('without a file nothing was exported', () => {
  expect(new LastReport(path, OWNER).read()).toEqual(NOTHING);
});

test.each([
  ['empty', ''],
  ['without a time', `${OWNER}`],
  ['with something else for it', `${OWNER} yesterday\n`],
  ['with no time yet', `${OWNER} 0 60000\n`],
  ['with a time before the epoch', `${OWNER} -5\n`],
  ['of octets', '\0\x01\xff\n'],
])('a file %s says nothing, and is written anew', (_, text) => {
  writeFileSync(path, text);
  const last = new LastReport(path, OWNER);
  expect(last.read()).toEqual(NOTHING);
  last.write(LAST);
  expect(last.read()).toEqual(LAST);
});

test('what cannot be written ends nothing', () => {
  const last = new LastReport(join(directory, 'none', 'report'), OWNER);
  expect(() => last.write(LAST)).not.toThrow();
  expect(last.read()).toEqual(NOTHING);
});
