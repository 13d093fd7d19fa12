import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { beforeEach, describe, expect, test } from 'vitest';
import { parseIPv6, UdpSink } from './node-sinks.js';

describe('parseIPv6', () => {
  test.each([
    ['::1', '00000000000000000000000000000001'],
    ['2001:db8::a:1', '20010db80000000000000000000a0001'],
    ['::ffff:192.0.2.1', '00000000000000000000ffffc0000201'],
    ['1:2:3:4:5:6:7:8', '00010002000300040005000600070008'],
  ])('%s', (text, hex) => expect(Buffer.from(parseIPv6(text)).toString('hex')).toBe(hex));
});

describe('UdpSink', () => {
  beforeEach(({ skip }) => skip(process.platform !== 'linux', 'system calls of Linux'));

  test.each(['127.0.0.1', '::1'])('sends each Message as one datagram over %s', async address => {
    const receiver = createSocket(address.includes(':') ? 'udp6' : 'udp4');
    receiver.bind(0, address);
    await once(receiver, 'listening');
    const received: string[] = [];
    const all = new Promise<void>(done => {
      receiver.on('message', message => {
        if (received.push(message.toString()) === 3) done();
      });
    });
    const sink = new UdpSink(address, receiver.address().port);
    const bytes = Buffer.from('one.....two.....three...');
    expect(sink.send(bytes, 8, Uint32Array.of(3, 3, 5), 3)).toBe(3);
    await all;
    expect(received).toEqual(['one', 'two', 'three']);
    sink.close();
    receiver.close();
  });

  test('a collector that is not there costs nothing but its Messages', () => {
    const sink = new UdpSink('127.0.0.1', 1);
    const bytes = new Uint8Array(16);
    for (let i = 0; i < 5; i++) expect(sink.send(bytes, 8, Uint32Array.of(8, 8), 2)).toBe(2);
    expect([sink.wasRefused(), sink.wasRefused()]).toEqual([true, false]);
    sink.close();
  });
});
