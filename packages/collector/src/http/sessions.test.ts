import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Sessions } from './sessions.js';

const directory = mkdtempSync(join(tmpdir(), 'weir-sessions-'));
const hour = 3_600_000;
let files = 0;
const newFile = () => join(directory, String(files++));
afterAll(() => rmSync(directory, { recursive: true }));

function opened(file = newFile(), clock = { now: 1_000_000 }) {
  const lines: string[] = [];
  const sessions = new Sessions(
    file,
    line => lines.push(line),
    () => clock.now,
  );
  return { sessions, clock, lines, file };
}

test('a session ends 12 hours after it was used last', () => {
  const { sessions, clock } = opened();
  const secret = sessions.open('ada', 'hash');
  clock.now += 11 * hour;
  expect(sessions.find(secret)?.user).toBe('ada');
  clock.now += 11 * hour;
  expect(sessions.find(secret)?.user).toBe('ada');
  clock.now += 12 * hour;
  expect(sessions.find(secret)).toBeUndefined();
  expect(sessions.size).toBe(0);
});

test('a session ends after 7 days, used or not', () => {
  const { sessions, clock } = opened();
  const secret = sessions.open('ada', 'hash');
  for (let hours = 0; hours < 7 * 24 - 1; hours++) {
    clock.now += hour;
    expect(sessions.find(secret)).toBeDefined();
  }
  clock.now += hour;
  expect(sessions.find(secret)).toBeUndefined();
});

test('sessions outlive a restart; the file is its owner’s alone and nobody can be somebody with it', () => {
  const { sessions, file, clock } = opened();
  const [kept, closed] = [sessions.open('ada', 'hash'), sessions.open('bob', 'other')];
  sessions.close(closed);
  sessions.stop();
  const again = opened(file, clock).sessions;
  expect(again.find(kept)?.user).toBe('ada');
  expect(again.find(closed)).toBeUndefined();
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const text = readFileSync(file, 'utf8');
  expect(text).toContain('ada');
  expect(text).not.toContain(kept);
  expect(again.find((JSON.parse(text) as { id: string }[])[0]!.id)).toBeUndefined();
});

test('when a session was used last outlives a restart', () => {
  const { sessions, file, clock } = opened();
  const secret = sessions.open('ada', 'hash');
  clock.now += 11 * hour;
  sessions.find(secret);
  sessions.stop();
  clock.now += 11 * hour;
  expect(opened(file, clock).sessions.find(secret)).toBeDefined();
});

test('of more than a thousand sessions that which was used the longest ago ends', () => {
  const { sessions, clock } = opened();
  const secrets = Array.from({ length: 1000 }, () => {
    clock.now++;
    return sessions.open('ada', 'hash');
  });
  clock.now++;
  sessions.find(secrets[0]!);
  const last = sessions.open('ada', 'hash');
  expect(sessions.size).toBe(1000);
  expect(sessions.find(secrets[1]!)).toBeUndefined();
  for (const secret of [secrets[0]!, secrets[2]!, last]) expect(sessions.find(secret)).toBeDefined();
});

test.each(['', '{"id":1}', '[{"id":1}]', 'nonsense'])('a file with %j logs everybody out, and says so', text => {
  const file = newFile();
  writeFileSync(file, text);
  const { sessions, lines } = opened(file);
  expect(lines).toEqual([expect.stringMatching(/everybody has to log in again/)]);
  expect(sessions.find(sessions.open('ada', 'hash'))).toBeDefined();
});
