import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { afterAll, expect, test } from 'vitest';
import { haveOpenssl, TestAuthority } from '../../collecting/testing/certificates.js';
import { parseChannel } from '../address.js';
import { testMessage } from '../message.js';
import { BEGIN } from '../testing/events.js';
import { patience, scanMessage } from '../testing/receivers.js';
import { openSender } from './open.js';
import { reasonOf } from './reason.js';
import { syslogMessages } from './syslog.js';

const directory = mkdtempSync(join(tmpdir(), 'weir-syslog-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** RFC 5424 section 6, with what we leave out left out. */
const LINE = /^<(\d+)>1 (\S+) (\S+) weir (\d+) (\S+) - \u{feff}(.*)$/su;

async function send(transport: string, port: number, more = ''): Promise<string> {
  const settings = parseChannel(`log=syslog+${transport}://127.0.0.1:${port}?facility=local0${more}`);
  try {
    return await openSender(settings).send(scanMessage(), patience());
  } catch (error) {
    throw new Error(reasonOf(error, settings));
  }
}

/** What connections bring. */
async function listening(server: Server): Promise<{ port: number; got: string[] }> {
  const got: string[] = [];
  server.on('connection', socket => socket.on('error', () => {}));
  server.on(
    server.listenerCount('tlsClientError') >= 0 && 'setSecureContext' in server ? 'secureConnection' : 'connection',
    socket => {
      let text = '';
      socket.on('data', (chunk: Buffer) => (text += chunk));
      socket.on('end', () => got.push(text));
    },
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, got };
}

test('over UDP a datagram for each event', async () => {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const got = once(socket, 'message');
  expect(await send('udp', socket.address().port)).toMatch(/UDP does not tell whether it arrived/);
  const [, priority, time, , pid, id, text] = LINE.exec(String((await got)[0]))!;
  expect([priority, pid, id]).toEqual([String(16 * 8 + 4), String(process.pid), 'scan']);
  expect(time).toBe('2026-11-28T03:00:00.000Z');
  expect(text).toMatch(
    /^New: scan: 192\.0\.2\.7; since .*; 1,204 targets, .*; mostly due to port 22 \(83 %\), .*; https:/,
  );
  const { port } = socket.address();
  socket.close();
  await expect(send('udp', port)).rejects.toThrow(/nobody listens there/);
});

test('over TCP with its length before it', async () => {
  const server = createServer();
  const { port, got } = await listening(server);
  expect(await send('tcp', port)).toMatch(/the receiver has taken it/);
  const [, length, message] = /^(\d+) (.*)$/s.exec(got[0]!)!;
  expect(Buffer.byteLength(message!)).toBe(Number(length));
  expect(message).toMatch(LINE);
  await new Promise(resolve => server.close(resolve));
  await expect(send('tcp', port)).rejects.toThrow(/nobody listens there/);
});

test.skipIf(!haveOpenssl)('over TLS if the certificate is right', async () => {
  const authority = new TestAuthority(directory, 'authority');
  const { key, cert } = authority.issue('log');
  const server = createTlsServer({ key: readFileSync(key), cert: readFileSync(cert) });
  const { port, got } = await listening(server);
  expect(await send('tls', port, `&ca=${authority.cert}`)).toMatch(/taken it/);
  expect(got[0]).toMatch(/^\d+ <132>1 /);
  await expect(send('tls', port)).rejects.toThrow(/not to be trusted/);
  expect(got).toHaveLength(1);
  await new Promise(resolve => server.close(resolve));
});

test('what is too long is cut between two characters', () => {
  const { items, ...message } = scanMessage();
  const [octets] = syslogMessages({ ...message, items: [{ ...items[0]!, line: `x${'ü'.repeat(3000)}` }] }, 3);
  expect(octets!.length).toBeLessThanOrEqual(2048);
  expect(octets!.length).toBeGreaterThan(2040);
  expect(octets!.toString()).toMatch(/ü$/);
});

test('a test is a line, too', () => {
  const [octets, ...others] = syslogMessages(testMessage('log', 'http://localhost/', BEGIN), 3);
  expect(others).toEqual([]);
  expect(LINE.exec(octets!.toString())!.slice(5)).toEqual(['test', 'Weir: a test of alerts']);
});
