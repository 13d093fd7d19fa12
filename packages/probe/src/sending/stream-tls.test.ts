import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import { Certificates } from './testing/certificates.js';
import { Receiver } from './testing/receiver.js';
import { directory, received, sending, useDirectory, within } from './testing/stream.js';
import type { StreamTarget } from './tls-options.js';

useDirectory();

describe('TLS', () => {
  let certificates: Certificates;
  beforeEach(({ skip }) => {
    skip(spawnSync('openssl', ['version']).status !== 0, 'no openssl to make certificates with');
    certificates = new Certificates(directory);
  });
  const read = ({ cert, key }: { cert: string; key: string }) => ({ cert: readFileSync(cert), key: readFileSync(key) });
  const tls = (port: number, more: object): StreamTarget => ({
    ...{ kind: 'tls', host: '127.0.0.1', port, minVersion: 'TLSv1.3' },
    ...more,
  });

  test('both sides with certificates: all arrives, also over restarts', async () => {
    const own = { ...read(certificates.issue('collector.example')), ca: readFileSync(certificates.ca) };
    const options = { ...own, requestCert: true, rejectUnauthorized: true };
    const receivers = [await Receiver.listen(0, options)];
    const { port } = receivers[0]!;
    const client = certificates.issue('probe.example');
    const target = tls(port, { ca: certificates.ca, name: 'collector.example', ...client });
    const { exportSome, stop, counters } = sending(target);
    for (let i = 0; i < 3; i++) {
      await exportSome(10_000);
      await receivers.at(-1)!.stop();
      await exportSome(1000);
      receivers.push(await Receiver.listen(port, options));
    }
    await expect.poll(() => received(...receivers), within).toBe(33_000);
    expect(receivers.reduce((sum, { flows }) => sum + flows.size, 0)).toBe(33_000);
    expect(receivers.reduce((sum, { doubles, faults }) => sum + doubles + faults, 0)).toBe(0);
    expect(counters.unsentRecords).toBe(0);
    await stop();
    await receivers.at(-1)!.stop();
  });

  test.each([
    ['expired', { name: 'collector.example' }, -1, /has expired: renew it/],
    ['for another name', {}, 30, /another name.*\?name=/],
    ['of an authority that is not trusted', { name: 'collector.example', ca: undefined }, 30, /not trusted.*\?ca=FILE/],
    ['and without ours, which is asked for', { name: 'collector.example' }, 30, /asks for a certificate of ours/],
  ])(
    'a collector with a certificate that is %s: a line, and nothing is lost when it is mended',
    async (what, more, days, line) => {
      const ca = readFileSync(certificates.ca);
      const refused = read(certificates.issue('collector.example', days));
      const asks = what.includes('ours');
      const bad = await Receiver.listen(0, { ...refused, ...(asks ? { requestCert: true, ca } : {}) });
      const { exportSome, stop, lines } = sending(tls(bad.port, { ca: certificates.ca, ...more }));
      await exportSome(5000);
      await expect.poll(() => lines[0], within).toMatch(line);
      await sleep(1500);
      expect(lines.length).toBe(1);
      expect(received(bad)).toBe(0);
      await bad.kill();
      await stop();
      const good = await Receiver.listen(bad.port, read(certificates.issue('collector.example')));
      const mended = sending(tls(bad.port, { ca: certificates.ca, name: 'collector.example' }), { next: 5000 });
      await expect.poll(() => received(good), within).toBe(5000);
      expect([good.doubles, good.faults]).toEqual([0, 0]);
      await mended.stop();
      await good.stop();
    },
  );

  test('a collector that has no TLS 1.3 gets nothing and is told of, unless 1.2 is allowed', async () => {
    const own = read(certificates.issue('collector.example'));
    const receiver = await Receiver.listen(0, { ...own, maxVersion: 'TLSv1.2' });
    const more = { ca: certificates.ca, name: 'collector.example' };
    const strict = sending(tls(receiver.port, more));
    await strict.exportSome(5000);
    await expect.poll(() => strict.lines[0], within).toMatch(/no version of TLS that is spoken here.*"\?tls=1\.2"/);
    expect(received(receiver)).toBe(0);
    await strict.stop();
    const allowing = sending(tls(receiver.port, { ...more, minVersion: 'TLSv1.2' }), { next: 5000 });
    await expect.poll(() => received(receiver), within).toBe(5000);
    await allowing.stop();
    await receiver.stop();
  });

  test('files that cannot be used are said', async () => {
    const receiver = await Receiver.listen(0, read(certificates.issue('collector.example')));
    const missing = sending(tls(receiver.port, { ca: join(directory, 'missing.pem') }), { spool: false });
    expect(missing.lines[0]).toMatch(/missing\.pem: .*not there.*ENOENT/);
    const mixed = sending(tls(receiver.port, { cert: certificates.ca, key: certificates.issue('other').key }), {
      spool: false,
    });
    expect(mixed.lines[0]).toMatch(/do not belong together/);
    const web = createServer(socket => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    web.listen(0, '127.0.0.1');
    await once(web, 'listening');
    const notTls = sending(tls((web.address() as AddressInfo).port, { ca: certificates.ca }), { spool: false });
    await expect.poll(() => notTls.lines[0], within).toMatch(/does not speak TLS/);
    await Promise.all([missing.stop(), mixed.stop(), notTls.stop()]);
    await receiver.kill();
    web.close();
  });
});
