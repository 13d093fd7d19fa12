import {
  type DataSet,
  type DecodedRecord,
  decodeRecords,
  encodeRecord,
  MessageWriter,
  TransportSession,
} from '@weir/ipfix';
import type { OptionsRecord } from '../../exporting/encoder.js';

/** Options Data Records as a Collecting Process reads them from one Message. */
export function received(records: readonly OptionsRecord[]): DecodedRecord[] {
  const buffer = new Uint8Array(1400);
  const writer = new MessageWriter(buffer);
  writer.begin(1);
  for (const template of new Set(records.map(record => record.template))) writer.addTemplate(template);
  for (const { template, values } of records) {
    const octets = encodeRecord(template, values, new Uint8Array(500));
    encodeRecord(template, values, buffer, writer.reserve(template.id, octets));
  }
  const sets: DataSet[] = [];
  new TransportSession().decode(buffer.slice(0, writer.finish(0, 0)), { dataSet: set => sets.push(set) });
  return sets.flatMap(set => decodeRecords(set));
}
