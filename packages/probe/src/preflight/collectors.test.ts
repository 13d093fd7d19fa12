import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Certificates } from '../sending/testing/certificates.js';
import { Receiver } from '../sending/testing/receiver.js';
import { checkCollectors, checkSpool } from './collectors.js';

const folder = mkdtempSync(join(tmpdir(), 'weir-collectors-'));
const certificates = new Certificates(folder);
afterAll(() => rmSync(folder, { recursive: true }));

const check = async (url: string) => (await checkCollectors([url]))[0];

/** A TLS receiver whose certificate is valid for `days`, and the URL to it. */
async function tlsReceiver(name: string, days: number): Promise<{ receiver: Receiver; url: string }> {
  const { cert, key } = certificates.issue(name, days);
  const receiver = await Receiver.listen(0, { cert: readFileSync(cert), key: readFileSync(key) });
  return { receiver, url: `tls://127.0.0.1:${receiver.port}?ca=${certificates.ca}&name=${name}` };
}

describe('collectors', () => {
  test('over TCP: one that is there, and one that is not', async () => {
    const receiver = await Receiver.listen();
    expect(await check(`tcp://127.0.0.1:${receiver.port}`)).toMatchObject({ level: 'ok' });
    await receiver.stop();
    const gone = await check(`tcp://127.0.0.1:${receiver.port}`);
    expect(gone).toMatchObject({ level: 'problem', fixable: false });
    expect(gone.what).toMatch(/cannot be reached: nothing listens there.*\(ECONNREFUSED\)/);
  });

  test.each([
    ['far', 90, 'ok', /valid for (89|90) more days/],
    ['near', 10, 'note', /valid for (9|10) more days/],
    ['past', -1, 'problem', /cannot be reached: .*has expired.*\(CERT_HAS_EXPIRED\)/],
  ])('over TLS: a certificate whose end is %s', async (name, days, level, what) => {
    const { receiver, url } = await tlsReceiver(name, days);
    const finding = await check(url);
    await receiver.stop();
    expect(finding.level).toBe(level);
    expect(finding.what).toMatch(what);
  });

  test('a name without an address', async () => {
    expect(await check('udp://collector.invalid')).toMatchObject({ level: 'problem' });
  });

  test('what UDP cannot tell is not claimed', async () => {
    expect((await check('udp://127.0.0.1:9')).what).toMatch(/does not tell who listens/);
  });
});

test('the spool: room, too little of it, and no directory', () => {
  expect(checkSpool(folder, 1).level).toBe('ok');
  expect(checkSpool(folder, Number.MAX_SAFE_INTEGER).level).toBe('note');
  expect(checkSpool(join(folder, 'nowhere'), 1)).toMatchObject({
    level: 'problem',
    what: expect.stringContaining('ENOENT'),
  });
});
