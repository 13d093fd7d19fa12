import { originColumns } from '@weir/flow';
import { expect, test } from 'vitest';
import { FlowBatch } from './batch.js';
import { bindings } from './bindings.js';
import { toNative } from './native.js';
import { emptyMask, hasBit } from './present.js';
import { batchOf, dataSetsOf, messagesOf } from './testing/records.js';

const record = { sourceIPv4Address: '10.0.0.1', octetDeltaCount: 5, ipClassOfService: 7, interfaceName: 'eth0' };

test('a Template is bound, the present mask says what it has, the rest is unbound', () => {
  const batch = new FlowBatch(4);
  const [set] = dataSetsOf(messagesOf([{ ...record, ipNextHopIPv6Address: '::1' }], 0));
  const bound = bindings(set!.template, batch);
  expect(bound.bindings.map(b => b.field)).toEqual([0, 1, 2, 4]);
  expect(bound.unbound).toEqual([3]);
  expect([...bound.present]).toEqual([(1 << 0) | (1 << 15), (1 << (34 - 32)) | (1 << (35 - 32)), 0, 0]);
});

test('of two fields for one column the preferred one is bound, in either order', () => {
  const batch = new FlowBatch(1);
  const start = { flowStartMilliseconds: '2026-01-01T00:00:00.5Z', flowStartSeconds: '2026-01-01T00:00:00Z' };
  const [both] = dataSetsOf(messagesOf([start], 0));
  expect(bindings(both!.template, batch)).toMatchObject({ bindings: [{ field: 0 }], unbound: [1] });
  const turned = { id: 256, scopeFieldCount: 0, fields: [...both!.template.fields].reverse() };
  expect(bindings(turned, batch)).toMatchObject({ bindings: [{ field: 1 }], unbound: [0], present: { 0: 1 << 19 } });
});

test('records go through the wire into columns', () => {
  const batch = batchOf([record, { ...record, sourceIPv4Address: '10.0.0.2', octetDeltaCount: 2 ** 40 }], {
    exportTime: 100,
    domain: 9,
  });
  expect(batch.rows).toBe(2);
  expect([...batch.column('sourceAddress').data.subarray(16, 32)]).toEqual([
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 10, 0, 0, 2,
  ]);
  expect([...new BigUint64Array(batch.column('octets').data.buffer)]).toEqual([5n, 2n ** 40n]);
  expect([...new BigInt64Array(batch.column('exportTime').data.buffer)]).toEqual([100_000n, 100_000n]);
  expect([...new Uint32Array(batch.column('observationDomainId').data.buffer)]).toEqual([9, 9]);
  const [ends, names, values] = batch.others.parts(2).map(part => Buffer.from(part).toString('latin1'));
  expect(ends).toBe('\x01\0\0\0\0\0\0\0\x02\0\0\0\0\0\0\0');
  expect([names, values]).toEqual(['\x0dinterfaceName'.repeat(2), '\x04eth0'.repeat(2)]);
});

test('reset leaves nothing of the earlier records but their origin, which each row has anew', () => {
  const batch = batchOf([record], { capacity: 2 });
  batch.reset();
  expect(batch.rows).toBe(0);
  expect(batch.others.isEmpty).toBe(true);
  expect([...batch.present]).toEqual([0, 0, 0, 0]);
  const left = [...batch.columns].filter(([, { data }]) => data.some(octet => octet !== 0));
  expect(left.map(([name]) => name).filter(name => !originColumns.has(name))).toEqual([]);
});

test('a block names only columns that a row has', () => {
  const text = Buffer.from(toNative(batchOf([{ octetDeltaCount: 1 }]))).toString('latin1');
  expect(text).toContain('\x06octets\x06UInt64');
  expect(text).toContain('exporter');
  expect(text).not.toContain('packets');
  expect(text).not.toContain('present2');
  expect(text).not.toContain('other');
});

test('a field beyond the first 64 bits of the present mask is in its second column', () => {
  const batch = batchOf([{ octetDeltaCount: 1 }, { octetDeltaCount: 1, samplingInterval: 100 }]);
  const words = (column: string) => [...new BigUint64Array(batch.column(column).data.buffer)];
  expect([words('present'), words('present2')]).toEqual([
    [1n << 15n, 1n << 15n],
    [0n, 1n],
  ]);
  expect([...new Uint32Array(batch.column('samplingInterval').data.buffer)]).toEqual([0, 100]);
  expect(Buffer.from(toNative(batch)).toString('latin1')).toContain('\x08present2\x06UInt64');
});

test('a row is marked under any bit, and its neighbours are not', () => {
  const batch = batchOf([{ octetDeltaCount: 1 }, { octetDeltaCount: 1 }, { octetDeltaCount: 1 }]);
  const words = (column: string) => [...new BigUint64Array(batch.column(column).data.buffer)];
  for (const bit of [31, 63, 64, 127]) batch.mark(1, bit);
  expect(words('present')).toEqual([1n << 15n, (1n << 15n) | (1n << 31n) | (1n << 63n), 1n << 15n]);
  expect(words('present2')).toEqual([0n, 1n | (1n << 63n), 0n]);
  expect([0, 15, 31, 32, 63, 64, 127].filter(bit => hasBit(batch.present, bit))).toEqual([15, 31, 63, 64, 127]);
});

test('a batch does not grow beyond its capacity', () => {
  const batch = batchOf([record]);
  const origin = {
    exporter: new Uint8Array(16),
    observationDomainId: 0,
    templateId: 256,
    exportTime: 0,
    receivedAt: 0,
  };
  expect(() => batch.stamp(1, { ...origin, present: emptyMask() })).toThrow(RangeError);
  expect(() => new FlowBatch(300_000)).toThrow(RangeError);
});
