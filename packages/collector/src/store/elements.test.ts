import { fieldsOf, MessageWriter, type Template, typeInformationOf, typeInformationTemplate } from '@weir/ipfix';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { copyOf } from '../collecting/filled-batch.js';
import { Ingest } from '../collecting/ingest.js';
import { peerOfText } from '../collecting/peer.js';
import { RecordTemplates } from './export/templates.js';
import { groups, records } from './queries.js';
import { openTestStore, type TestStore } from './testing/store.js';

let opened: TestStore;
beforeAll(async () => {
  opened = await openTestStore();
}, 30_000);
afterAll(() => opened.end(), 30_000);

const NOW = 1_700_000_000_000;
const interval = { from: NOW - 3_600_000, to: NOW + 3_600_000 };
const ENTERPRISE = 99_999;
const told = { enterprise: ENTERPRISE, id: 7, name: 'queueLength', type: 'unsigned32' } as const;
/** Its name has a meaning in filters. */
const taken = { enterprise: ENTERPRISE, id: 8, name: 'start', type: 'unsigned32' } as const;

const types = typeInformationTemplate(256);
const flows: Template = {
  id: 300,
  scopeFieldCount: 0,
  fields: [
    ...fieldsOf(['flowEndMilliseconds']),
    { enterprise: ENTERPRISE, id: 7, length: 4 },
    { enterprise: ENTERPRISE, id: 8, length: 4 },
  ],
};

const buffer = new Uint8Array(1400);
const writer = new MessageWriter(buffer);
const view = new DataView(buffer.buffer);
let sequence = 0;
function message(fill: () => number): Uint8Array {
  writer.begin(1);
  const records = fill();
  sequence += records;
  return buffer.slice(0, writer.finish(NOW / 1000, sequence - records));
}

const templates = message(() => {
  writer.addTemplate(types);
  writer.addTemplate(flows);
  return 0;
});
const flow = (queue: number) =>
  message(() => {
    const at = writer.reserve(300, 16);
    view.setBigUint64(at, BigInt(NOW));
    view.setUint32(at + 8, queue);
    view.setUint32(at + 12, 1);
    return 1;
  });
const information = () =>
  message(() => {
    for (const element of [told, taken]) writer.addRecord(types, typeInformationOf(element));
    return 2;
  });

async function found(filter: string): Promise<unknown[]> {
  const all: unknown[] = [];
  for await (const { record } of records(opened.store, { ...interval, filter })) all.push(record);
  return all;
}

test('elements that an exporter has defined are stored, found and written by the names that it has told', async () => {
  const blocks: { block: Uint8Array; rows: number }[] = [];
  const ingest = new Ingest({ capacity: 100, deliver: batch => blocks.push(copyOf(batch)) });
  const peer = peerOfText('192.0.2.1', 4739);
  for (const each of [templates, flow(1), information(), flow(22), flow(3)]) ingest.datagram(each, peer, NOW);
  ingest.flush();
  for (const { block, rows } of blocks) await opened.store.insert(block, rows);
  expect(ingest.told.unkept).toEqual({ interfaces: [], elements: [told, taken] });
  await expect(found('queueLength > 3')).rejects.toThrow(/queueLength/);
  await opened.store.keepTold(ingest.told.take()!);
  expect(ingest.told.take()).toBeUndefined();
  ingest.told.answered(true);
  const end = new Date(NOW).toISOString();
  // By number, not by text: "22" is less than "3".
  expect(await found('queueLength > 3')).toEqual([
    { flowEndMilliseconds: end, queueLength: 22, [`${ENTERPRISE}:8`]: '00000001' },
  ]);
  expect(await found(`${ENTERPRISE}:7 = 0x00000001`)).toHaveLength(1);
  expect(await groups(opened.store, { ...interval, filter: 'queueLength != 22' }, ['queueLength'])).toMatchObject([
    { queueLength: 3 },
  ]);
  expect(new RecordTemplates().of({ queueLength: 22 }).template.fields).toEqual([
    { enterprise: ENTERPRISE, id: 7, length: 4 },
  ]);
  // A restart tells the same once more, and a record's name is there at once.
  const after = new Ingest({ capacity: 100, deliver: batch => blocks.push(copyOf(batch)) });
  after.restore(JSON.parse(JSON.stringify(ingest.save(NOW))));
  after.datagram(flow(99), peer, NOW);
  after.flush();
  await opened.store.insert(blocks.at(-1)!.block, blocks.at(-1)!.rows);
  expect(await found('queueLength = 99')).toHaveLength(1);
  expect(await opened.store.query('SELECT name, id FROM elements ORDER BY id')).toEqual([
    { name: 'queueLength', id: 7 },
    { name: 'start', id: 8 },
  ]);
});
