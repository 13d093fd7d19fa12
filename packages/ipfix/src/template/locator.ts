import { VARIABLE_LENGTH } from '../elements/types.js';
import type { FieldSpecifier, Layout, Template } from './template.js';

/** Octets of the value that a length octet (or 255 and two more) at `at` announces, or -1 (RFC 7011 section 7). */
function variableLength(bytes: Uint8Array, at: number, end: number): number {
  if (at >= end) return -1;
  const short = bytes[at]!;
  if (short < 255) return short;
  return at + 3 > end ? -1 : (bytes[at + 1]! << 8) | bytes[at + 2]!;
}

/** Finds the fields of one Data Record after another. Allocates nothing per record. */
export class FieldLocator {
  /** Offset of each field's value in the bytes of the last record located. */
  readonly positions: Int32Array;
  /** Octets of each field's value. */
  readonly lengths: Int32Array;
  readonly #fields: readonly FieldSpecifier[];

  constructor(template: Template) {
    this.#fields = template.fields;
    this.positions = new Int32Array(template.fields.length);
    this.lengths = Int32Array.from(template.fields, field => field.length);
  }

  /**
   * Locates the fields of the Data Record at `at`. Returns the offset behind it, -1 where it overruns `end`;
   * `at` itself for a Template without octets, which ends any loop over records, too.
   */
  locate(bytes: Uint8Array, at: number, end: number): number {
    const fields = this.#fields;
    let offset = at;
    for (let i = 0; i < fields.length; i++) {
      let length = fields[i]!.length;
      if (length === VARIABLE_LENGTH) {
        length = variableLength(bytes, offset, end);
        if (length < 0) return -1;
        offset += bytes[offset]! < 255 ? 1 : 3;
        this.lengths[i] = length;
      }
      this.positions[i] = offset;
      offset += length;
      if (offset > end) return -1;
    }
    return offset;
  }
}

const locators = new WeakMap<Template, FieldLocator>();

/** The one locator of a Template: what it holds is good until the next call of locate. */
export function locatorOf(template: Template): FieldLocator {
  let locator = locators.get(template);
  if (locator === undefined) {
    locator = new FieldLocator(template);
    locators.set(template, locator);
  }
  return locator;
}

/** Offset behind the last whole Data Record in bytes[start, end), and their number. */
export function extentOf(
  { fixedLength, minimumLength, gaps }: Layout,
  bytes: Uint8Array,
  start: number,
  end: number,
): [end: number, count: number] {
  if (fixedLength > 0) {
    const count = Math.max(0, Math.floor((end - start) / fixedLength));
    return [start + count * fixedLength, count];
  }
  let at = start;
  let count = 0;
  while (end - at >= minimumLength) {
    const next = behindRecord(gaps, bytes, at, end);
    if (next <= at || next > end) break;
    at = next;
    count++;
  }
  return [at, count];
}

/** Offset behind the Data Record at `at`, whatever stands there; beyond `end`, or -1, where it overruns that. */
function behindRecord(gaps: readonly number[], bytes: Uint8Array, at: number, end: number): number {
  let offset = at + gaps[0]!;
  for (let i = 1; i < gaps.length; i++) {
    const length = variableLength(bytes, offset, end);
    if (length < 0) return -1;
    offset += (bytes[offset]! < 255 ? 1 : 3) + length + gaps[i]!;
  }
  return offset;
}
