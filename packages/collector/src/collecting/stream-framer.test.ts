import { expect, test } from 'vitest';
import { StreamFramer } from './stream-framer.js';
import { TestExporter } from './testing/exporter.js';

const exporter = new TestExporter();
const messages = [exporter.templates(), exporter.flows(3), exporter.flows(1980), exporter.flows(1)];
const stream = new Uint8Array(Buffer.concat(messages));

function framed(octets: Uint8Array, chunk: number): { found: Uint8Array[]; framer: StreamFramer } {
  const framer = new StreamFramer();
  const found: Uint8Array[] = [];
  for (let at = 0; at < octets.length; at += chunk) {
    framer.push(octets.subarray(at, at + chunk));
    for (let message = framer.next(); message !== undefined; message = framer.next()) found.push(message.slice());
  }
  return { found, framer };
}

test.each([1, 2, 3, 5, 16, 17, 100, 1400, 65_536, 1 << 20])('Messages come out whole of chunks of %d octets', chunk => {
  const { found, framer } = framed(stream, chunk);
  expect(found).toEqual(messages);
  expect(framer).toMatchObject({ problem: undefined, pending: 0 });
});

test('chunks that come before the Messages of the last are taken are not lost', () => {
  const framer = new StreamFramer();
  const found: Uint8Array[] = [];
  for (let at = 0; at < stream.length; at += 3000) framer.push(stream.subarray(at, at + 3000));
  for (let message = framer.next(); message !== undefined; message = framer.next()) found.push(message);
  expect(found).toEqual(messages);
});

test('a stream that ends within a Message says how much of it there was', () => {
  for (const cut of [1, 3, 4, 100]) expect(framed(messages[2]!.subarray(0, cut), 7).framer.pending).toBe(cut);
});

test.each([
  ['GET / HTTP/1.1', /no IPFIX Message \(version 18245\)/],
  [Uint8Array.of(0, 9, 0, 1), /NetFlow v9.*over UDP/],
  [Uint8Array.of(0, 5, 0, 1), /NetFlow v5.*over UDP/],
  [Uint8Array.of(0x16, 3, 1, 2), /TLS: .*tls:\/\//],
  [Uint8Array.of(0, 10, 0, 15), /15 octets/],
])('%s behind a good Message ends the stream', (octets, problem) => {
  const { found, framer } = framed(new Uint8Array(Buffer.concat([messages[0]!, Buffer.from(octets), messages[1]!])), 9);
  expect(found).toEqual([messages[0]]);
  expect(framer.problem).toMatch(problem);
});
