import {
  type Binding,
  compileColumnsEncoder,
  compileDecoder,
  decodeRecords,
  type MessageVisitor,
  MessageWriter,
  TransportSession,
} from '@weir/ipfix';
import type { Routine, RoutineCase } from '@weir/lab';
import { peerDecoder } from './peer.js';
import {
  CAPACITY,
  ipfixWorkload,
  netflow9Workload,
  newBindings,
  recordLength,
  template,
  type Workload,
} from './workload.js';

const UNIT = 'records/s per core';

/** Decodes the same Message again and again, each time with the next sequence number; session and framing included. */
function decoding(name: string, workload: Workload, visitor: MessageVisitor): Routine {
  const { templateMessage, message, records, sequence } = workload;
  const session = new TransportSession();
  session.decode(templateMessage, visitor);
  let sent = 0;
  const run = () => {
    message.writeUInt32BE(sent, sequence.at);
    sent = (sent + sequence.step) >>> 0;
    session.decode(message, visitor);
  };
  run();
  if (session.counters.records !== records)
    throw new Error(`${name}: ${session.counters.records} of ${records} records`);
  return { name, operations: records, run };
}

function toColumns(name: string, workload: Workload): Routine {
  const decoder = compileDecoder(template, newBindings());
  let row = 0;
  return decoding(name, workload, {
    dataSet({ bytes, start, end }) {
      if (row + workload.records > CAPACITY) row = 0;
      row += decoder.decode(bytes, start, end, row, CAPACITY - row);
    },
  });
}

function toObjects(name: string, workload: Workload): Routine {
  return decoding(name, workload, { dataSet: set => decodeRecords(set) });
}

function peer(workload: Workload): Routine {
  const decode = peerDecoder();
  decode(workload.templateMessage);
  const { message, records } = workload;
  if (decode(message) !== records) throw new Error('node-netflowv9 does not read the records');
  return { name: 'node-netflowv9 to objects', operations: records, run: () => decode(message) };
}

/** Columns full of rows, decoded from a Message. */
function filledColumns(): Binding[] {
  const bindings = newBindings();
  const decoder = compileDecoder(template, bindings);
  const { message } = ipfixWorkload(65_000);
  for (let row = 0; row < CAPACITY; ) row += decoder.decode(message, 20, message.length, row, CAPACITY - row);
  return bindings;
}

function recordsOf({ templateMessage, message }: Workload): Record<string, unknown>[] {
  const session = new TransportSession();
  const records: Record<string, unknown>[] = [];
  const visitor: MessageVisitor = { dataSet: set => void records.push(...decodeRecords(set).map(each => each.record)) };
  for (const each of [templateMessage, message]) session.decode(each, visitor);
  return records;
}

/** Fills Messages, headers included, with what `add` puts into them. */
function encoding(name: string, octets: number, add: (writer: MessageWriter, row: number) => number): Routine {
  const operations = Math.floor((octets - 20) / recordLength);
  const writer = new MessageWriter(new Uint8Array(octets));
  let row = 0;
  return {
    name,
    operations,
    run() {
      writer.begin(1);
      const rows = add(writer, row);
      if (rows !== operations) throw new Error(`${name}: ${rows} of ${operations} records fit`);
      writer.finish(1_800_000_000, row);
      row = row + 2 * operations > CAPACITY ? 0 : row + operations;
    },
  };
}

function fromColumns(octets: number): Routine {
  const encoder = compileColumnsEncoder(template, filledColumns());
  return encoding('weir from columns', octets, (writer, row) => writer.addRows(encoder, row, CAPACITY - row));
}

function fromObjects(octets: number): Routine {
  const records = recordsOf(ipfixWorkload(octets));
  return encoding('weir from objects', octets, writer => {
    for (const record of records) writer.addRecord(template, record);
    return writer.records;
  });
}

/** The cases of `npm run bench -- ipfix`: 25-field records in whole Messages, session, framing and headers included. */
export function ipfixCases(): RoutineCase[] {
  return [1400, 65_000].flatMap(octets => {
    const ipfix = ipfixWorkload(octets);
    const netflow9 = netflow9Workload(octets);
    return [
      {
        name: `decode, ${octets} octets a Message, ${ipfix.records} records`,
        unit: UNIT,
        subjects: [
          toColumns('weir to columns', ipfix),
          toColumns('weir to columns, NetFlow v9', netflow9),
          toObjects('weir to objects', ipfix),
          toObjects('weir to objects, NetFlow v9', netflow9),
          peer(netflow9),
        ],
      },
      {
        name: `encode, ${octets} octets a Message`,
        unit: UNIT,
        subjects: [fromColumns(octets), fromObjects(octets)],
      },
    ];
  });
}

/** What is left of it where a Content Security Policy, or Node's flag, forbids to make code from text. */
export function portableCases(): RoutineCase[] {
  return [1400, 65_000].map(octets => ({
    name: `without code generation, ${octets} octets a Message`,
    unit: UNIT,
    subjects: [
      toColumns('weir to columns', ipfixWorkload(octets)),
      toObjects('weir to objects', ipfixWorkload(octets)),
      fromColumns(octets),
      fromObjects(octets),
    ],
  }));
}
