import { MESSAGE_HEADER_LENGTH, SET_HEADER_LENGTH } from '../message/format.js';
import { setIdAt, setLengthAt } from '../message/framing.js';
import { getU32 } from '../octets/get.js';
import { Reader } from '../octets/reader.js';
import { FIRST_DATA_SET, OPTIONS_TEMPLATE_SET, TEMPLATE_SET } from '../template/format.js';
import { FieldLocator } from '../template/locator.js';
import { parseTemplateRecord, type TemplateRecord } from '../template/parse.js';
import type { Template } from '../template/template.js';
import { md5 } from './md5.js';

const MESSAGE_MD5_CHECKSUM = 262;
const CHECKSUM_LENGTH = 16;
/** Templates of checksums remembered, of all Observation Domains: a file has one of each. */
const MAXIMUM_TEMPLATES = 4096;

/** Calls back for each Set of a Message whose Sets are whole: its ID, and where its content lies. */
export function eachSet(message: Uint8Array, visit: (id: number, start: number, end: number) => void): void {
  for (let at = MESSAGE_HEADER_LENGTH; at + SET_HEADER_LENGTH <= message.length; ) {
    const behind = at + Math.max(SET_HEADER_LENGTH, setLengthAt(message, at));
    visit(setIdAt(message, at), at + SET_HEADER_LENGTH, Math.min(behind, message.length));
    at = behind;
  }
}

/** Calls back for each record of a Template Set or an Options Template Set. */
export function eachTemplateRecord(
  message: Uint8Array,
  [id, start, end]: readonly [id: number, start: number, end: number],
  visit: (record: TemplateRecord) => void,
): void {
  if (id !== TEMPLATE_SET && id !== OPTIONS_TEMPLATE_SET) return;
  const reader = new Reader(message, start, end);
  for (let record = parseTemplateRecord(reader, id); record !== undefined; record = parseTemplateRecord(reader, id)) {
    visit(record);
    if (record.kind === 'malformed' && record.fatal) return;
  }
}

/**
 * Holds Messages against the MD5 checksums that they carry, and makes these anew (messageMD5Checksum, RFC 5655 sections 8.1.1
 * and 8.2.10).
 */
export class Checksums {
  readonly #templates = new Map<number, { readonly locator: FieldLocator; readonly field: number }>();

  /** False where the Message carries a checksum that is not its own. To be called for each Message of a file, in order. */
  verify(message: Uint8Array): boolean {
    const places = this.find(message);
    return places.every(at => checksumOf(message, places).every((octet, i) => octet === message[at + i]));
  }

  /** Where the checksums of a Message stand: there should be one at most. To be called for each Message, in order. */
  find(message: Uint8Array): number[] {
    const domain = getU32(message, 12) * 0x10000;
    const places: number[] = [];
    eachSet(message, (id, start, end) => {
      if (id < FIRST_DATA_SET) eachTemplateRecord(message, [id, start, end], record => this.#learn(domain, record));
      else places.push(...this.#places(domain + id, message, start, end));
    });
    return places;
  }

  #learn(domain: number, record: TemplateRecord): void {
    if (record.kind === 'withdrawal') this.#templates.delete(domain + record.id);
    if (record.kind !== 'template') return;
    const { template } = record;
    const field = checksumField(template);
    if (field < 0) this.#templates.delete(domain + template.id);
    else if (this.#templates.size < MAXIMUM_TEMPLATES) {
      this.#templates.set(domain + template.id, { locator: new FieldLocator(template), field });
    }
  }

  #places(key: number, message: Uint8Array, start: number, end: number): number[] {
    const known = this.#templates.get(key);
    if (known === undefined || known.locator.locate(message, start, end) <= start) return [];
    return [known.locator.positions[known.field]!];
  }
}

/** Writes the checksum of the Message to its places. */
export function sign(message: Uint8Array, places: readonly number[]): void {
  const checksum = checksumOf(message, places);
  for (const at of places) message.set(checksum, at);
}

function checksumField({ scopeFieldCount, fields }: Template): number {
  if (scopeFieldCount === 0) return -1;
  return fields.findIndex(each => isChecksum(each.enterprise, each.id) && each.length === CHECKSUM_LENGTH);
}

function isChecksum(enterprise: number, id: number): boolean {
  return enterprise === 0 && id === MESSAGE_MD5_CHECKSUM;
}

/** The checksum of a Message, in which the places of checksums, 16 octets each, count as zeros. */
function checksumOf(message: Uint8Array, places: readonly number[]): Uint8Array {
  const copy = message.slice();
  for (const at of places) copy.fill(0, at, at + CHECKSUM_LENGTH);
  return md5(copy);
}
