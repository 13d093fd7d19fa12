import { REVERSE_PEN } from '../biflow/reverse.js';
import { valueNumber } from '../elements/names.js';
import { boundsOf, exactInteger } from '../elements/range.js';
import {
  type DataType,
  type InformationElement,
  isDateTime,
  isInteger,
  isList,
  naturalLength,
} from '../elements/types.js';
import { decodeValue } from '../elements/value.js';
import { WeirError } from '../error.js';
import { NOT_A_VALUE, valueEncoder } from '../template/encode-value.js';

type Element = Pick<InformationElement, 'id' | 'enterprise' | 'name' | 'type' | 'semantics' | 'range'>;

/**
 * The text of RFC 7373 for a value as decodeRecords gives it; flags are hexadecimal. Times have no zone: they are in UTC.
 * Throws WeirError for lists, which have no text (section 4.11), and for what is no value of the element.
 */
export function valueText(element: Element, value: unknown): string {
  const { type, semantics } = element;
  if (isList(type)) throw noText(element);
  if (type === 'float32' || type === 'float64') return floatText(element, value);
  if (type === 'string') return String(value);
  const canonical = canonicalValue(element, value);
  if (canonical === undefined) throw noValue(element, String(value));
  if (isDateTime(type)) return String(canonical).replace(/Z$/, '');
  return semantics === 'flags' && isInteger(type) ? `0x${BigInt(canonical as number).toString(16)}` : String(canonical);
}

/**
 * The value, as decodeRecords gives it, of a text of RFC 7373. An integer out of the element's range becomes the nearest within
 * (sections 4.2 and 4.3). The registry's names of values ("tcp", "idle timeout") are taken, and times with the zone of RFC 3339.
 * Floating-point numbers that JSON has not are NaN and Infinity.
 * Throws WeirError where the text is none of the element's data type.
 */
export function parseText(element: Element, text: string): unknown {
  const { type } = element;
  if (isList(type)) throw noText(element);
  if (type === 'string') return text;
  const value = parse(element, type, text);
  if (value === undefined) throw noValue(element, text);
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  const canonical = canonicalValue(element, value);
  if (canonical === undefined) throw noValue(element, text);
  return canonical;
}

function noText({ name, type }: Element): WeirError {
  return new WeirError(`${name}: a ${type} has no text (RFC 7373 section 4.11); use JSON`);
}

function noValue({ name, type }: Element, text: string): WeirError {
  return new WeirError(`${name}: "${text.slice(0, 80)}" is no ${type}; write it as RFC 7373 says`);
}

/** The value through its octets and back: its one form, where it is within the range of its type. */
function canonicalValue({ type }: Element, value: unknown): unknown {
  const length = type === 'octetArray' ? String(value).length / 2 : naturalLength(type);
  if (!Number.isInteger(length)) return undefined;
  const bytes = new Uint8Array(length);
  return valueEncoder(type, length)(value, bytes, 0, length) === NOT_A_VALUE
    ? undefined
    : decodeValue(type, bytes, 0, length);
}

const LARGEST_FLOAT32 = 3.4028234663852886e38;

/** Section 4.4: num / naninf, whose infinities have a sign. */
function floatText(element: Element, value: unknown): string {
  if (value === null || Number.isNaN(value)) return 'NaN';
  if (typeof value !== 'number') throw noValue(element, String(value));
  return String(value).replace(/^(-?)Infinity$/, (_, sign) => `${sign || '+'}inf`);
}

/** Finite values out of range are clamped (section 4.4). */
function parseFloatText(type: DataType, text: string): number | undefined {
  if (/^nan$/i.test(text)) return Number.NaN;
  if (/^[+-]inf$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  if (!/^[+-]?\d+(\.\d+)?(e[+-]?\d{1,3})?$/i.test(text)) return undefined;
  const largest = type === 'float32' ? LARGEST_FLOAT32 : Number.MAX_VALUE;
  return Math.min(largest, Math.max(-largest, Number(text)));
}

/** Section 4.5. */
function parseBoolean(text: string): boolean | undefined {
  return /^true$/i.test(text) ? true : /^false$/i.test(text) ? false : undefined;
}

/** Sections 4.2 and 4.3. */
function parseInteger(element: Element, text: string): number | string | undefined {
  const { enterprise, id, type } = element;
  const unsigned = type.startsWith('unsigned');
  const form = unsigned ? /^(\d{1,80}|0x[\da-f]{1,80}|0b[01]{1,256})$/i : /^[+-]?\d{1,80}$/;
  if (form.test(text)) return clipped(element, BigInt(text.replace('+', '').toLowerCase()));
  return enterprise === 0 || enterprise === REVERSE_PEN ? valueNumber(id, text) : undefined;
}

function clipped(element: Element, value: bigint): number | string {
  const [lowest, highest] = boundsOf(element)!;
  return exactInteger(value < lowest ? lowest : value > highest ? highest : value);
}

function parse(element: Element, type: DataType, text: string): unknown {
  if (isInteger(type)) return parseInteger(element, text);
  if (isDateTime(type)) return /:\d\d(\.\d+)?$/.test(text) && !/[+-]\d\d:\d\d$/.test(text) ? `${text}Z` : text;
  switch (type) {
    case 'float32':
    case 'float64':
      return parseFloatText(type, text);
    case 'boolean':
      return parseBoolean(text);
    case 'octetArray':
      // White space may stand between the pairs of digits (section 4.1).
      return /^\s*([\da-f]{2}\s*)*$/i.test(text) ? text.replace(/\s+/g, '') : undefined;
    default:
      return text;
  }
}
