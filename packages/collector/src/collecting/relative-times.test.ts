import { fieldOfElement } from '@weir/flow';
import { compileDecoder, fieldsOf, MessageWriter, type Template, TransportSession } from '@weir/ipfix';
import { expect, test } from 'vitest';
import { FlowBatch } from '../flow/batch.js';
import { hasBit } from '../flow/present.js';
import { RelativeColumns, timedBindings } from './relative-times.js';

const EXPORT_TIME = 1_700_000_000;
const AT = EXPORT_TIME * 1000;
const be = (length: number) => (value: number) =>
  Array.from({ length }, (_, i) => Math.floor(value / 256 ** (length - 1 - i)) % 256);
const [be16, be32, be64] = [be(2), be(4), be(8)];

/** The Message of one record, as IPFIX or as NetFlow v9 whose sysUpTime is given. */
function messageOf(template: Template, record: number[], sysUpTime?: number): Uint8Array {
  const buffer = new Uint8Array(1400);
  const writer = new MessageWriter(buffer);
  writer.begin(1);
  writer.addTemplate(template);
  buffer.set(record, writer.reserve(256, record.length));
  const message = buffer.slice(0, writer.finish(EXPORT_TIME, 0));
  if (sysUpTime === undefined) return message;
  const fields = template.fields.flatMap(field => [...be16(field.id), ...be16(field.length)]);
  return Uint8Array.from([
    ...[0, 9, 0, 2, ...be32(sysUpTime), ...be32(EXPORT_TIME), ...be32(0), ...be32(1)],
    ...[0, 0, ...be16(8 + fields.length), 1, 0, ...be16(template.fields.length), ...fields],
    ...[1, 0, ...be16(4 + record.length), ...record],
  ]);
}

/** What comes into the columns of start and end; undefined where the record is said to have none. */
function timesOf(names: Parameters<typeof fieldsOf>[0], record: number[], sysUpTime?: number, bootTime?: number) {
  const template: Template = { id: 256, scopeFieldCount: 0, fields: fieldsOf(names) };
  const batch = new FlowBatch(4);
  let result: { start: number | undefined; end: number | undefined; others: number } | undefined;
  new TransportSession().decode(messageOf(template, record, sysUpTime), {
    dataSet({ header, bytes, start, end }) {
      const hasClock = header.sysUpTime !== undefined || bootTime !== undefined;
      const bound = timedBindings(template, batch, new RelativeColumns(4), hasClock);
      expect(compileDecoder(template, bound.bindings).decode(bytes, start, end, 2, 1)).toBe(1);
      bound.settle(2, 1, header, bootTime);
      const present = (name: string) => hasBit(bound.present, fieldOfElement(name)!.bit);
      const at = (column: string) => Number(new BigInt64Array(batch.column(column).data.buffer)[2]);
      result = {
        start: present('flowStartMilliseconds') ? at('flowStart') : undefined,
        end: present('flowEndMilliseconds') ? at('flowEnd') : undefined,
        others: bound.unbound.length,
      };
    },
  });
  return result;
}

const SYS_UP_TIME = ['flowEndSysUpTime', 'flowStartSysUpTime'];

test('sysUpTime of NetFlow counts from the header', () => {
  const record = [...be32(4000), ...be32(1500)];
  expect(timesOf(SYS_UP_TIME, record, 5000)).toEqual({ start: AT - 3500, end: AT - 1000, others: 0 });
});

test('sysUpTime that began anew between the flow and its Message, or between start and end', () => {
  const record = [...be32(1000), ...be32(2 ** 32 - 1000)];
  expect(timesOf(SYS_UP_TIME, record, 3000)).toEqual({ start: AT - 4000, end: AT - 2000, others: 0 });
});

test('sysUpTime of IPFIX counts from systemInitTimeMilliseconds, in the record or in the options', () => {
  const record = [...be32(4000), ...be32(1500)];
  const named = ['systemInitTimeMilliseconds', ...SYS_UP_TIME];
  expect(timesOf(named, [...be64(AT - 10_000), ...record])).toEqual({ start: AT - 8500, end: AT - 6000, others: 0 });
  expect(timesOf(SYS_UP_TIME, record, undefined, AT - 10_000)).toEqual({ start: AT - 8500, end: AT - 6000, others: 0 });
  // 49.7 days later it has begun anew.
  const before = AT - 10_000 - 2 ** 32;
  expect(timesOf(SYS_UP_TIME, record, undefined, before)).toEqual({ start: AT - 8500, end: AT - 6000, others: 0 });
});

test('a flow older than the start of its exporter', () => {
  const record = [...be32(2 ** 32 - 500), ...be32(2 ** 32 - 700)];
  expect(timesOf(SYS_UP_TIME, record, 0)).toEqual({ start: AT - 700, end: AT - 500, others: 0 });
  expect(timesOf(SYS_UP_TIME, record, undefined, AT)).toEqual({ start: AT - 700, end: AT - 500, others: 0 });
});

test('sysUpTime that nothing tells the zero of stays as it is', () => {
  const record = [...be32(4000), ...be32(1500)];
  expect(timesOf(SYS_UP_TIME, record)).toEqual({ start: undefined, end: undefined, others: 2 });
});

test('deltas count back from the export time', () => {
  const names = ['flowStartDeltaMicroseconds', 'flowEndDeltaMicroseconds'];
  expect(timesOf(names, [...be32(2_000_000), ...be32(1500)])).toEqual({ start: AT - 2000, end: AT - 2, others: 0 });
});

test('a duration counts from the start', () => {
  const names = ['flowStartMilliseconds', 'flowDurationMilliseconds'];
  // The start has its own element and its own bit.
  expect(timesOf(names, [...be64(AT - 9000), ...be32(1500)])).toEqual({ start: AT - 9000, end: AT - 7500, others: 0 });
  const relative = ['flowStartSysUpTime', 'flowDurationMicroseconds'];
  expect(timesOf(relative, [...be32(1000), ...be32(1_500_000)], 5000)).toEqual({
    start: AT - 4000,
    end: AT - 2500,
    others: 0,
  });
  expect(timesOf(['flowDurationMilliseconds'], be32(1500))).toEqual({ start: undefined, end: undefined, others: 1 });
});

test('absolute times are taken before relative ones', () => {
  const names = ['flowStartMilliseconds', 'flowEndMilliseconds', 'flowEndSysUpTime'];
  const record = [...be64(AT - 9000), ...be64(AT - 8000), ...be32(1500)];
  expect(timesOf(names, record, 5000)).toEqual({ start: AT - 9000, end: AT - 8000, others: 1 });
});
