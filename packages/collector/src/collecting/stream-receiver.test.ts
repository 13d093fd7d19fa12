import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { MessageSink } from './connection.js';
import type { Session } from './sessions.js';
import { StreamReceiver } from './stream-receiver.js';
import { type CertificateFiles, haveOpenssl, TestAuthority } from './testing/certificates.js';
import { TestExporter, until } from './testing/exporter.js';

const LOCAL = { host: '127.0.0.1', port: 0 };

/** Decodes for real, and remembers. */
class Sink implements MessageSink {
  isFull = false;
  messages = 0;
  records = 0;
  ended = 0;
  protocol: string | undefined;
  room = () => !this.isFull;

  message(session: Session, bytes: Uint8Array): void {
    const { counters } = session.transport;
    const { records, malformedMessages } = counters;
    let problem = 'malformed';
    session.transport.decode(bytes, { dataSet: () => {}, diagnostic: ({ detail }) => (problem = detail) });
    this.messages++;
    this.protocol = session.protocol;
    this.records += counters.records - records;
    receiver.judge(session, counters.malformedMessages > malformedMessages ? problem : undefined);
  }

  taken(): void {}

  end(): void {
    this.ended++;
  }
}

let sink: Sink;
let told: string[];
let receiver: StreamReceiver;
let sockets: Socket[];

beforeEach(() => {
  [sink, told, sockets] = [new Sink(), [], []];
  receiver = new StreamReceiver(sink, line => told.push(line));
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await receiver.stop();
});

/** An exporter's end. What befalls it is looked for in the collector. */
function used<T extends Socket>(socket: T): T {
  socket.on('error', () => {});
  sockets.push(socket);
  return socket;
}

async function tcp(): Promise<() => Socket> {
  const url = await receiver.listen({ scheme: 'tcp', ...LOCAL });
  expect(url).toMatch(/^tcp:\/\/127\.0\.0\.1:\d+$/);
  return () => used(connect(Number(new URL(url).port), '127.0.0.1'));
}

describe('TCP', () => {
  test('each connection is a session of its own, in order to its end', async () => {
    const open = await tcp();
    const exporters = [new TestExporter(), new TestExporter()];
    const [first, second] = [open(), open()];
    first.write(exporters[0]!.templates());
    first.end(exporters[0]!.flows(1500));
    // The other session has told no Template: these are not readable.
    second.end(exporters[1]!.flows(7));
    await until(() => sink.ended === 2);
    expect(sink).toMatchObject({ messages: 3, records: 1500, protocol: 'tcp' });
    expect(receiver.counters).toEqual({ open: 0, accepted: 2, refused: 0, shutDown: 0 });
    expect(told).toEqual([]);
  });

  test('without room the exporter is held up, and nothing is lost', async () => {
    const socket = (await tcp())();
    const exporter = new TestExporter();
    socket.write(exporter.templates());
    await until(() => sink.messages === 1);
    sink.isFull = true;
    const message = exporter.flows(1900);
    for (let i = 0; i < 600; i++) socket.write(message);
    socket.end();
    await new Promise(resolve => setTimeout(resolve, 300));
    expect(sink.messages).toBe(1);
    // What does not fit in the sockets' buffers is still at the exporter's.
    expect(socket.writableLength).toBeGreaterThan(0);
    sink.isFull = false;
    receiver.resume();
    await until(() => sink.ended === 1);
    expect(sink.records).toBe(600 * 1900);
    expect(told).toEqual([]);
  });

  test('the rest of a connection that broke while there was no room is taken afterwards', async () => {
    const socket = (await tcp())();
    const exporter = new TestExporter();
    sink.isFull = true;
    socket.write(Buffer.concat([exporter.templates(), exporter.flows(3)]));
    await until(() => receiver.counters.accepted === 1);
    await new Promise(resolve => setTimeout(resolve, 100));
    socket.resetAndDestroy();
    await until(() => receiver.counters.open === 0);
    expect(sink).toMatchObject({ messages: 0, ended: 0 });
    sink.isFull = false;
    receiver.resume();
    expect(sink).toMatchObject({ messages: 2, records: 3, ended: 1 });
    expect(told).toEqual([expect.stringMatching(/^tcp:\/\/127\.0\.0\.1:\d+: the connection broke \(ECONNRESET\)$/)]);
  });

  test('what is no IPFIX, and what ends within a Message, is told of', async () => {
    const open = await tcp();
    open().write('GET / HTTP/1.1\r\n');
    await until(() => told.length === 1);
    expect(told[0]).toMatch(/it sends octets that are no IPFIX Message.*; the connection is shut down$/);
    expect(receiver.counters.shutDown).toBe(1);
    open().end(new TestExporter().templates().subarray(0, 50));
    await until(() => told.length === 2);
    expect(told[1]).toMatch(/it ended within a Message: 50 octets are lost/);
    expect(sink.ended).toBe(2);
  });

  test('a malformed Message is left out; three in a row end the connection', async () => {
    const socket = (await tcp())();
    const exporter = new TestExporter();
    const broken = exporter.templates();
    broken[18] = 0xff;
    const good = exporter.templates();
    socket.write(Buffer.concat([good, broken, broken, good, broken, broken, broken, good]));
    await once(socket, 'close');
    expect(sink.messages).toBe(7);
    expect(told).toEqual([expect.stringMatching(/3 Messages in a row were malformed, the last: a Set of /)]);
    expect(receiver.counters.shutDown).toBe(1);
  });

  test('an address that is taken is one clear line', async () => {
    const url = await receiver.listen({ scheme: 'tcp', ...LOCAL });
    const taken = { scheme: 'tcp', host: '127.0.0.1', port: Number(new URL(url).port) } as const;
    await expect(receiver.listen(taken)).rejects.toThrow(/cannot listen on tcp:.*EADDRINUSE: another program/);
  });

  test('when all room is taken, who has brought nothing goes first, and exporters stay', async () => {
    const open = await tcp();
    const exporter = open();
    exporter.write(new TestExporter().templates());
    await until(() => sink.messages === 1);
    for (let i = 0; i < 1023; i++) open();
    await until(() => receiver.counters.open === 1024);
    expect(receiver.counters.refused).toBe(0);
    const late = open();
    late.write(new TestExporter().templates());
    await until(() => sink.messages === 2);
    expect(receiver.counters).toMatchObject({ open: 1024, refused: 1 });
    expect(exporter.destroyed).toBe(false);
  });
});

