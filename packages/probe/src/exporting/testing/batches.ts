import type { FlowRecord } from '../../metering/flow-record.js';
import type { RecordBatch } from '../../metering/record-batch.js';
import { parseFields } from '../field-selection.js';
import { FlowTemplates } from '../flow-templates.js';

/** What lies before each Data Record in the kernel's ring: the ring's header and the record's. */
const BETWEEN = 16;

/** A batch of the Data Records of these Flow Records, as the kernel would have written them. @param addressOf finds where octets lie */
export function batchOf(
  records: readonly FlowRecord[],
  addressOf: (bytes: Uint8Array) => bigint = () => 0n,
  preset = 'default',
): RecordBatch {
  const templates = new FlowTemplates(parseFields(preset));
  const all = records.map(record => {
    const { kind } = record;
    const template = templates.templateOf(kind);
    const octets = new Uint8Array(template.octetsOf(record));
    template.put(record, octets, 0);
    return { kind, octets };
  });
  const lengths = Uint32Array.from(all, ({ octets }) => octets.length);
  const offsets = new Uint32Array(records.length);
  const bytes = new Uint8Array(lengths.reduce((sum, length) => sum + BETWEEN + length, 0)).fill(0xee);
  let at = 0;
  all.forEach(({ octets }, i) => {
    offsets[i] = at + BETWEEN;
    bytes.set(octets, offsets[i]);
    at = offsets[i] + lengths[i];
  });
  const count = records.length;
  return {
    bytes,
    address: addressOf(bytes),
    count,
    kinds: Uint32Array.from(all, ({ kind }) => kind),
    flags: new Uint32Array(count),
    offsets,
    lengths,
  };
}

/** Some records of a batch, where they are. */
export function partOf(batch: RecordBatch, from: number, to: number): RecordBatch {
  return {
    ...batch,
    count: to - from,
    kinds: batch.kinds.subarray(from, to),
    flags: batch.flags.subarray(from, to),
    offsets: batch.offsets.subarray(from, to),
    lengths: batch.lengths.subarray(from, to),
  };
}
