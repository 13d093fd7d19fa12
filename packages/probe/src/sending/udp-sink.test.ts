import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { beforeEach, describe, expect, test } from 'vitest';
import { NodeHost } from '../host/node.js';
import { parseIPv6 } from '../host/socket-address.js';
import { AddressCell } from './address-cell.js';
import { UdpSink } from './udp-sink.js';

const host = new NodeHost();
const log = () => {};

describe('parseIPv6', () => {
  test.each([
    ['::1', '00000000000000000000000000000001'],
    ['2001:db8::a:1', '20010db80000000000000000000a0001'],
    ['::ffff:192.0.2.1', '00000000000000000000ffffc0000201'],
    ['1:2:3:4:5:6:7:8', '00010002000300040005000600070008'],
  ])('%s', (text, hex) => expect(Buffer.from(parseIPv6(text)).toString('hex')).toBe(hex));
});

async function receiverAt(address: string) {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  const received: { text: string; from: string }[] = [];
  socket.on('message', (message, { address: from }) => received.push({ text: message.toString(), from }));
  socket.bind(0, address);
  await once(socket, 'listening');
  const texts = async (count: number) => {
    await expect.poll(() => received.length, { timeout: 5000 }).toBe(count);
    return received.map(({ text }) => text);
  };
  return { socket, received, texts, port: socket.address().port };
}

describe('UdpSink', () => {
  beforeEach(({ skip }) => skip(process.platform !== 'linux', 'system calls of Linux'));

  test.each(['127.0.0.1', '::1'])('sends each Message as one datagram over %s', async address => {
    const { socket, texts, port } = await receiverAt(address);
    const sink = new UdpSink({ host, to: address, port, log });
    const bytes = Buffer.from('one.....two.....three...');
    expect(sink.send(bytes, 8, Uint32Array.of(3, 3, 5), 3)).toBe(3);
    expect(await texts(3)).toEqual(['one', 'two', 'three']);
    sink.close();
    socket.close();
  });

  test('a collector that is not there costs nothing but its Messages', () => {
    const sink = new UdpSink({ host, to: '127.0.0.1', port: 1, log });
    const bytes = new Uint8Array(16);
    for (let i = 0; i < 5; i++) expect(sink.send(bytes, 8, Uint32Array.of(8, 8), 2)).toBe(2);
    expect([sink.wasRefused(), sink.wasRefused()]).toEqual([true, false]);
    sink.close();
  });

  test('sends from the address that is asked for', async () => {
    const { socket, texts, received, port } = await receiverAt('127.0.0.1');
    const sink = new UdpSink({ host, to: '127.0.0.1', port, source: '127.0.0.9', log });
    sink.send(Buffer.from('hello...'), 8, Uint32Array.of(5), 1);
    await texts(1);
    expect(received[0]?.from).toBe('127.0.0.9');
    sink.close();
    socket.close();
    expect(() => new UdpSink({ host, to: '127.0.0.1', port, source: '192.0.2.99', log })).toThrow('EADDRNOTAVAIL');
  });

  test('Messages are as large as the path takes, at most 1,400 octets unless asked for', () => {
    const sizes = [undefined, 600, 9000, 1_000_000].map(mtu => {
      const sink = new UdpSink({ host, to: '127.0.0.1', port: 9, mtu, log });
      sink.close();
      return sink.messageOctets;
    });
    // The loopback takes 65,536 octets; a datagram is shorter by 28.
    expect(sizes).toEqual([1400, 572, 8972, 65_507]);
  });

  test('a name gets its address later, and another one after that', async () => {
    const first = await receiverAt('127.0.0.1');
    const cell = new AddressCell();
    const sink = new UdpSink({ host, to: cell, port: first.port, log });
    expect([sink.isConnected(), sink.send(new Uint8Array(8), 8, Uint32Array.of(8), 1)]).toEqual([false, 0]);
    cell.set('127.0.0.1');
    expect([sink.isConnected(), sink.wasRefused()]).toEqual([true, false]);
    sink.send(Buffer.from('first'), 5, Uint32Array.of(5), 1);
    expect(await first.texts(1)).toEqual(['first']);
    cell.set('::1');
    // Who has the name now has none of the Templates.
    expect([sink.isConnected(), sink.wasRefused()]).toEqual([true, true]);
    sink.close();
    first.socket.close();
  });
});
