import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { startMetrics } from './metrics-server.js';

const folder = mkdtempSync(join(tmpdir(), 'weir-metrics-'));
const tokenFile = join(folder, 'token');
writeFileSync(tokenFile, 'secret\n');
afterAll(() => rmSync(folder, { recursive: true }));

const start = (listen: string, token?: string) =>
  startMetrics({ listen, tokenFile: token, version: '1', status: () => [] });

test('on loopback, to everyone there', async () => {
  const server = await start('127.0.0.1:0');
  const response = await fetch(server.url);
  expect([response.status, response.headers.get('content-type')]).toEqual([
    200,
    'text/plain; version=0.0.4; charset=utf-8',
  ]);
  expect(await response.text()).toContain('weir_probe_build_info{version="1"} 1\n');
  expect((await fetch(server.url.replace('/metrics', '/'))).status).toBe(404);
  await server.close();
});

test('with a token, to those who have it', async () => {
  const server = await start('127.0.0.1:0', tokenFile);
  const status = async (authorization: string) => (await fetch(server.url, { headers: { authorization } })).status;
  expect([await status('Bearer secret'), await status('Bearer secreT'), await status('')]).toEqual([200, 401, 401]);
  await server.close();
});

test.each([
  ['0.0.0.0:0', undefined, /reached from elsewhere: give --metrics-token-file/],
  ['[::]:0', undefined, /reached from elsewhere/],
  ['9100', undefined, /not an address: write HOST:PORT/],
  ['127.0.0.1:70000', undefined, /not an address/],
  ['127.0.0.1:0', join(folder, 'nowhere'), /nowhere cannot be read \(ENOENT\)/],
])('%s with token file %s is refused', async (listen, token, message) => {
  await expect(start(listen, token)).rejects.toThrow(message);
});

test('a port that is taken is named', async () => {
  const server = await start('127.0.0.1:0');
  const { host } = new URL(server.url);
  await expect(start(host)).rejects.toThrow(`metrics "${host}": the address cannot be listened on (EADDRINUSE)`);
  await server.close();
});
