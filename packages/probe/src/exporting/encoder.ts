import type { Template } from '@weir/ipfix';
import type { FlowRecord } from '../metering/flow-record.js';

/** One Options Data Record: rare, so an object. */
export interface OptionsRecord {
  readonly template: Template;
  /** Values by name, those of the scope among them (encodeRecord). */
  readonly values: Readonly<Record<string, unknown>>;
}

/**
 * Flow Records into the Messages of one export protocol, for one Transport Session: it keeps the session's Templates and sequence
 * number. A Message is begun in a buffer, filled until something does not fit, and finished.
 */
export interface MessageEncoder {
  /** Begins a Message in `bytes`, which is as long as a Message may be. */
  begin(bytes: Uint8Array): void;
  /** Adds a Flow Record, before it its Template where the session has not had it. False where it does not fit: finish, begin, repeat. */
  addFlow(record: FlowRecord): boolean;
  /**
   * Makes room for a Data Record that is finished, of this kind (record-kinds.ts), as addFlow does. @returns where in the Message its
   * octets go, -1 where it does not fit. Not there where the protocol has other records.
   */
  reserveData?(kind: number, octets: number): number;
  /** As addFlow; true and nothing added where the protocol cannot carry it. */
  addOptions(options: OptionsRecord): boolean;
  /** Templates that the session has had, and one of them once more. False where it does not fit. */
  readonly templateCount: number;
  addTemplate(index: number): boolean;
  /** Ends the Message. @param wall milliseconds @returns its octets, 0 where nothing was added */
  finish(wall: number): number;
  /** Data Records in the Message that was finished last: what is lost with it. */
  readonly records: number;
}
