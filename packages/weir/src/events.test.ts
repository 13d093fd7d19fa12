import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Store, type TrafficEvent } from '@weir/collector/reading';
import { afterAll, beforeAll, expect, test } from 'vitest';

const program = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'weir-events-'));
afterAll(() => rmSync(directory, { recursive: true }));

const now = Date.now();
const event: TrafficEvent = {
  ...{ id: 'a', kind: 'flood', form: 'udp', source: '10.0.0.1', target: '10.0.0.2' },
  ...{ subject: { name: '10.0.0.2', filter: 'dst host 10.0.0.2' }, start: now - 120_000, end: now - 60_000 },
  ...{ size: 12_345, expected: 0, unit: 'flows/s' },
  causes: [{ name: '10.0.0.1 → udp/53', filter: 'host 10.0.0.1', share: 0.7 }],
};

beforeAll(async () => {
  const store = await Store.open({ directory });
  await store.events.keep([{ event, open: undefined }]);
  await store.close();
}, 60_000);

function run(...options: string[]): Promise<{ status: number; out: string; err: string }> {
  const child = spawn(process.execPath, [program, 'events', '--data', directory, ...options]);
  let [out, err] = ['', ''];
  child.stdout.on('data', chunk => (out += chunk));
  child.stderr.on('data', chunk => (err += chunk));
  return new Promise(resolve => child.on('close', status => resolve({ status: status ?? -1, out, err })));
}

test('events are listed as a table, as JSON and as CSV', async () => {
  const table = await run();
  expect(table).toMatchObject({ status: 0, err: '' });
  expect(table.out).toMatch(/^began +lasted +kind +source +target +size +usual +causes +filter\n/);
  expect(table.out).toContain('1m00s  flood (udp)  10.0.0.1  10.0.0.2  12.3 k flows/s');
  expect(table.out).toContain('70% 10.0.0.1 → udp/53');
  expect(JSON.parse((await run('--format', 'json')).out)).toEqual(event);
  const [head, row] = (await run('--format', 'csv')).out.trimEnd().split('\n');
  expect(head?.split(',')).toEqual(
    expect.arrayContaining(['start', 'end', 'kind', 'size', 'unit', 'subject', 'causes']),
  );
  expect(row).toContain('0.700 10.0.0.1 → udp/53');
}, 60_000);

test('where there is none it says so; what is no time is refused', async () => {
  expect(await run('--to', '-1h')).toEqual({ status: 0, out: 'Nothing unusual in this time.\n', err: '' });
  expect(await run('--from', 'yesterday')).toMatchObject({ status: 2, err: expect.stringContaining('--from') });
  expect(await run('--from', 'now', '--to', '-1h')).toMatchObject({ status: 2 });
}, 60_000);
