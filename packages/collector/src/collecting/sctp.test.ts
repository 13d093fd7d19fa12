import { once } from 'node:events';
import { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import { libc } from './libc.js';
import { peerOfText } from './peer.js';
import { newSession } from './sessions.js';
import { StreamReceiver } from './stream-receiver.js';
import { TestExporter, until } from './testing/exporter.js';

const AF_INET = 2;
const SOCK_STREAM = 1;
const SCTP = 132;
const SCTP_DEFAULT_SNDINFO = 34;
const at = { scheme: 'sctp', host: '127.0.0.1', port: 0 } as const;

/** The test's own socket; undefined where the kernel has no SCTP. */
function socket(): number | undefined {
  const descriptor = libc()?.socket(AF_INET, SOCK_STREAM, SCTP) ?? -1;
  return descriptor < 0 ? undefined : descriptor;
}

const tried = socket();
const hasSctp = tried !== undefined;
if (hasSctp) libc()!.close(tried);

/** Receives into one session, and counts. */
function receiving() {
  const { transport } = newSession(peerOfText('127.0.0.1', 1), 'sctp', 0);
  const told: string[] = [];
  const seen = { streams: [] as number[], ended: 0, room: true };
  const receiver = new StreamReceiver(
    {
      room: () => seen.room,
      message(_session, bytes, stream) {
        seen.streams.push(stream);
        transport.decode(bytes, { dataSet() {} }, stream);
      },
      taken() {},
      end: () => seen.ended++,
    },
    line => told.push(line),
  );
  return { receiver, counters: transport.counters, seen, told };
}

if (!hasSctp)
  test('without SCTP in the kernel: why, and what to do', async () => {
    const { receiver } = receiving();
    await expect(receiver.listen(at)).rejects.toThrow(
      /cannot listen on sctp:\/\/127.0.0.1:0: E\w+: this kernel has no SCTP; .*"modprobe sctp".*tcp:\/\//,
    );
    await receiver.stop();
  });

describe('with SCTP in the kernel', () => {
  beforeEach(({ skip }) => skip(!hasSctp, 'no SCTP in this kernel'));

  /** Node's own socket takes any stream socket of IP; each write is a user message. */
  async function exporter(url: string): Promise<{ descriptor: number; link: Socket }> {
    const descriptor = socket()!;
    const link = new Socket({ fd: descriptor });
    link.on('error', () => {});
    link.connect({
      host: '127.0.0.1',
      port: Number(new URL(url.replace('sctp', 'http')).port),
      autoSelectFamily: false,
    });
    await once(link, 'connect');
    return { descriptor, link };
  }

  /** The next user messages go over that stream. */
  function useStream(descriptor: number, stream: number): void {
    const info = new Uint8Array(16);
    new DataView(info.buffer).setUint16(0, stream, true);
    expect(libc()!.setsockopt(descriptor, SCTP, SCTP_DEFAULT_SNDINFO, info, info.length)).toBe(0);
  }

  test('several streams: one session, the same Templates, sequence numbers of their own', async () => {
    const { receiver, counters, seen } = receiving();
    const { descriptor, link } = await exporter(await receiver.listen(at));
    const exporters = [1, 2, 3].map(() => new TestExporter());
    link.write(exporters[0]!.templates());
    await until(() => counters.messages === 1);
    for (let round = 0; round < 3; round++)
      for (const [i, each] of exporters.entries()) {
        useStream(descriptor, i);
        link.write(each.flows(i + 1));
        await until(() => counters.messages === 2 + 3 * round + i);
      }
    expect(seen.streams).toEqual([0, 0, 1, 2, 0, 1, 2, 0, 1, 2]);
    expect(counters).toMatchObject({ records: 18, lostRecords: 0, outOfOrder: 0, restarts: 0, unknownTemplateSets: 0 });
    link.end();
    await until(() => seen.ended === 1);
    await receiver.stop();
  });

  test('a stop in order takes what has been sent, and ends without a wait', async () => {
    const { receiver, counters, seen, told } = receiving();
    const { link } = await exporter(await receiver.listen(at));
    const test = new TestExporter();
    link.write(test.templates());
    for (let i = 0; i < 20; i++) link.write(test.flows(100));
    await until(() => counters.messages > 0);
    const begun = performance.now();
    await receiver.stop();
    expect(performance.now() - begun).toBeLessThan(5000);
    expect(counters).toMatchObject({ records: 2000, lostRecords: 0 });
    expect(seen.ended).toBe(1);
    expect(told).toEqual([]);
    link.destroy();
  });

  test('an exporter that breaks off: what has come is read to the end, though there was no room for it at first', async () => {
    const { receiver, counters, seen, told } = receiving();
    const { link } = await exporter(await receiver.listen(at));
    const test = new TestExporter();
    seen.room = false;
    link.write(test.templates());
    let written = 0;
    for (let i = 0; i < 30; i++) link.write(test.flows(100), () => written++);
    await until(() => written === 30);
    await pause(500);
    link.resetAndDestroy();
    await pause(200);
    expect(counters.messages).toBe(0);
    seen.room = true;
    receiver.resume();
    await until(() => seen.ended === 1);
    expect(counters).toMatchObject({ records: 3000, lostRecords: 0 });
    expect(told.join()).toMatch(/the connection broke \(ECONNRESET\)/);
    await receiver.stop();
  });

  test('what is no IPFIX ends the association, and the count says so', async () => {
    const { receiver, told } = receiving();
    const { link } = await exporter(await receiver.listen(at));
    link.resume();
    link.write(Buffer.from('GET / HTTP/1.1\r\n\r\n'));
    await until(() => link.destroyed);
    expect(receiver.counters).toMatchObject({ accepted: 1, shutDown: 1, open: 0 });
    expect(told.join()).toMatch(/no IPFIX Message.*shut down/);
    await receiver.stop();
  });
});
