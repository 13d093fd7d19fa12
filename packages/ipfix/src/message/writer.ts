import { putU16, putU32 } from '../octets/put.js';
import type { EncodeContext, Values } from '../structured/encode.js';
import type { ColumnsEncoder } from '../template/columns-encoder.js';
import { encodeBefore } from '../template/encode.js';
import { ENTERPRISE_BIT, OPTIONS_TEMPLATE_SET, TEMPLATE_SET } from '../template/format.js';
import type { FieldSpecifier, Template } from '../template/template.js';
import { MAXIMUM_MESSAGE_LENGTH, MESSAGE_HEADER_LENGTH, SET_HEADER_LENGTH, VERSION } from './format.js';

/**
 * Writes one Message after another into the same buffer: begin, then addTemplate and reserve in any order, then finish.
 * Allocates nothing per record. No padding is written.
 */
export class MessageWriter {
  readonly #buffer: Uint8Array;
  readonly #maximum: number;
  #domain = 0;
  #length = MESSAGE_HEADER_LENGTH;
  #records = 0;
  /** Offset of the open Set, 0 where none is open. */
  #set = 0;
  #setId = 0;

  /** `maximum` octets a Message, for a datagram that fits the path; at most the buffer's length and 65535. */
  constructor(buffer: Uint8Array, maximum: number = buffer.length) {
    this.#buffer = buffer;
    this.#maximum = Math.min(maximum, buffer.length, MAXIMUM_MESSAGE_LENGTH);
  }

  /** Data Records in this Message. */
  get records(): number {
    return this.#records;
  }

  /** Octets of this Message so far, its header included. */
  get length(): number {
    return this.#length;
  }

  /** Starts a Message; one that was not finished is forgotten. */
  begin(observationDomainId: number): void {
    this.#domain = observationDomainId;
    this.#length = MESSAGE_HEADER_LENGTH;
    this.#records = 0;
    this.#set = 0;
    this.#setId = 0;
  }

  /** Adds a Template Record or an Options Template Record. False: it does not fit, and nothing was written. */
  addTemplate(template: Template): boolean {
    const options = template.scopeFieldCount > 0;
    let length = options ? 6 : 4;
    for (const field of template.fields) length += field.enterprise === 0 ? 4 : 8;
    const start = this.#open(options ? OPTIONS_TEMPLATE_SET : TEMPLATE_SET, length);
    if (start < 0) return false;
    putU16(this.#buffer, start, template.id);
    putU16(this.#buffer, start + 2, template.fields.length);
    if (options) putU16(this.#buffer, start + 4, template.scopeFieldCount);
    let at = start + (options ? 6 : 4);
    for (const field of template.fields) at = this.#putField(at, field);
    return true;
  }

  /**
   * Makes room for one Data Record of `length` octets in the Set of the Template `setId` (opened where it is not open).
   * Returns its offset in the buffer, whose octets there are whatever they were; -1: it does not fit.
   */
  reserve(setId: number, length: number): number {
    // Done for every record, so in one piece: to an interpreter a call is as much work as twenty steps.
    const at = this.#length;
    const set = this.#set;
    const continues = set !== 0 && this.#setId === setId;
    const start = continues ? at : at + SET_HEADER_LENGTH;
    if (start + length > this.#maximum) return -1;
    this.#length = start + length;
    this.#records++;
    if (continues) return start;
    const buffer = this.#buffer;
    if (set !== 0) putSetLength(buffer, set, at);
    buffer[at] = setId >> 8;
    buffer[at + 1] = setId;
    this.#set = at;
    this.#setId = setId;
    return start;
  }

  /**
   * Adds one Data Record from an object, see encodeRecord. False: it does not fit, and nothing was written.
   * Throws WeirError where a value is missing or is none of its type.
   */
  addRecord(template: Template, record: Values, context?: EncodeContext): boolean {
    const continues = this.#set !== 0 && this.#setId === template.id;
    const at = continues ? this.#length : this.#length + SET_HEADER_LENGTH;
    const length = encodeBefore(this.#maximum, template, record, this.#buffer, at, context);
    return length >= 0 && this.reserve(template.id, length) >= 0;
  }

  /**
   * Adds rows of columns as Data Records: those from `row` on, at most `maximumRows`, as many as fit. Returns their number.
   */
  addRows(encoder: ColumnsEncoder, row: number, maximumRows: number): number {
    const continues = this.#set !== 0 && this.#setId === encoder.templateId;
    const at = continues ? this.#length : this.#length + SET_HEADER_LENGTH;
    const rows = encoder.encode(row, maximumRows, this.#buffer, at, this.#maximum);
    if (rows > 0) this.#open(encoder.templateId, rows * encoder.recordLength);
    this.#records += rows;
    return rows;
  }

  /**
   * Closes the Message and fills in its header. `exportTime` in seconds since the Unix epoch; `sequence` is the number of
   * Data Records of this Observation Domain sent before this Message, modulo 2^32. Returns the length of the Message.
   */
  finish(exportTime: number, sequence: number): number {
    this.#close();
    const buffer = this.#buffer;
    putU16(buffer, 0, VERSION);
    putU16(buffer, 2, this.#length);
    putU32(buffer, 4, exportTime);
    putU32(buffer, 8, sequence);
    putU32(buffer, 12, this.#domain);
    return this.#length;
  }

  /** Room for what is no Data Record. */
  #open(setId: number, length: number): number {
    const start = this.reserve(setId, length);
    if (start >= 0) this.#records--;
    return start;
  }

  #close(): void {
    if (this.#set !== 0) putSetLength(this.#buffer, this.#set, this.#length);
    this.#set = 0;
  }

  #putField(at: number, field: FieldSpecifier): number {
    const own = field.enterprise !== 0;
    putU16(this.#buffer, at, own ? field.id | ENTERPRISE_BIT : field.id);
    putU16(this.#buffer, at + 2, field.length);
    if (!own) return at + 4;
    putU32(this.#buffer, at + 4, field.enterprise);
    return at + 8;
  }
}

function putSetLength(buffer: Uint8Array, set: number, end: number): void {
  const length = end - set;
  buffer[set + 2] = length >> 8;
  buffer[set + 3] = length;
}
