import { VARIABLE } from './elements.js';
import type { WireField, WireTemplate } from './template.js';
import { encodeValue, type WireValue } from './value.js';

/*
 * Messages written plainly, byte by byte, so that what is sent can be held against the RFC by eye, and so that any
 * of it can be made wrong on purpose: nothing here checks anything.
 */

export const u8 = (value: number): Buffer => Buffer.from([value & 0xff]);
export const u16 = (value: number): Buffer => Buffer.from([(value >>> 8) & 0xff, value & 0xff]);
export const u32 = (value: number): Buffer => Buffer.concat([u16(value >>> 16), u16(value)]);

/** What a Message Header says (RFC 7011 section 3.1). */
export interface HeaderFields {
  /** Seconds since the Unix epoch; now, unless given. */
  readonly exportTime?: number;
  readonly sequence?: number;
  readonly domain?: number;
  /** 10, unless given. */
  readonly version?: number;
  /** The true length, unless given. */
  readonly length?: number;
}

/** A Message of these Sets. */
export function message(header: HeaderFields, ...sets: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(sets);
  return Buffer.concat([
    u16(header.version ?? 10),
    u16(header.length ?? 16 + content.length),
    u32(header.exportTime ?? Math.floor(Date.now() / 1000)),
    u32(header.sequence ?? 0),
    u32(header.domain ?? 0),
    content,
  ]);
}

/** A Set around some bytes (section 3.3). `length` is what its header says, the truth unless given. */
export function set(id: number, content: Uint8Array, length = 4 + content.length): Buffer {
  return Buffer.concat([u16(id), u16(length), content]);
}

/** A Template Set, or with `scopes` an Options Template Set (section 3.4). */
export function templateSet(...templates: readonly WireTemplate[]): Buffer {
  const isOptions = templates[0]?.scopes !== undefined;
  return set(isOptions ? 3 : 2, Buffer.concat(templates.map(templateRecord)));
}

/** A Template Record or an Options Template Record. */
export function templateRecord({ id, scopes, fields }: WireTemplate): Buffer {
  const scope = scopes === undefined ? [] : [u16(scopes)];
  return Buffer.concat([u16(id), u16(fields.length), ...scope, ...fields.map(fieldSpecifier)]);
}

function fieldSpecifier({ id, enterprise, length }: WireField): Buffer {
  if (enterprise === 0) return Buffer.concat([u16(id), u16(length)]);
  return Buffer.concat([u16(id | 0x8000), u16(length), u32(enterprise)]);
}

/** A Template Withdrawal (section 8.1), of Options Templates with `setId` 3; `ids` 2 or 3 withdraw all. */
export function withdrawalSet(setId: 2 | 3, ...ids: readonly number[]): Buffer {
  return set(setId, Buffer.concat(ids.map(id => Buffer.concat([u16(id), u16(0)]))));
}

/** A Data Set of records, each with a value for each field of the Template. `padding` octets of zero behind them. */
export function dataSet(template: WireTemplate, records: readonly (readonly WireValue[])[], padding = 0): Buffer {
  const content = records.map(record => dataRecord(template, record));
  return set(template.id, Buffer.concat([...content, Buffer.alloc(padding)]));
}

/** A Data Record. */
export function dataRecord({ fields }: WireTemplate, values: readonly WireValue[]): Buffer {
  return Buffer.concat(fields.map((field, i) => fieldValue(field, values[i]!)));
}

function fieldValue(field: WireField, value: WireValue): Buffer {
  const bytes = encodeValue(field, value);
  return field.length === VARIABLE ? variable(bytes) : bytes;
}

/** A value that tells its length (section 7): in one octet below 255, else, or if `long`, in three. */
export function variable(bytes: Uint8Array, long = bytes.length >= 255): Buffer {
  return Buffer.concat([long ? Buffer.concat([u8(255), u16(bytes.length)]) : u8(bytes.length), bytes]);
}
