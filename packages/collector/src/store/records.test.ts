import { isAdded, storedElements } from '@weir/flow';
import { decodeRecords, elements, fieldsOf, MessageWriter } from '@weir/ipfix';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toNative } from '../flow/native.js';
import { batchOfSets, dataSetsOf, decodedRecords, type TestRecord } from '../flow/testing/records.js';
import { groups, records, type Selection } from './queries.js';
import { insertRecords, openTestStore, type TestStore } from './testing/store.js';

let opened: TestStore;
beforeAll(async () => {
  opened = await openTestStore();
}, 30_000);
afterAll(() => opened.end(), 30_000);

const exportTime = Date.parse('2026-03-01T12:00:00Z') / 1000;
const at = (selection: Selection = {}): Selection => ({ to: exportTime * 1000 + 60_000, ...selection });

async function recordsOf(selection: Selection, limit?: number) {
  const found: Record<string, unknown>[] = [];
  for await (const record of records(opened.store, selection, limit)) found.push(record);
  return found;
}

function sample(name: string): TestRecord[string] {
  const element = elements.byName(name)!;
  if (element.type === 'ipv4Address') return '203.0.113.77';
  if (element.type === 'ipv6Address') return '2001:db8::77:1';
  if (element.type === 'macAddress') return '02:00:5e:10:ab:cd';
  if (element.type === 'dateTimeSeconds') return '2026-03-01T11:59:58Z';
  if (element.type === 'dateTimeMilliseconds') return '2026-03-01T11:59:58.123Z';
  if (element.type === 'dateTimeMicroseconds') return '2026-03-01T11:59:58.123456Z';
  if (element.type === 'dateTimeNanoseconds') return '2026-03-01T11:59:58.123456789Z';
  return element.type === 'unsigned64' ? 2n ** 63n + 12345n : 2 ** ((8 * Number(element.type.slice(8))) / 8) - 1;
}

test('every stored element comes back under its own name, and nothing else does', async () => {
  // One element for a column at a time.
  const names = storedElements.map(e => e.name).filter(name => !isAdded(name));
  const all: TestRecord[] = names.map(name => ({ flowId: 1, [name]: sample(name) }));
  await insertRecords(opened.store, all, { exportTime, domain: 42 });
  const found = await recordsOf(at({ filter: 'domain = 42' }));
  const sorted = (list: unknown[]) =>
    list.map(record => JSON.stringify(record, Object.keys(record as object).sort())).sort();
  expect(sorted(found.map(record => record.record))).toEqual(sorted(decodedRecords(all)));
  expect(found[0]).toMatchObject({ exportTime: '2026-03-01T12:00:00Z', observationDomainId: 42 });
  expect(Object.keys(found[0]!)).toEqual(['exportTime', 'observationDomainId', 'templateId', 'record']);
});

test('elements without a column are kept by name', async () => {
  const record = {
    flowId: 2,
    interfaceName: 'wan "0"\n',
    samplingPacketInterval: 10,
    samplingProbability: 0.5,
    dataRecordsReliability: true,
  };
  await insertRecords(opened.store, [record], { exportTime, domain: 43 });
  expect((await recordsOf(at({ filter: 'domain = 43' })))[0]!.record).toEqual(decodedRecords([record])[0]);
  const [group] = await groups(opened.store, at({ filter: 'domain = 43' }), [
    'interfaceName',
    'samplingPacketInterval',
    'exporter',
    'src',
  ]);
  expect(group).toMatchObject({
    interfaceName: 'wan "0"\n',
    samplingPacketInterval: 10,
    exporter: '192.0.2.1',
    src: null,
    flows: 1,
  });
});

test('an element that a Template has twice comes back as a list', async () => {
  const template = {
    id: 256,
    scopeFieldCount: 0,
    fields: fieldsOf(['vlanId', 'vlanId', 'samplingPacketInterval', 'samplingPacketInterval']),
  };
  const message = new Uint8Array(200);
  const writer = new MessageWriter(message);
  writer.begin(47);
  writer.addTemplate(template);
  message.set([0, 7, 0, 8, 0, 0, 0, 9, 0, 0, 0, 10], writer.reserve(256, 12));
  const [set] = dataSetsOf([message.slice(0, writer.finish(exportTime, 0))]);
  const batch = batchOfSets([set!], 1);
  await opened.store.insert(toNative(batch), 1);
  const [found] = await recordsOf(at({ filter: 'domain = 47 and vlan = 7' }));
  expect(found!.record).toEqual({ vlanId: [7, 8], samplingPacketInterval: [9, 10] });
  expect(found!.record).toEqual(decodeRecords(set!)[0]!.record);
});

test('a record belongs to the interval in which it ends, end excluded', async () => {
  const end = '2026-02-01T00:00:00.000Z';
  await insertRecords(opened.store, [{ flowEndMilliseconds: end, flowStartMilliseconds: '2026-01-01T00:00:00.000Z' }], {
    exportTime,
    domain: 44,
  });
  const time = Date.parse(end);
  const count = async (from: number, to: number) => (await recordsOf({ from, to, filter: 'domain = 44' })).length;
  expect(await count(time, time + 1)).toBe(1);
  expect(await count(time - 1000, time)).toBe(0);
  expect(await count(time + 1, time + 1000)).toBe(0);
});

test('times of a broken or hostile clock neither make partitions nor break the output', async () => {
  const hostile = Array.from({ length: 500 }, (_, i) => ({
    flowId: i,
    flowEndSeconds: new Date(i * 8_000_000_000).toISOString().replace('.000', ''),
  }));
  await insertRecords(opened.store, hostile, { exportTime, domain: 45 });
  const found = await recordsOf({ from: 0, to: Date.parse('9000-01-01'), filter: 'domain = 45' });
  expect(found).toHaveLength(500);
  const [parts] = await opened.store.query<{ n: string }>(
    "SELECT uniqExact(partition_id) AS n FROM system.parts WHERE active AND table = 'flows'",
  );
  expect(Number(parts!.n)).toBeLessThanOrEqual(33);
});

test('limit and order', async () => {
  const list = Array.from({ length: 3000 }, (_, i) => ({
    flowId: i,
    flowEndMilliseconds: new Date(exportTime * 1000 - ((i * 7919) % 3000)).toISOString(),
  }));
  await insertRecords(opened.store, list, { exportTime, domain: 46 });
  const found = await recordsOf(at({ filter: 'domain = 46' }));
  const ends = found.map(record => (record.record as Record<string, string>).flowEndMilliseconds!);
  expect(ends).toHaveLength(3000);
  expect(ends).toEqual([...ends].sort());
  const three = await recordsOf(at({ filter: 'domain = 46' }), 3);
  expect(three).toEqual(found.slice(0, 3));
});

test('a reader that stops early leaves the store usable', async () => {
  for (let i = 0; i < 10; i++) {
    for await (const record of records(opened.store, at({ filter: 'domain = 46' }))) {
      expect(record).toBeDefined();
      break;
    }
  }
  expect((await recordsOf(at({ filter: 'domain = 46' }))).length).toBe(3000);
});