describe('the stop in order', () => {
  test('an exporter that sees our end sends what it has, and nothing is lost', async () => {
    const open = await tcp();
    const socket = open();
    const exporter = new TestExporter();
    let sent = 0;
    socket.write(exporter.templates());
    const message = exporter.flows(100);
    const timer = setInterval(() => {
      for (let i = 0; i < 20; i++, sent++) socket.write(message);
    }, 1);
    // Node.js ends its own direction by itself when the other has ended, behind what it was given to write.
    socket.once('end', () => clearInterval(timer));
    await until(() => sink.records > 10_000);
    await receiver.stop();
    expect(sink.records).toBe(100 * sent);
    expect(sink.ended).toBe(1);
    expect(told).toEqual([]);
    const refused = used(open());
    await expect(once(refused, 'connect')).rejects.toThrow(/ECONNREFUSED/);
  });

  test('one that is silent and does not end is not waited for long', async () => {
    const url = await receiver.listen({ scheme: 'tcp', ...LOCAL });
    used(connect({ port: Number(new URL(url).port), host: '127.0.0.1', allowHalfOpen: true }));
    await until(() => receiver.counters.accepted === 1);
    await receiver.stop();
    expect(sink.ended).toBe(1);
  });
});

describe.skipIf(!haveOpenssl)('TLS', () => {
  let directory: string;
  let ca: TestAuthority;
  let server: CertificateFiles;
  let port: number;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'weir-tls-'));
    ca = new TestAuthority(directory, 'authority');
    server = ca.issue('collector');
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  async function listen(files: object): Promise<void> {
    const url = await receiver.listen({ scheme: 'tls', ...LOCAL, tls: { ...server, minVersion: 'TLSv1.3', ...files } });
    port = Number(new URL(url).port);
  }

  function exporter(own?: CertificateFiles, more: ConnectionOptions = {}): Socket {
    const [cert, key] = own === undefined ? [] : [readFileSync(own.cert), readFileSync(own.key)];
    const options = { port, host: '127.0.0.1', ca: readFileSync(ca.cert), ...(cert && key ? { cert, key } : {}) };
    return used(connectTls({ ...options, ...more }));
  }

  test('an exporter that trusts the certificate is received, and the stop loses nothing', async () => {
    await listen({});
    const socket = exporter();
    const messages = new TestExporter();
    socket.write(messages.templates());
    const message = messages.flows(100);
    let sent = 0;
    const timer = setInterval(() => {
      for (let i = 0; i < 20; i++, sent++) socket.write(message);
    }, 1);
    socket.once('end', () => clearInterval(timer));
    await until(() => sink.records > 10_000);
    await receiver.stop();
    expect(sink).toMatchObject({ records: 100 * sent, protocol: 'tls', ended: 1 });
    expect(told).toEqual([]);
  });

  test('with an authority, only exporters with a certificate of it are received', async () => {
    await listen({ ca: ca.cert });
    const strange = new TestAuthority(directory, 'strange').issue('impostor');
    for (const [at, own] of [undefined, strange].entries()) {
      exporter(own).write(new TestExporter().templates());
      await until(() => receiver.counters.refused === at + 1);
    }
    expect(told).toEqual([
      expect.stringMatching(/^127\.0\.0\.1:\d+ is turned away: its certificate is not of our authority: \w+$/),
      expect.stringMatching(/^127\.0\.0\.1:\d+ is turned away: .*: UNABLE_TO_VERIFY_LEAF_SIGNATURE$/),
    ]);
    expect(sink.messages).toBe(0);
    exporter(ca.issue('probe')).end(new TestExporter().templates());
    await until(() => sink.ended === 1);
    expect(sink.messages).toBe(1);
  });

  test('an exporter that has no TLS 1.3 is turned away and counted, unless 1.2 is allowed', async () => {
    await listen({});
    exporter(undefined, { maxVersion: 'TLSv1.2' }).write(new TestExporter().templates());
    await until(() => receiver.counters.refused === 1);
    expect(told).toEqual([
      expect.stringMatching(/^127\.0\.0\.1:\d+ is turned away: it speaks an older TLS than .*"&tls=1\.2"/),
    ]);
    expect(receiver.counters).toMatchObject({ open: 0, accepted: 0 });
    await listen({ minVersion: 'TLSv1.2' });
    exporter(undefined, { maxVersion: 'TLSv1.2' }).end(new TestExporter().templates());
    await until(() => sink.ended === 1);
    expect(sink.messages).toBe(1);
  });

  test('who speaks no TLS is told of', async () => {
    await listen({});
    used(connect(port, '127.0.0.1')).write(new TestExporter().templates());
    await until(() => told.length === 1);
    expect(told[0]).toMatch(/^127.* is turned away: no TLS handshake: ERR_SSL_/);
    expect(receiver.counters).toMatchObject({ open: 0, accepted: 0, refused: 1 });
  });
});
