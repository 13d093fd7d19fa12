import { fieldOfElement, parseAddress, parseMac } from '@weir/flow';
import {
  compileDecoder,
  type DataSet,
  decodeRecords,
  elements,
  type FieldSpecifier,
  fieldsOf,
  MessageWriter,
  recordCount,
  type Template,
  TransportSession,
} from '@weir/ipfix';
import { FlowBatch } from '../batch.js';
import { bindings, OtherFields } from '../bindings.js';

/** A record for a test, as it is printed: IANA names to values. Strings are sent with variable length. */
export type TestRecord = Record<string, string | number | bigint | boolean>;

const TEMPLATE_FIRST = 256;

/** The records as IPFIX Messages of one Observation Domain, each with the Template that its names make. */
export function messagesOf(records: readonly TestRecord[], exportTime: number, domain = 1): Uint8Array[] {
  const templates = new Map<string, Template>();
  const messages: Uint8Array[] = [];
  const buffer = new Uint8Array(1400);
  const writer = new MessageWriter(buffer);
  let sequence = 0;
  const send = () => {
    const count = writer.records;
    messages.push(buffer.slice(0, writer.finish(exportTime, sequence)));
    sequence += count;
    writer.begin(domain);
  };
  writer.begin(domain);
  for (const record of records) {
    const names = Object.keys(record);
    const key = names.join(' ');
    let template = templates.get(key);
    if (template === undefined) {
      template = { id: TEMPLATE_FIRST + templates.size, scopeFieldCount: 0, fields: fieldsOf(names.map(fieldSpec)) };
      templates.set(key, template);
      if (!writer.addTemplate(template)) {
        send();
        writer.addTemplate(template);
      }
    }
    const bytes = encodeRecord(template, record);
    let at = writer.reserve(template.id, bytes.length);
    if (at < 0) {
      send();
      at = writer.reserve(template.id, bytes.length);
    }
    buffer.set(bytes, at);
  }
  send();
  return messages;
}

function fieldSpec(name: string): string | readonly [string, number] {
  const type = elements.byName(name)!.type;
  return type === 'string' || type === 'octetArray' ? [name, 65535] : name;
}

function encodeRecord(template: Template, record: TestRecord): Uint8Array {
  return Uint8Array.from(template.fields.flatMap(field => encodeValue(field, record)));
}

function encodeValue(field: FieldSpecifier, record: TestRecord): number[] {
  const { name, type } = elements.byId(field.enterprise, field.id)!;
  const value = record[name]!;
  if (type === 'string') return [String(value).length, ...Buffer.from(String(value), 'latin1')];
  if (type === 'octetArray') return [String(value).length / 2, ...Buffer.from(String(value), 'hex')];
  if (type === 'boolean') return [value ? 1 : 2];
  if (type === 'float64') {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleBE(Number(value));
    return [...bytes];
  }
  return bigEndian(numberOf(type, value), field.length);
}

function numberOf(type: string, value: TestRecord[string]): bigint {
  if (type === 'ipv4Address' || type === 'ipv6Address') return parseAddress(String(value))!;
  if (type === 'macAddress') return parseMac(String(value))!;
  if (type === 'dateTimeMilliseconds') return BigInt(Date.parse(String(value)));
  if (type === 'dateTimeSeconds') return BigInt(Date.parse(String(value)) / 1000);
  if (type.startsWith('dateTime')) return ntp(String(value), type === 'dateTimeMicroseconds' ? 11n : 0n);
  return BigInt(value);
}

/** RFC 7011 section 6.1.9: seconds since 1900, and a fraction of which the low bits may not count. */
function ntp(text: string, unused: bigint): bigint {
  const [, digits = ''] = /\.(\d+)Z$/.exec(text)!;
  const seconds = BigInt(Date.parse(`${text.slice(0, 19)}Z`) / 1000) + 2_208_988_800n;
  const unit = 10n ** BigInt(digits.length) * (1n << unused);
  const fraction = ((BigInt(digits) << 32n) + unit - 1n) / unit;
  return (seconds << 32n) + (fraction << unused);
}

function bigEndian(value: bigint, length: number): number[] {
  return Array.from({ length }, (_, i) => Number((value >> BigInt(8 * (length - 1 - i))) & 0xffn));
}

/** The Data Sets of Messages, as a Collecting Process sees them. */
export function dataSetsOf(messages: readonly Uint8Array[]): DataSet[] {
  const sets: DataSet[] = [];
  const session = new TransportSession();
  for (const message of messages) session.decode(message, { dataSet: set => sets.push(set) });
  return sets;
}

/** What `weir read` would print as `record`. */
export function decodedRecords(records: readonly TestRecord[]): Record<string, unknown>[] {
  return dataSetsOf(messagesOf(records, 0)).flatMap(set => decodeRecords(set).map(decoded => decoded.record));
}

export interface BatchOptions {
  /** Seconds since the epoch; default now. */
  exportTime?: number;
  domain?: number;
  /** Default 192.0.2.1. */
  exporter?: string;
  capacity?: number;
  /** Which records another exporter told, too. */
  duplicates?: (index: number) => boolean;
}

/** The records through encoder and decoder into a batch. */
export function batchOf(records: readonly TestRecord[], options: BatchOptions = {}): FlowBatch {
  const exportTime = options.exportTime ?? Math.floor(Date.now() / 1000);
  const sets = dataSetsOf(messagesOf(records, exportTime, options.domain));
  const batch = batchOfSets(sets, options.capacity ?? Math.max(1, records.length), options.exporter);
  if (options.duplicates !== undefined) markDuplicates(batch, options.duplicates);
  return batch;
}

function markDuplicates(batch: FlowBatch, duplicates: (index: number) => boolean): void {
  const { field, bit } = fieldOfElement('duplicate')!;
  for (let row = 0; row < batch.rows; row++) {
    if (!duplicates(row)) continue;
    batch.column(field.column).data[row] = 1;
    batch.mark(row, bit);
  }
}

/** The records of Data Sets in a batch; received when they were exported. */
export function batchOfSets(sets: readonly DataSet[], capacity: number, exporter = '192.0.2.1'): FlowBatch {
  const batch = new FlowBatch(capacity);
  for (const set of sets) {
    const { bindings: bound, present, unbound } = bindings(set.template, batch);
    const decoder = compileDecoder(set.template, bound);
    const count = decoder.decode(set.bytes, set.start, set.end, batch.rows, batch.capacity - batch.rows);
    if (count !== recordCount(set)) throw new Error(`decoded ${count} of ${recordCount(set)} records`);
    if (unbound.length > 0) new OtherFields(set.template, unbound).read(batch, batch.rows, set);
    batch.stamp(count, {
      exporter: Uint8Array.from(bigEndian(parseAddress(exporter)!, 16)),
      observationDomainId: set.header.observationDomainId,
      templateId: set.template.id,
      exportTime: set.header.exportTime * 1000,
      receivedAt: set.header.exportTime * 1000,
      present,
    });
  }
  return batch;
}
