import { IS_LITTLE_ENDIAN, swapped } from '../../byte-order.js';
import { FlowRecord } from '../flow-record.js';

/** Counters as they are kept, of their numbers: each low word, then high word. */
export function counterWords(...numbers: readonly number[]): Int32Array {
  return Int32Array.from(numbers, (_, i) => {
    const word = numbers[i ^ 1];
    return IS_LITTLE_ENDIAN ? swapped(word) : word;
  });
}

/** Writes an address of 4 or 16 octets, or its first ones, into a record of its family, be it translated or not. */
export function setAddress(record: FlowRecord, address: number, octets: ArrayLike<number>): void {
  const { translated } = record;
  record.translated = true;
  record.octets.set(octets, record.place(address));
  record.translated = translated;
}

export function copyOf(record: FlowRecord): FlowRecord {
  const copy = new FlowRecord();
  copy.octets.set(record.octets);
  copy.kind = record.kind;
  return copy;
}
