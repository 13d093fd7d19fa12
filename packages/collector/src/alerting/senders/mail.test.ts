import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { haveOpenssl, TestAuthority } from '../../collecting/testing/certificates.js';
import { parseChannel } from '../address.js';
import { patience, scanMessage } from '../testing/receivers.js';
import { openSender } from './open.js';
import { reasonOf } from './reason.js';

const directory = mkdtempSync(join(tmpdir(), 'weir-mail-'));
const password = join(directory, 'password');
beforeAll(() => writeFileSync(password, 'correct horse\n'));
afterAll(() => rmSync(directory, { recursive: true }));

interface Got {
  readonly from: string;
  readonly to: string[];
  readonly secure: boolean;
  readonly user: unknown;
  readonly mail: string;
}

/** An SMTP server that keeps what it gets while `work` runs. */
async function withServer(
  options: SMTPServerOptions,
  work: (port: number, got: Got[]) => Promise<void>,
  address = '127.0.0.1',
): Promise<void> {
  const got: Got[] = [];
  const server = new SMTPServer({
    logger: false,
    onAuth: ({ username, password: secret }, _session, done) =>
      username === 'weir' && secret === 'correct horse' ? done(null, { user: username }) : done(new Error('no')),
    onData(stream, { envelope, secure, user }, done) {
      let mail = '';
      stream.on('data', chunk => (mail += chunk));
      stream.on('end', () => {
        const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
        got.push({ from, to: envelope.rcptTo.map(({ address }) => address), secure, user, mail });
        done(null, 'queued as 4711');
      });
    },
    ...options,
  });
  // A client that does not trust us breaks off.
  server.on('error', () => {});
  await new Promise<void>(resolve => server.listen(0, address, () => resolve()));
  try {
    await work((server.server.address() as AddressInfo).port, got);
  } finally {
    await new Promise<void>(resolve => server.close(() => resolve()));
  }
}

async function send(scheme: string, port: number, more = '', name?: string, host = 'localhost'): Promise<string> {
  const settings = parseChannel(
    `mail=${scheme}://${host}:${port}?from=weir@example.org&to=noc@example.org&to=b@example.org${more}`,
  );
  try {
    return await openSender(settings).send(scanMessage(name), patience());
  } catch (error) {
    throw new Error(reasonOf(error, settings));
  }
}

test('without encryption, where that is asked for', async () => {
  await withServer({ authOptional: true, disabledCommands: ['STARTTLS'] }, async (port, got) => {
    expect(await send('smtp+plain', port)).toBe('the mail server took it: 250 queued as 4711');
    const [{ mail, ...envelope }] = got as [Got];
    expect(envelope).toMatchObject({
      from: 'weir@example.org',
      to: ['noc@example.org', 'b@example.org'],
      secure: false,
    });
    expect(mail).toMatch(/^Subject: Weir: new: scan: 192\.0\.2\.7\r$/m);
    expect(mail).toMatch(new RegExp(`^Message-ID: <${scanMessage().id}@.+>\r$`, 'm'));
    expect(mail).toMatch(/^Auto-Submitted: auto-generated\r$/m);
    expect(mail).toContain('1,204 targets, usually 12 targets');
    expect(mail).not.toMatch(/^X-Mailer/m);
  });
});

test('a name from outside adds no header', async () => {
  await withServer({ authOptional: true, disabledCommands: ['STARTTLS'] }, async (port, got) => {
    await send('smtp+plain', port, '', 'eth0\r\nBcc: eve@example.org\r\n\r\nhello');
    expect(got[0]!.to).toEqual(['noc@example.org', 'b@example.org']);
    expect(got[0]!.mail).not.toMatch(/^(?:Bcc|hello)/m);
  });
});

test('who has no STARTTLS gets nothing', async () => {
  await withServer({ authOptional: true, disabledCommands: ['STARTTLS'] }, async (port, got) => {
    await expect(send('smtp', port)).rejects.toThrow(/STARTTLS|TLS/i);
    expect(got).toEqual([]);
  });
});

test('recipients that the server does not take are named', async () => {
  const onRcptTo: SMTPServerOptions['onRcptTo'] = ({ address }, _session, done) =>
    address.startsWith('b@') ? done(new Error('unknown')) : done();
  await withServer({ authOptional: true, disabledCommands: ['STARTTLS'], onRcptTo }, async port => {
    expect(await send('smtp+plain', port)).toBe('the mail server took it, but not for b@example.org');
  });
});

describe.skipIf(!haveOpenssl)('with TLS', () => {
  let authority: TestAuthority;
  let pair: { key: Buffer; cert: Buffer };
  beforeAll(() => {
    authority = new TestAuthority(directory, 'authority');
    const { key, cert } = authority.issue('mail');
    pair = { key: readFileSync(key), cert: readFileSync(cert) };
  });

  test.each([
    ['smtp', false],
    ['smtps', true],
  ])('%s: a login, if the certificate is right', async (scheme, secure) => {
    await withServer({ ...pair, secure }, async (port, got) => {
      const login = `&user=weir&password-file=${password}`;
      expect(await send(scheme, port, `${login}&ca=${authority.cert}`)).toMatch(/queued as 4711/);
      expect(got).toMatchObject([{ secure: true, user: 'weir' }]);
      await expect(send(scheme, port, login)).rejects.toThrow(/not to be trusted/);
      writeFileSync(join(directory, 'wrong'), 'battery staple');
      const wrong = send(scheme, port, `&user=weir&password-file=${directory}/wrong&ca=${authority.cert}`);
      await expect(wrong).rejects.toThrow(/does not take user and password/);
      await expect(wrong).rejects.not.toThrow(/battery/);
      expect(got).toHaveLength(1);
    });
  });

  test.each([
    ['smtp', false],
    ['smtps', true],
  ])('%s: who has a certificate for another name gets nothing', async (scheme, secure) => {
    const work = async (port: number, got: Got[]) => {
      const sent = send(scheme, port, `&ca=${authority.cert}`, undefined, '127.0.0.2');
      await expect(sent).rejects.toThrow(/altnames|another name/);
      expect(got).toEqual([]);
    };
    await withServer({ ...pair, secure, authOptional: true }, work, '127.0.0.2');
  });
});

test('a server that says nothing is given up', async () => {
  const silent = createServer(() => {});
  await new Promise<void>(resolve => silent.listen(0, '127.0.0.1', resolve));
  const { port } = silent.address() as AddressInfo;
  const sender = openSender(parseChannel(`mail=smtp+plain://127.0.0.1:${port}?from=a@b&to=c@d`));
  await expect(sender.send(scanMessage(), AbortSignal.timeout(200))).rejects.toThrow(/timeout/);
  await new Promise(resolve => silent.close(resolve));
});
