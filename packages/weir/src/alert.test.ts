import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Collector, startCollector } from '@weir/collector';
import { afterAll, beforeAll, expect, test } from 'vitest';

const program = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const data = mkdtempSync(join(tmpdir(), 'weir-alert-'));
const receiver = createServer((request, response) => request.resume().on('end', () => response.writeHead(200).end()));
let collector: Collector;

beforeAll(async () => {
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const { port } = receiver.address() as AddressInfo;
  collector = await startCollector({
    ...{ data, http: '127.0.0.1:0', listen: ['udp://127.0.0.1:0'] },
    ...{ 'as-database': 'none', 'country-database': 'none' },
    alerts: [`pager=http://127.0.0.1:${port}/`, 'away=http://127.0.0.1:1/'],
  });
});
afterAll(async () => {
  await collector.stop();
  receiver.close();
  rmSync(data, { recursive: true });
});

function tryAlerts(...options: string[]): Promise<{ status: number; out: string; err: string }> {
  const child = spawn(process.execPath, [program, 'alert', 'test', ...options]);
  let [out, err] = ['', ''];
  child.stdout.on('data', chunk => (out += chunk));
  child.stderr.on('data', chunk => (err += chunk));
  return new Promise(resolve => child.on('close', status => resolve({ status: status ?? -1, out, err })));
}

test('weir alert test says what came of each', async () => {
  expect(await tryAlerts('pager', '--data', data)).toEqual({
    ...{ status: 0, err: '' },
    out: expect.stringMatching(/^pager, webhook of http:\/\/127\.0\.0\.1:\d+: sent; the receiver answered 200\n$/),
  });
  const { status, out, err } = await tryAlerts('--data', data);
  expect(status).toBe(1);
  expect(out).toMatch(/^pager, .*: sent; .*\naway, webhook of .*: NOT sent; nobody listens there: see whether .*\n$/);
  expect(err).toBe(
    'weir: 1 of 2 test messages did not get through; docs/how-to/be-told.md says what each channel needs\n',
  );
});

test.each([
  [['nobody', '--data', data], 2, /there is no channel "nobody"; there are pager, away/],
  [['--data', '/nonexistent'], 1, /no collector answers at \/nonexistent\/collector\.sock; see whether it runs/],
  [['--data', data, '--url', 'http://127.0.0.1:1'], 2, /exclude one another/],
])('%j is refused in one line', async (options, status, message) => {
  const refused = await tryAlerts(...options);
  expect([refused.status, refused.out]).toEqual([status, '']);
  expect(refused.err).toMatch(message);
  expect(refused.err.trim().split('\n')).toHaveLength(1);
});
