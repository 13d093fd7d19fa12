import type { WireField, WireTemplate } from './template.js';

/** What is not as it has to be: the rule broken, the place in the Message, and what stands there. */
export interface Fault {
  readonly rule: string;
  readonly at: number;
  readonly detail: string;
}

/** A Message as it was read: all its Sets up to the first that cannot be told from the next. */
export interface ReadMessage {
  readonly bytes: Buffer;
  readonly header: { version: number; length: number; exportTime: number; sequence: number; domain: number };
  readonly sets: ReadSet[];
  readonly faults: Fault[];
}

/** A Set at `at` of the Message; `length` with its header. */
export interface ReadSet {
  readonly id: number;
  readonly at: number;
  readonly length: number;
  /** Templates told in a Template Set or Options Template Set. */
  readonly templates: WireTemplate[];
  /** Template IDs withdrawn; 2 and 3 stand for all. */
  readonly withdrawn: number[];
  /** Of a Data Set: its Template, if it is known, and its Data Records. */
  template?: WireTemplate;
  readonly records: ReadRecord[];
  padding: { at: number; length: number };
}

/** A Data Record at `at` of the Message. */
export interface ReadRecord {
  readonly template: WireTemplate;
  readonly at: number;
  readonly length: number;
  readonly values: ReadValue[];
}

/** Where a value's octets are, behind the length of those that tell it. */
export interface ReadValue {
  readonly field: WireField;
  readonly at: number;
  readonly length: number;
}
