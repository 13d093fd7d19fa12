import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { until } from '../run/wait.js';
import { MessageReader, readUnsigned, valueAt } from '../wire/index.js';
import { ExportStream } from './export-stream.js';

let socket: Socket;
/** What came, by the port of its exporter. */
let came: Map<number, Buffer[]>;

beforeEach(async () => {
  came = new Map();
  socket = createSocket({ type: 'udp4', recvBufferSize: 4 * 1024 * 1024 });
  socket.on('message', (message, { port }) => came.set(port, [...(came.get(port) ?? []), message]));
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
});

afterEach(() => socket.close());

/** Records and octets of one exporter's Messages, which have to be right; its flowIds go into `ids`. */
function read(messages: readonly Buffer[], ids: bigint[]): { records: number; octets: number } {
  const reader = new MessageReader(true);
  const sums = { records: 0, octets: 0 };
  for (const bytes of messages) {
    const { faults, header, sets } = reader.read(bytes);
    expect(faults).toEqual([]);
    expect(header.sequence).toBe(sums.records);
    for (const record of sets.flatMap(set => set.records)) {
      expect(record.length).toBe(64);
      ids.push(readUnsigned(bytes, valueAt(record, 'flowId')!));
      sums.octets += Number(readUnsigned(bytes, valueAt(record, 'octetDeltaCount')!));
      sums.records++;
    }
  }
  return sums;
}

test('it sends what it tells, each record once, in Messages without fault', async () => {
  const order = { recordsPerSecond: 5000, exporters: 3, records: 2100, firstId: 2 ** 32 - 10, closingSeconds: 0.2 };
  const sent = await (await ExportStream.toPort(socket.address().port, order)).sent();
  const count = (): number => [...came.values()].reduce((sum, messages) => sum + messages.length, 0);
  // Each exporter tells its Template at least at the beginning and at the end.
  await until('every datagram', 20, () => count() >= sent.datagrams + 2 * order.exporters || undefined);
  const ids: bigint[] = [];
  const sums = [...came.values()].map(messages => read(messages, ids));
  const sum = (name: 'records' | 'octets'): number => sums.reduce((total, each) => total + each[name], 0);
  expect(sent.records).toBe(2100);
  expect([sum('records'), sum('octets')]).toEqual([sent.records, sent.octets]);
  const first = BigInt(order.firstId);
  expect(ids.sort((a, b) => Number(a - b))).toEqual(Array.from({ length: 2100 }, (_, i) => first + BigInt(i)));
  expect(came.size).toBe(3);
});

test('ended early, it tells what it had sent by then', async () => {
  const stream = await ExportStream.toPort(socket.address().port, { recordsPerSecond: 1000, exporters: 1 });
  await until('a record', 20, () => [...came.values()].flat().length > 2 || undefined);
  const sent = await stream.stop();
  await until('every datagram', 20, () => [...came.values()].flat().length > sent.datagrams || undefined);
  const messages = [...came.values()][0]!;
  expect(read(messages, []).records).toBe(sent.records);
});
