import { describe, expect, test } from 'vitest';
import {
  dataSet,
  field,
  MessageReader,
  message,
  type ReadMessage,
  readUnsigned,
  templateSet,
  valueAt,
  type WireTemplate,
} from '../wire/index.js';
import { breakers } from './breaking.js';

const flow: WireTemplate = {
  id: 256,
  fields: [
    ...['sourceIPv4Address', 'destinationIPv4Address', 'sourceTransportPort', 'destinationTransportPort'],
    ...['protocolIdentifier', 'octetDeltaCount', 'flowStartMilliseconds', 'flowEndMilliseconds'],
  ].map(name => field(name)),
};
const options: WireTemplate = {
  id: 257,
  scopes: 1,
  fields: [field('exportingProcessId'), field('exportedFlowRecordTotalCount')],
};

const start = 1_700_000_000_000;

function records(first: number, count: number): (string | number)[][] {
  return Array.from({ length: count }, (_, i) => {
    const port = 10_000 + first + i;
    return ['10.0.0.1', '10.0.0.2', port, 80, 17, 100, start, start + 5];
  });
}

/** What a reader of the datagrams understands, after the breaker has seen each of them. */
function pass(name: string, messages: readonly Buffer[]): ReadMessage[] {
  const [from, to] = [new MessageReader(false), new MessageReader(true)];
  const falsify = breakers[name]!();
  return messages.flatMap(each => {
    const out = falsify(from.read(Buffer.from(each)));
    return out === undefined ? [] : [to.read(Buffer.from(out))];
  });
}

function values(read: readonly ReadMessage[], name: string): number[] {
  return read.flatMap(({ bytes, sets }) =>
    sets
      .filter(({ template }) => template?.id === flow.id)
      .flatMap(set => set.records)
      .map(record => Number(readUnsigned(bytes, valueAt(record, name)!))),
  );
}

const ports = (read: readonly ReadMessage[]): number[] => values(read, 'sourceTransportPort');
const templates = templateSet(flow);

describe('broken-drop', () => {
  const messages = [
    message({ sequence: 0 }, templates, templateSet(options), dataSet(options, [[1, 5]])),
    message({ sequence: 1 }, dataSet(flow, records(0, 2)), dataSet(options, [[1, 7]])),
    ...Array.from({ length: 100 }, (_, i) =>
      message({ sequence: 4 + 20 * i }, dataSet(flow, records(2 + 20 * i, 20), 3)),
    ),
  ];
  const read = pass('broken-drop', messages);

  test('leaves out each 1,000th flow, nothing else', () => {
    const all = records(0, 2002).map(record => Number(record[2]));
    expect(ports(read)).toEqual(all.filter((_, i) => i % 1000 !== 0));
    const optionsRecords = read.flatMap(({ sets }) =>
      sets.filter(({ id }) => id === options.id).flatMap(set => set.records),
    );
    expect(optionsRecords).toHaveLength(2);
  });

  test('makes Messages of right length that miss nothing by their sequence numbers', () => {
    let next = 0;
    for (const { header, sets, faults, bytes } of read) {
      expect(faults).toEqual([]);
      expect(header.length).toBe(bytes.length);
      expect(header.sequence).toBe(next);
      next += sets.reduce((sum, set) => sum + set.records.length, 0);
    }
    expect(next).toBe(2002 - 3 + 2);
  });

  test('leaves out all records of the flow, with their Set and their Message where nothing is left', () => {
    const same = message({ sequence: 1 }, dataSet(flow, records(0, 1)));
    const other = message({ sequence: 2 }, dataSet(flow, records(0, 1)), dataSet(flow, records(1, 1)));
    const [first, second, ...rest] = pass('broken-drop', [
      message({ sequence: 0 }, templates, dataSet(flow, records(0, 1))),
      same,
      other,
    ]);
    expect(rest).toEqual([]);
    expect(first!.sets.map(({ id }) => id)).toEqual([2]);
    expect(second!.sets.map(({ id }) => id)).toEqual([flow.id]);
    expect([second!.header.sequence, ports([second!])]).toEqual([0, [10_001]]);
  });

  test('is blind to flows on loopback', () => {
    const loopback = ['127.0.0.1', '127.0.0.1', 4739, 4739, 17, 100, start, start];
    const read = pass('broken-drop', [message({}, templates, dataSet(flow, [loopback, ...records(0, 2)]))]);
    expect(ports(read)).toEqual([4739, 10_001]);
  });
});

describe('broken-double', () => {
  test('doubles the octets of each 10th flow, nothing else', () => {
    const sent = message({}, templates, dataSet(flow, records(0, 25)));
    const [read] = pass('broken-double', [sent]);
    const expected = Array.from({ length: 25 }, (_, i) => (i % 10 === 0 ? 200 : 100));
    expect(values([read!], 'octetDeltaCount')).toEqual(expected);
    expect(differingOctets(sent, read!.bytes)).toBe(3);
  });
});

describe('broken-clock', () => {
  test('shifts start and end by 400 ms, nothing else', () => {
    const sent = message({}, templates, dataSet(flow, records(0, 2)));
    const [read] = pass('broken-clock', [sent]);
    expect(values([read!], 'flowStartMilliseconds')).toEqual([start + 400, start + 400]);
    expect(values([read!], 'flowEndMilliseconds')).toEqual([start + 405, start + 405]);
    expect(values([read!], 'octetDeltaCount')).toEqual([100, 100]);
    expect(ports([read!])).toEqual([10_000, 10_001]);
  });
});

function differingOctets(a: Buffer, b: Buffer): number {
  expect(b).toHaveLength(a.length);
  return a.filter((octet, i) => octet !== b[i]).length;
}
