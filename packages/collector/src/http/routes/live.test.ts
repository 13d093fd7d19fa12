import { mkdtempSync, rmSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask, change, type LoggedIn } from '../testing/ask.js';
import { type Name, PeopledCollector, people } from '../testing/peopled.js';
import { writeUsers } from '../users.js';

const directory = mkdtempSync(join(tmpdir(), 'weir-live-'));
let collector: PeopledCollector;

beforeAll(async () => {
  collector = await PeopledCollector.startGuarded(directory);
}, 60_000);
afterAll(async () => {
  await collector.stop();
  rmSync(directory, { recursive: true });
});

/** A live stream, which has told something. */
interface Stream {
  ended: boolean;
  /** Milliseconds until it ends. @throws where it does not within 5 s */
  end(): Promise<number>;
}

async function open({ cookie }: Pick<LoggedIn, 'cookie'>): Promise<Stream> {
  const response = await new Promise<IncomingMessage>((done, fail) => {
    get(new URL('/api/v1/live', collector.http), { headers: { cookie } }, done).on('error', fail);
  });
  expect(response.statusCode).toBe(200);
  await new Promise(done => response.once('data', done));
  response.resume();
  const stream = {
    ended: false,
    end: async () => {
      const from = performance.now();
      await expect.poll(() => stream.ended, { timeout: 5000, interval: 5 }).toBe(true);
      return performance.now() - from;
    },
  };
  response.once('end', () => (stream.ended = true));
  return stream;
}

const users = async (...kept: Name[]) => (await people()).filter(({ name }) => kept.includes(name as Name));

test('a live stream ends with the logout at once, and that of others goes on', async () => {
  const [vera, otto] = [await collector.session('vera'), await collector.session('otto')];
  const [hers, again, his] = [await open(vera), await open(vera), await open(otto)];
  await ask(collector.http, '/api/v1/logout', change(vera));
  expect(await hers.end()).toBeLessThan(500);
  await again.end();
  // Two more events and he has been told of both.
  await new Promise(done => setTimeout(done, 2100));
  expect(his.ended).toBe(false);
});

test('it ends within the second where its user is removed, or may do less than before', async () => {
  const [vera, otto, token] = [
    await open(await collector.session('vera')),
    await open(await collector.session('otto')),
    await open(await collector.session()),
  ];
  writeUsers(collector.usersFile, await users('otto'));
  expect(await vera.end()).toBeLessThan(1500);
  expect(otto.ended).toBe(false);
  const viewers = (await users('vera', 'otto')).map(user => ({ ...user, role: 'viewer' as const }));
  writeUsers(collector.usersFile, viewers);
  expect(await otto.end()).toBeLessThan(1500);
  expect(token.ended).toBe(false);
  writeUsers(collector.usersFile, await people());
});
