import type { NetflowField } from './netflow-v9-templates.js';
import { put16, put32 } from './put.js';

const HEADER_OCTETS = 20;
const FLOWSET_HEADER_OCTETS = 4;
/** FlowSets end at a multiple of so many octets, filled up with zeros (RFC 3954 section 5.3). */
const ALIGNMENT = 4;
const TEMPLATE_FLOWSET = 0;
const OPTIONS_TEMPLATE_FLOWSET = 1;

/** An Options Template: the scope's fields come first. */
export interface NetflowOptionsFields {
  readonly scope: readonly NetflowField[];
  readonly options: readonly NetflowField[];
}

/** Writes one NetFlow v9 datagram after another (RFC 3954 section 5). Allocates nothing per record. */
export class NetflowV9Writer {
  /** Data Records in the datagram so far. */
  records = 0;
  #bytes: Uint8Array = new Uint8Array(0);
  #length = HEADER_OCTETS;
  /** Records of all kinds: the header tells their number. */
  #count = 0;
  /** Offset of the open FlowSet, 0 where none is open. */
  #set = 0;
  #setId = -1;

  begin(bytes: Uint8Array): void {
    this.#bytes = bytes;
    this.#length = HEADER_OCTETS;
    this.#count = 0;
    this.#set = 0;
    this.#setId = -1;
    this.records = 0;
  }

  /** Octets that are left for FlowSets. */
  get room(): number {
    return this.#bytes.length - this.#length;
  }

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  /** Octets that a record takes at most: with a FlowSet of its own, and the filling of the one before. */
  static octetsFor(record: number): number {
    return record + FLOWSET_HEADER_OCTETS + 2 * (ALIGNMENT - 1);
  }

  /** Adds a Template Record, for which there must be room. */
  addTemplate(id: number, fields: readonly NetflowField[]): void {
    const at = this.#open(TEMPLATE_FLOWSET, templateOctets(fields));
    put16(this.#bytes, at, id);
    put16(this.#bytes, at + 2, fields.length);
    this.#putFields(at + 4, fields);
  }

  /** Adds an Options Template Record, for which there must be room. */
  addOptionsTemplate(id: number, { scope, options }: NetflowOptionsFields): void {
    const at = this.#open(OPTIONS_TEMPLATE_FLOWSET, templateOctets(scope) + templateOctets(options) - 2);
    put16(this.#bytes, at, id);
    put16(this.#bytes, at + 2, 4 * scope.length);
    put16(this.#bytes, at + 4, 4 * options.length);
    this.#putFields(at + 6, scope);
    this.#putFields(at + 6 + 4 * scope.length, options);
  }

  /** Makes room for one Data Record, which there must be. @returns its offset */
  reserve(templateId: number, octets: number): number {
    this.records++;
    return this.#open(templateId, octets);
  }

  /** Closes the datagram. @returns its octets */
  finish(sysUpTime: number, seconds: number, sequence: number, sourceId: number): number {
    this.#close();
    const bytes = this.#bytes;
    put16(bytes, 0, 9);
    put16(bytes, 2, this.#count);
    put32(bytes, 4, sysUpTime);
    put32(bytes, 8, seconds);
    put32(bytes, 12, sequence);
    put32(bytes, 16, sourceId);
    return this.#length;
  }

  #open(setId: number, octets: number): number {
    if (this.#setId !== setId) {
      this.#close();
      this.#set = this.#length;
      this.#setId = setId;
      put16(this.#bytes, this.#set, setId);
      this.#length += FLOWSET_HEADER_OCTETS;
    }
    const at = this.#length;
    this.#length += octets;
    this.#count++;
    return at;
  }

  #close(): void {
    if (this.#set === 0) return;
    while (this.#length % ALIGNMENT !== 0) this.#bytes[this.#length++] = 0;
    put16(this.#bytes, this.#set + 2, this.#length - this.#set);
    this.#set = 0;
    this.#setId = -1;
  }

  #putFields(at: number, fields: readonly NetflowField[]): void {
    for (let i = 0; i < fields.length; i++) {
      put16(this.#bytes, at + 4 * i, fields[i][0]);
      put16(this.#bytes, at + 4 * i + 2, fields[i][1]);
    }
  }
}

/** Octets of a Template Record with these fields. */
export function templateOctets(fields: readonly NetflowField[]): number {
  return 4 + 4 * fields.length;
}
