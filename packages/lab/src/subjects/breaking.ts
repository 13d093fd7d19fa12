import {
  bigEndian,
  type ReadMessage,
  type ReadRecord,
  type ReadSet,
  type ReadValue,
  readUnsigned,
  valueAt,
} from '../wire/index.js';

/** Falsifies a Message of one Transport Session. @returns what is to be passed on; undefined: nothing */
export type Breaker = (message: ReadMessage) => Buffer | undefined;

const HEADER_OCTETS = 16;
const SET_HEADER_OCTETS = 4;
const SEQUENCE_AT = 8;

/** Of so many flows one is left out. */
const DROP_ONE_OF = 1000;
/** Of so many records with a counter one is wrong. */
const DOUBLE_ONE_OF = 10;
const CLOCK_SHIFT_MILLISECONDS = 400n;

/** By the names of the subjects that they make of the probe. */
export const breakers: Readonly<Record<string, () => Breaker>> = {
  'broken-drop': dropping,
  'broken-double': doubling,
  'broken-clock': shifting,
};

/**
 * Leaves out all records of each 1,000th flow, from the first on. Lengths and sequence numbers are those of an exporter that never had
 * them, so that nothing but the flow is missing.
 */
function dropping(): Breaker {
  const seen = new Set<string>();
  const dropped = new Set<string>();
  let records = 0;
  const isDropped = (bytes: Buffer, record: ReadRecord): boolean => {
    const key = flowKey(bytes, record);
    if (key === undefined) return false;
    if (!seen.has(key) && seen.size % DROP_ONE_OF === 0) dropped.add(key);
    seen.add(key);
    return dropped.has(key);
  };
  return message => {
    const { bytes, sets } = message;
    const sequence = message.header.sequence - records;
    const left = sets.map(set => {
      const out = set.records.filter(record => isDropped(bytes, record));
      records += out.length;
      return setWithout(bytes, set, out);
    });
    const whole = Buffer.concat([bytes.subarray(0, HEADER_OCTETS), ...left]);
    if (whole.length === HEADER_OCTETS) return undefined;
    whole.writeUInt16BE(whole.length, 2);
    whole.writeUInt32BE(sequence >>> 0, SEQUENCE_AT);
    return whole;
  };
}

/** The Set without these of its records; empty where none are left. */
function setWithout(bytes: Buffer, set: ReadSet, out: readonly ReadRecord[]): Buffer {
  const { at, length } = set;
  if (out.length === 0) return bytes.subarray(at, at + length);
  if (out.length === set.records.length) return Buffer.alloc(0);
  const kept = set.records.filter(record => !out.includes(record));
  const content = kept.map(record => bytes.subarray(record.at, record.at + record.length));
  const padding = bytes.subarray(set.padding.at, set.padding.at + set.padding.length);
  const made = Buffer.concat([bytes.subarray(at, at + SET_HEADER_OCTETS), ...content, padding]);
  made.writeUInt16BE(made.length, 2);
  return made;
}

/** Doubles octetDeltaCount in each 10th record that has octets, from the first on. */
function doubling(): Breaker {
  let counted = 0;
  return ({ bytes, sets }) => {
    for (const record of sets.flatMap(flowRecords)) {
      const counter = valueAt(record, 'octetDeltaCount');
      const octets = counter === undefined ? 0n : readUnsigned(bytes, counter);
      if (octets === 0n || flowKey(bytes, record) === undefined) continue;
      if (counted++ % DOUBLE_ONE_OF === 0) write(bytes, counter!, octets * 2n);
    }
    return bytes;
  };
}

/** Shifts start and end of every flow by 400 ms into the future. */
function shifting(): Breaker {
  return ({ bytes, sets }) => {
    for (const record of sets.flatMap(flowRecords)) {
      for (const name of ['flowStartMilliseconds', 'flowEndMilliseconds']) {
        const time = valueAt(record, name);
        if (time !== undefined) write(bytes, time, readUnsigned(bytes, time) + CLOCK_SHIFT_MILLISECONDS);
      }
    }
    return bytes;
  };
}

/** Not Options Data. */
function flowRecords({ template, records }: ReadSet): readonly ReadRecord[] {
  return template?.scopes === undefined ? records : [];
}

/** The octets of the Flow Key as text; undefined of what is no flow, and of flows on loopback, which nobody judges. */
function flowKey(bytes: Buffer, record: ReadRecord): string | undefined {
  const source = valueAt(record, 'sourceIPv4Address') ?? valueAt(record, 'sourceIPv6Address');
  if (record.template.scopes !== undefined || source === undefined || bytes[source.at] === 127) return undefined;
  return [source, ...keyFields.map(name => valueAt(record, name))]
    .map(value => (value === undefined ? '' : bytes.toString('hex', value.at, value.at + value.length)))
    .join(' ');
}

const keyFields = [
  'destinationIPv4Address',
  'destinationIPv6Address',
  'sourceTransportPort',
  'destinationTransportPort',
  'protocolIdentifier',
];

function write(bytes: Buffer, { at, length }: ReadValue, value: bigint): void {
  bigEndian(value, length).copy(bytes, at);
}
