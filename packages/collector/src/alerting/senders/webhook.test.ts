import { createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { haveOpenssl, TestAuthority } from '../../collecting/testing/certificates.js';
import { parseChannel } from '../address.js';
import { bodyOf } from '../body.js';
import { HttpReceiver, patience, scanMessage } from '../testing/receivers.js';
import { openSender } from './open.js';
import { reasonOf } from './reason.js';

const directory = mkdtempSync(join(tmpdir(), 'weir-webhook-'));
let receiver: HttpReceiver;
beforeAll(async () => {
  receiver = await HttpReceiver.start();
});
afterEach(() => {
  receiver.posted.length = 0;
  receiver.status = 204;
  delete process.env.WEIR_ALERT_TOKEN_HOOK;
});
afterAll(async () => {
  await receiver.stop();
  rmSync(directory, { recursive: true });
});

const address = (path: string) => `hook=http://127.0.0.1:${receiver.port}${path}`;

async function send(text: string, signal = patience()): Promise<string> {
  const settings = parseChannel(text);
  try {
    return await openSender(settings).send(scanMessage(), signal);
  } catch (error) {
    throw new Error(reasonOf(error, settings));
  }
}

test('posts JSON, without what is behind #', async () => {
  process.env.WEIR_ALERT_TOKEN_HOOK = 'from the environment';
  expect(await send(address('/a/b?c=d#'))).toBe('the receiver answered 204');
  const [posted] = receiver.posted;
  expect(posted).toMatchObject({ url: '/a/b?c=d', body: bodyOf(scanMessage()) });
  expect(posted!.headers).toMatchObject({
    ...{ 'content-type': 'application/json', 'webhook-id': scanMessage().id },
    authorization: 'Bearer from the environment',
  });
  expect(posted!.headers['webhook-signature']).toBeUndefined();
});

test.each([
  ['any text', Buffer.from('any text')],
  ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64')],
])('signs with %s as Standard Webhooks has it', async (secret, key) => {
  writeFileSync(join(directory, 'secret'), `${secret}\n`);
  await send(address(`/#secret-file=${directory}/secret`));
  const { headers, body } = receiver.posted[0]!;
  const [id, seconds] = [headers['webhook-id'], Number(headers['webhook-timestamp'])];
  expect(Math.abs(Date.now() / 1000 - seconds)).toBeLessThan(5);
  const signature = createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64');
  expect(headers['webhook-signature']).toBe(`v1,${signature}`);
});

test.each([
  [302, /answered 302, which leads elsewhere/],
  [401, /see token-file/],
  [404, /nothing at the path/],
  [429, /too many messages/],
  [500, /in trouble itself/],
])('a refusal with %i', async (status, message) => {
  receiver.status = status;
  await expect(send(address('/'))).rejects.toThrow(message);
  expect(receiver.posted).toHaveLength(1);
});

test('a receiver that does not answer, or is not there', async () => {
  receiver.status = 0;
  await expect(send(address('/'), AbortSignal.timeout(100))).rejects.toThrow(/abort|in time/);
  await expect(send('hook=http://127.0.0.1:1/secret/path')).rejects.toThrow(
    /^nobody listens there: see whether the receiver runs, and its port \(connect ECONNREFUSED 127.0.0.1:1\)$/,
  );
});

test('nothing that is told holds the path or the token', async () => {
  const settings = parseChannel(address('/T0/secret?key=geheim'));
  expect(openSender(settings).where).toBe(`webhook of http://127.0.0.1:${receiver.port}`);
  expect(reasonOf(new Error('POST /T0/secret?key=geheim failed'), settings)).toBe('POST ****** failed');
});

test.skipIf(!haveOpenssl)('over TLS the certificate has to be right', async () => {
  const authority = new TestAuthority(directory, 'authority');
  const { key, cert } = authority.issue('receiver');
  const tls = await HttpReceiver.start(0, { key: readFileSync(key), cert: readFileSync(cert) });
  try {
    await expect(send(`hook=https://127.0.0.1:${tls.port}/`)).rejects.toThrow(
      /not to be trusted .*name who signed it with ca=FILE/,
    );
    expect(tls.posted).toHaveLength(0);
    expect(await send(`hook=https://localhost:${tls.port}/#ca=${authority.cert}`)).toMatch(/204/);
    await expect(send(`hook=https://127.0.0.1:${receiver.port}/`)).rejects.toThrow(/does not speak TLS/);
  } finally {
    await tls.stop();
  }
  const other = await HttpReceiver.start(0, { key: readFileSync(key), cert: readFileSync(cert) }, '127.0.0.2');
  try {
    const named = send(`hook=https://127.0.0.2:${other.port}/#ca=${authority.cert}`);
    await expect(named).rejects.toThrow(/its certificate is for another name/);
    expect(other.posted).toHaveLength(0);
  } finally {
    await other.stop();
  }
});
