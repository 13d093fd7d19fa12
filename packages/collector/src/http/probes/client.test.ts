import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { haveOpenssl, TestAuthority } from '../../collecting/testing/certificates.js';
import { ProbeClient } from './client.js';

let directory: string;
const servers: { close(): unknown }[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'weir-probe-client-'));
});
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
  rmSync(directory, { recursive: true });
});

async function listening(server: Server, where: string | number): Promise<number> {
  servers.push(server);
  await new Promise<void>(done => {
    if (typeof where === 'string') server.listen(where, done);
    else server.listen(where, '127.0.0.1', done);
  });
  return (server.address() as AddressInfo).port;
}

/** A probe on a socket that answers this. */
async function probe(answer: RequestListener): Promise<ProbeClient> {
  const path = join(directory, 'probe.sock');
  await listening(createServer(answer), path);
  return new ProbeClient({ name: 'roof', place: { kind: 'unix', path } });
}

const answering = (status: number, text: string) => probe((_request, response) => response.writeHead(status).end(text));

test('what is asked, and what is answered', async () => {
  const client = await probe(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    response.end(JSON.stringify({ method: request.method, path: request.url, body }));
  });
  expect(await client.ask('GET', '/setup')).toEqual({ method: 'GET', path: '/setup', body: '' });
  expect(await client.ask('POST', '/apply', { a: 1 })).toEqual({ method: 'POST', path: '/apply', body: '{"a":1}' });
});

test('what the probe refuses is said with its words and status', async () => {
  const client = await answering(422, '{"error":"metrics: the port is taken"}');
  await expect(client.ask('POST', '/apply', {})).rejects.toMatchObject({
    ...{ statusCode: 422, message: 'metrics: the port is taken' },
  });
});

test.each([
  [401, '{"error":"the token is missing"}', /does not know our token/],
  [500, '{"error":"secret"}', /failed to answer/],
  [200, 'no JSON', /failed to answer/],
  [302, '{}', /failed to answer/],
  [404, '<html>', /failed to answer/],
])('%i %s is a failure of the probe', async (status, text, message) => {
  const client = await answering(status, text);
  await expect(client.ask('GET', '/setup')).rejects.toMatchObject({
    ...{ statusCode: 502, message: expect.stringMatching(message) },
  });
});

test('an answer without end is broken off', async () => {
  const client = await answering(200, `"${'x'.repeat(5_000_000)}"`);
  await expect(client.ask('GET', '/setup')).rejects.toMatchObject({ statusCode: 503 });
});

test('a probe that is not there, and a token that is not there', async () => {
  const gone = new ProbeClient({ name: 'roof', place: { kind: 'unix', path: join(directory, 'none.sock') } });
  await expect(gone.ask('GET', '/setup')).rejects.toMatchObject({
    ...{ statusCode: 503, message: expect.stringMatching(/"roof" cannot be asked.*none\.sock.*ENOENT/) },
  });
  const place = { kind: 'http', host: '127.0.0.1', port: 1, tokenFile: join(directory, 'none') } as const;
  await expect(new ProbeClient({ name: 'roof', place }).ask('GET', '/setup')).rejects.toThrow(/ENOENT/);
});

test.skipIf(!haveOpenssl)('over TLS only a probe with the right certificate gets the token', async () => {
  const [right, wrong] = [new TestAuthority(directory, 'right'), new TestAuthority(directory, 'wrong')];
  const { cert, key } = right.issue('probe');
  const tokenFile = join(directory, 'token');
  writeFileSync(tokenFile, 'a-token\n');
  const seen: unknown[] = [];
  const server = createTlsServer({ cert: readFileSync(cert), key: readFileSync(key) }, (request, response) => {
    seen.push(request.headers.authorization);
    response.end('{}');
  });
  const port = await listening(server, 0);
  const of = (ca: string) =>
    new ProbeClient({ name: 'roof', place: { kind: 'https', host: '127.0.0.1', port, tokenFile, ca } });
  expect(await of(right.cert).ask('GET', '/setup')).toEqual({});
  await expect(of(wrong.cert).ask('GET', '/setup')).rejects.toMatchObject({ statusCode: 503 });
  expect(seen).toEqual(['Bearer a-token']);
});
