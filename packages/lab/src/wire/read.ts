import { VARIABLE } from './elements.js';
import { TemplateReader } from './read-templates.js';
import type { Fault, ReadMessage, ReadRecord, ReadSet, ReadValue } from './read-types.js';
import { fieldName, leastLength, type WireField, type WireTemplate } from './template.js';

const HEADER = 16;
const SET_HEADER = 4;

/**
 * Reads the Messages of one Transport Session strictly: whatever is not as RFC 7011 has it is a fault, with the rule that it breaks and its
 * place. Values are places in the Message, so that they can be changed there. Never throws.
 */
export class MessageReader {
  /** Templates by Observation Domain and Template ID. */
  readonly #templates = new Map<string, WireTemplate>();

  /** @param datagrams over UDP, where Template Withdrawals must not be sent */
  constructor(readonly datagrams: boolean) {}

  template(domain: number, id: number): WireTemplate | undefined {
    return this.#templates.get(`${domain}/${id}`);
  }

  /** One Message; `bytes` is what came for it. */
  read(bytes: Buffer): ReadMessage {
    const faults: Fault[] = [];
    const message: ReadMessage = { bytes, header: headerOf(bytes), sets: [], faults };
    const { version, length } = message.header;
    if (bytes.length < HEADER) faults.push(fault('length', 0, `${bytes.length} octets are no Message Header`));
    else if (version !== 10) faults.push(fault('version', 0, `version ${version}`));
    else if (length !== bytes.length) faults.push(fault('length', 2, `length ${length}, ${bytes.length} octets came`));
    if (faults.length === 0) this.#sets(message);
    return message;
  }

  #sets(message: ReadMessage): void {
    const { bytes, faults, header } = message;
    let at = HEADER;
    while (at < bytes.length) {
      const left = bytes.length - at;
      if (left < SET_HEADER) {
        faults.push(fault('set-length', at, `${left} octets behind the last Set`));
        return;
      }
      const id = bytes.readUInt16BE(at);
      const length = bytes.readUInt16BE(at + 2);
      if (length < SET_HEADER || length > left) {
        faults.push(fault('set-length', at + 2, `Set ${id} of ${length} octets, ${left} are left`));
        return;
      }
      message.sets.push(this.#set(message, header.domain, { id, at, length }));
      at += length;
    }
  }

  #set({ bytes, faults }: ReadMessage, domain: number, { id, at, length }: SetPlace): ReadSet {
    const end = at + length;
    const set: ReadSet = { id, at, length, templates: [], withdrawn: [], records: [], padding: { at: end, length: 0 } };
    if (id === 2 || id === 3) {
      new TemplateReader(bytes, set, faults).read();
      this.#manage(domain, set);
    } else if (id < 256) {
      faults.push(fault('set-id', at, `Set ID ${id} is reserved`));
    } else {
      const template = this.template(domain, id);
      if (template === undefined)
        faults.push(fault('template-first', at, `no Template ${id} came before its Data Set`));
      else readRecords(bytes, set, template, faults);
    }
    return set;
  }

  /** Takes what a Template Set says in its order; `TemplateReader` has judged it. */
  #manage(domain: number, set: ReadSet): void {
    for (const template of set.templates) this.#templates.set(`${domain}/${template.id}`, template);
    if (this.datagrams) return;
    for (const id of set.withdrawn) {
      if (id > 3) this.#templates.delete(`${domain}/${id}`);
      else this.#withdrawAll(domain, id === 3);
    }
  }

  #withdrawAll(domain: number, options: boolean): void {
    for (const [key, { scopes }] of this.#templates) {
      if (key.startsWith(`${domain}/`) && (scopes !== undefined) === options) this.#templates.delete(key);
    }
  }
}

interface SetPlace {
  id: number;
  at: number;
  length: number;
}

export function fault(rule: string, at: number, detail: string): Fault {
  return { rule, at, detail };
}

function headerOf(bytes: Buffer): ReadMessage['header'] {
  const u32 = (at: number): number => (bytes.length >= at + 4 ? bytes.readUInt32BE(at) : 0);
  const first = u32(0);
  return { version: first >>> 16, length: first & 0xffff, exportTime: u32(4), sequence: u32(8), domain: u32(12) };
}

function readRecords(bytes: Buffer, set: ReadSet, template: WireTemplate, faults: Fault[]): void {
  const end = set.at + set.length;
  const least = leastLength(template);
  set.template = template;
  let at = set.at + SET_HEADER;
  // A record of no octets would never end.
  while (least > 0 && end - at >= least) {
    const record = readRecord(bytes, at, end, template);
    if (record === undefined) {
      faults.push(fault('record', at, `a Data Record of Template ${template.id} overruns its Set`));
      return;
    }
    set.records.push(record);
    at += record.length;
  }
  set.padding = { at, length: end - at };
  if (set.records.length === 0)
    faults.push(fault('record', at, `a Data Set of Template ${template.id} without a whole record`));
}

function readRecord(bytes: Buffer, start: number, end: number, template: WireTemplate): ReadRecord | undefined {
  const values: ReadValue[] = [];
  let at = start;
  for (const field of template.fields) {
    const value = place(bytes, at, end, field);
    if (value === undefined) return undefined;
    values.push(value);
    at = value.at + value.length;
  }
  return { template, at: start, length: at - start, values };
}

/** Where a value is; undefined where it would end behind `end`. */
function place(bytes: Buffer, start: number, end: number, field: WireField): ReadValue | undefined {
  let at = start;
  let { length } = field;
  if (length === VARIABLE) {
    if (at + 1 > end) return undefined;
    length = bytes[at++]!;
    if (length === 255) {
      if (at + 2 > end) return undefined;
      length = bytes.readUInt16BE(at);
      at += 2;
    }
  }
  return at + length > end ? undefined : { field, at, length };
}

/** The place of the element of this name in a record, the first if there are several. */
export function valueAt(record: ReadRecord, name: string): ReadValue | undefined {
  return record.values.find(({ field }) => fieldName(field) === name);
}

/** An unsigned integer where it stands. */
export function readUnsigned(bytes: Buffer, { at, length }: ReadValue): bigint {
  return length === 0 ? 0n : BigInt(`0x${bytes.toString('hex', at, at + length)}`);
}
