import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { haveOpenssl, TestAuthority } from '../../collecting/testing/certificates.js';
import { until } from '../../collecting/testing/exporter.js';
import { parseChannel } from '../address.js';
import { bodyOf } from '../body.js';
import { patience, scanMessage } from '../testing/receivers.js';
import { openSender } from './open.js';
import { reasonOf } from './reason.js';

const needed = ['mosquitto', 'mosquitto_sub', 'mosquitto_passwd'];
const isThere = spawnSync('sh', ['-c', needed.map(name => `command -v ${name}`).join(' && ')]).status === 0;
if (!isThere) console.log('skipped: MQTT: Debian packages mosquitto and mosquitto-clients are not installed');

const directory = mkdtempSync(join(tmpdir(), 'weir-mqtt-'));
const running: ChildProcess[] = [];
afterEach(async () => {
  for (const child of running.splice(0)) {
    child.kill();
    if (child.exitCode === null) await once(child, 'exit');
  }
});
afterAll(() => rmSync(directory, { recursive: true }));

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise(resolve => server.close(resolve));
  return port;
}

interface Broker {
  readonly port: number;
  /** Its log. */
  said: string;
}

async function startBroker(...lines: string[]): Promise<Broker> {
  const broker = { port: await freePort(), said: '' };
  const file = join(directory, `${broker.port}.conf`);
  writeFileSync(file, [`listener ${broker.port} 127.0.0.1`, 'user root', ...lines, ''].join('\n'));
  const child = spawn('mosquitto', ['-v', '-c', file]);
  running.push(child);
  child.stderr!.on('data', chunk => (broker.said += chunk));
  await until(() => / running/.test(broker.said));
  return broker;
}

/** What a subscriber of the topic says of the first message that it gets. */
async function subscribe(broker: Broker, ...options: string[]): Promise<() => Promise<string>> {
  const to = ['-h', 'localhost', '-p', String(broker.port), '-t', 'weir/#', '-q', '1'];
  const child = spawn('mosquitto_sub', [...to, '-d', '-C', '1', ...options]);
  running.push(child);
  let out = '';
  child.stdout!.on('data', chunk => (out += chunk));
  const closed = once(child, 'close');
  await until(() => /Sending SUBACK/.test(broker.said));
  return () => closed.then(() => out);
}

async function send(text: string): Promise<string> {
  const settings = parseChannel(text);
  try {
    return await openSender(settings).send(scanMessage(), patience());
  } catch (error) {
    throw new Error(reasonOf(error, settings));
  }
}

describe.skipIf(!isThere || !haveOpenssl)('mosquitto', () => {
  test.each([
    ['', 1, 'the broker has it'],
    ['?qos=0', 0, 'it was sent; with qos=0 the broker does not tell whether it has it'],
  ])('gets what is published%s', async (query, qos, what) => {
    const broker = await startBroker('allow_anonymous true');
    const got = await subscribe(broker);
    expect(await send(`bus=mqtt://127.0.0.1:${broker.port}/weir/alerts${query}`)).toBe(what);
    const out = await got();
    expect(out).toContain(bodyOf(scanMessage()));
    expect(out).toContain(`q${qos}, r0`);
  });

  test('wants the right password', async () => {
    const passwords = join(directory, 'passwords');
    expect(spawnSync('mosquitto_passwd', ['-b', '-c', passwords, 'weir', 'correct horse']).status).toBe(0);
    chmodSync(passwords, 0o600);
    const { port } = await startBroker('allow_anonymous false', `password_file ${passwords}`);
    writeFileSync(join(directory, 'right'), 'correct horse\n');
    writeFileSync(join(directory, 'wrong'), 'battery staple\n');
    const login = (file: string) =>
      `bus=mqtt://127.0.0.1:${port}/weir/a?user=weir&password-file=${join(directory, file)}`;
    expect(await send(login('right'))).toBe('the broker has it');
    await expect(send(login('wrong'))).rejects.toThrow(/see user and password-file$/);
    await expect(send(`bus=mqtt://127.0.0.1:${port}/weir/a`)).rejects.toThrow(/see user and password-file$/);
  });

  test('over TLS if its certificate is right', async () => {
    const authority = new TestAuthority(directory, 'authority');
    const { cert, key } = authority.issue('broker');
    const broker = await startBroker('allow_anonymous true', `certfile ${cert}`, `keyfile ${key}`);
    const got = await subscribe(broker, '--cafile', authority.cert);
    expect(await send(`bus=mqtts://localhost:${broker.port}/weir/a?ca=${authority.cert}`)).toBe('the broker has it');
    expect(await got()).toContain('scan-192.0.2.7');
    await expect(send(`bus=mqtts://localhost:${broker.port}/weir/a`)).rejects.toThrow(/not to be trusted/);
  });
});

describe('what is no broker', () => {
  let port: number;
  const server = createServer(socket => {
    socket.on('error', () => {}).on('data', () => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'));
  });
  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  });
  afterAll(() => new Promise(resolve => server.close(resolve)));

  test('is told of, and one that says nothing is given up', async () => {
    await expect(send(`bus=mqtt://127.0.0.1:${port}/weir/a`)).rejects.toThrow(/no MQTT broker|without an answer/);
    await expect(send('bus=mqtt://127.0.0.1:1/weir/a')).rejects.toThrow(/nobody listens there/);
    const silent = createServer(() => {}).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const sender = openSender(parseChannel(`bus=mqtt://127.0.0.1:${(silent.address() as AddressInfo).port}/weir/a`));
    await expect(sender.send(scanMessage(), AbortSignal.timeout(200))).rejects.toThrow(/timeout/);
    silent.close();
  });
});
