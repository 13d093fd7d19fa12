import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Value } from 'typebox/value';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { probeSchema } from '../config/schema.js';
import * as libc from '../host/libc.js';
import { AF_INET, socketAddress } from '../host/socket-address.js';
import { checkConfig } from '../main/probe.js';
import { checkCollectors } from '../preflight/collectors.js';
import { reasonOf } from './reasons.js';
import { noSctp, SctpSocket } from './sctp-socket.js';
import { within } from './testing/stream.js';

const lacking = noSctp();

if (lacking !== undefined)
  describe('without SCTP in the kernel', () => {
    const advice = /this kernel has no SCTP.*"modprobe sctp".*tcp:\/\//;

    test('the probe does not start, and says why and what to do', () => {
      const config = { ...Value.Create(probeSchema), collector: ['tcp://192.0.2.1', 'sctp://192.0.2.1'] };
      expect(() => checkConfig(config)).toThrow(/collector "sctp:\/\/192.0.2.1"/);
      expect(() => checkConfig(config)).toThrow(advice);
    });

    test('the doctor says the same', async () => {
      const [finding] = await checkCollectors(['sctp://192.0.2.1']);
      expect(finding).toMatchObject({
        level: 'problem',
        what: expect.stringMatching(/no SCTP/),
        command: 'modprobe sctp',
      });
    });

    test('a socket has an error that says the same', async () => {
      const [error] = await once(new SctpSocket({ host: '127.0.0.1', port: 4739 }), 'error');
      expect(error.code).toBe(lacking);
      expect(reasonOf(error)).toMatch(advice);
    });
  });

/** A Message of so many octets. */
function message(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  new DataView(bytes.buffer).setUint32(0, (10 << 16) | length);
  return bytes;
}

describe('with SCTP in the kernel', () => {
  let server: Server | undefined;
  let socket: SctpSocket;
  let peer: Socket;
  /** Octets of the user messages that came. */
  let received: number[];

  /** Node's own server takes any stream socket of IP: each of its chunks is a user message. */
  beforeEach(async ({ skip }) => {
    skip(lacking !== undefined, 'no SCTP in this kernel');
    const descriptor = libc.socket(AF_INET, 1, 132);
    const any = socketAddress('127.0.0.1', 0);
    expect(libc.bind(descriptor, any, any.length)).toBe(0);
    server = createServer({ allowHalfOpen: true });
    server.listen({ fd: descriptor });
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    received = [];
    socket = new SctpSocket({ host: '127.0.0.1', port });
    socket.on('error', () => {});
    socket.resume();
    [[peer]] = await Promise.all([once(server, 'connection'), once(socket, 'connect')]);
    peer.on('data', chunk => received.push(chunk.length)).on('error', () => {});
  });

  afterEach(() => {
    if (server === undefined) return;
    socket.destroy();
    peer.destroy();
    server.close();
  });

  /** Writes until the kernel takes no more, and waits until the other side's is full. @returns octets that it has taken */
  async function fill(): Promise<() => number> {
    let taken = 0;
    peer.pause();
    for (let i = 0; i < 100; i++) socket.write(message(8000), error => (taken += error ? 0 : 8000));
    await expect.poll(() => socket.info()?.window, within).toBe(0);
    await nextTurn();
    return () => taken;
  }

  test('each Message is one user message, whatever is written together', async () => {
    const lengths = [100, 8192, 16, 65_000, 20];
    socket.write(Buffer.concat(lengths.map(message)));
    await expect.poll(() => received, within).toEqual(lengths);
  });

  test('what is not acknowledged is known', async () => {
    const taken = await fill();
    const { written, acknowledged } = socket.info()!;
    expect(written).toBe(taken());
    expect(acknowledged).toBeLessThan(written);
    peer.resume();
    await expect.poll(() => socket.info()?.acknowledged, within).toBe(800_000);
    expect(received.reduce((sum, octets) => sum + octets, 0)).toBe(800_000);
  });

  test('a collector that stands still is alive', async () => {
    await fill();
    await expect.poll(() => socket.info()!.isAlive, within).toBe(false);
    await expect.poll(() => socket.info()!.isAlive, within).toBe(true);
  });

  test('the other side ends it in order: it gets what the kernel has taken, and what it has not is held', async () => {
    const taken = await fill();
    peer.end();
    await once(socket, 'end');
    expect(socket.info()).toBeDefined();
    peer.resume();
    await expect.poll(() => socket.info(), within).toBeUndefined();
    expect(socket.destroyed).toBe(false);
    expect(taken()).toBeLessThan(800_000);
    await expect.poll(() => received.reduce((sum, octets) => sum + octets, 0), within).toBe(taken());
  });

  test('this side ends it in order', async () => {
    socket.end(message(1000));
    await once(peer, 'end');
    expect(received).toEqual([1000]);
    peer.end();
    await expect.poll(() => socket.info(), within).toBeUndefined();
    expect(socket.destroyed).toBe(false);
  });

  test('the other side breaks it: an error, and nothing counts as arrived', async () => {
    await fill();
    peer.resetAndDestroy();
    const [error] = await once(socket, 'error');
    expect(error).toMatchObject({ code: 'ECONNRESET' });
    expect(socket.info()).toBeUndefined();
    expect(socket.destroyed).toBe(true);
  });

  test('nobody listens', async () => {
    const gone = new SctpSocket({ host: 'localhost', port: 1 });
    expect(await once(gone, 'error')).toMatchObject([{ code: 'ECONNREFUSED' }]);
  });
});
