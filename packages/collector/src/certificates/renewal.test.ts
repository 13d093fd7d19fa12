import { copyFileSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type PeerCertificate, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CertificateFiles, haveOpenssl, TestAuthority } from '../collecting/testing/certificates.js';
import { TestExporter, until } from '../collecting/testing/exporter.js';
import { type Collector, startCollector } from '../main/start.js';
import { noDatabases } from '../main/testing/options.js';

const PATIENCE = { timeout: 10_000, interval: 100 };

describe.skipIf(!haveOpenssl)('renewed certificates', () => {
  const directory = mkdtempSync(join(tmpdir(), 'weir-renewal-'));
  const inUse = { cert: join(directory, 'use.pem'), key: join(directory, 'use.key') };
  let ca: TestAuthority;
  let collector: Collector;
  let http: number;
  let tls: number;
  const sockets: TLSSocket[] = [];

  beforeAll(async () => {
    ca = new TestAuthority(directory, 'authority');
    renew(ca.issue('first'));
    collector = await startCollector({
      ...noDatabases,
      http: '127.0.0.1:0',
      'http-cert': inUse.cert,
      'http-key': inUse.key,
      listen: [`tls://127.0.0.1:0?cert=${inUse.cert}&key=${inUse.key}&ca=${ca.cert}`],
      data: join(directory, 'data'),
    });
    http = Number(new URL(collector.http).port);
    tls = Number(new URL(collector.listening[0]!).port);
  }, 60_000);
  afterAll(async () => {
    for (const socket of sockets) socket.destroy();
    await collector.stop();
    rmSync(directory, { recursive: true });
  });

  /** As a program does that renews them: each whole, one after the other. */
  function renew(files: CertificateFiles): void {
    for (const part of ['cert', 'key'] as const) {
      copyFileSync(files[part], `${inUse[part]}.new`);
      renameSync(`${inUse[part]}.new`, inUse[part]);
    }
  }

  async function open(port: number): Promise<TLSSocket> {
    const own = { cert: readFileSync(ca.cert), key: readFileSync(ca.key) };
    const socket = connect({ port, host: '127.0.0.1', ca: own.cert, ...own });
    sockets.push(socket);
    await new Promise((done, fail) => socket.once('secureConnect', done).once('error', fail));
    return socket;
  }

  const nameAt = async (port: number): Promise<PeerCertificate['subject']['CN']> => {
    const socket = await open(port);
    const { subject } = socket.getPeerCertificate();
    socket.destroy();
    return subject.CN;
  };
  const namesNow = async () => [await nameAt(http), await nameAt(tls)];

  test('are taken while the collector runs, and what is open goes on', async () => {
    expect(await namesNow()).toEqual(['first', 'first']);
    const exporter = await open(tls);
    const messages = new TestExporter();
    exporter.write(messages.templates());
    renew(ca.issue('second'));
    await expect.poll(namesNow, PATIENCE).toEqual(['second', 'second']);
    exporter.write(messages.flows(10));
    await until(() => collector.status().exporters[0]?.records === 10);
  }, 30_000);

  test('that do not belong together, or are none, change nothing; the next good ones are taken', async () => {
    const third = ca.issue('third');
    for (const bad of [
      { ...third, key: ca.key },
      { ...third, cert: ca.key },
    ]) {
      renew(bad);
      await new Promise(done => setTimeout(done, 4500));
      expect(await namesNow()).toEqual(['second', 'second']);
    }
    rmSync(inUse.cert);
    // As certbot has them: what is named is a link to the newest.
    symlinkSync(third.cert, inUse.cert);
    rmSync(inUse.key);
    symlinkSync(third.key, inUse.key);
    await expect.poll(namesNow, PATIENCE).toEqual(['third', 'third']);
  }, 40_000);
});
