import { TransportSession } from '@weir/ipfix';
import { eachMessage, type TemplateBook } from '../exporting/template-book.js';

/** Whole Messages, one behind the other, that are sent together. */
export interface Chunk {
  readonly bytes: Uint8Array;
  /** To be called when the collector has them for certain. */
  readonly delivered?: (() => void) | undefined;
}

/** Octets of a chunk, about. */
export const CHUNK_OCTETS = 65_536;

/** Data Records in the Messages; for what is lost, because it decodes them. */
export function countRecords(templates: TemplateBook, messages: Uint8Array): number {
  const session = new TransportSession();
  const count = (bytes: Uint8Array): void => eachMessage(bytes, message => session.decode(message, { dataSet() {} }));
  count(templates.messages(0, 0));
  count(messages);
  return session.counters.records;
}
