import { REVERSE_PEN } from '../biflow/reverse.js';
import { valueNumber } from '../elements/names.js';
import { type DataType, type InformationElement, isInteger, isList, naturalLength } from '../elements/types.js';
import { decodeValue } from '../elements/value.js';
import { WeirError } from '../error.js';
import { NOT_A_VALUE, valueEncoder } from '../template/encode-value.js';

type Element = Pick<InformationElement, 'id' | 'enterprise' | 'name' | 'type' | 'semantics'>;

/**
 * The text of RFC 7373 for a value as decodeRecords gives it; flags are hexadecimal.
 * Throws WeirError for lists, which have no text (section 4.11), and for what is no value of the element.
 */
export function valueText(element: Element, value: unknown): string {
  const { type, semantics } = element;
  if (isList(type)) throw noText(element);
  if (type === 'float32' || type === 'float64') return floatText(value);
  if (type === 'string') return String(value);
  const canonical = canonicalValue(element, value);
  if (canonical === undefined) throw noValue(element, String(value));
  return semantics === 'flags' && isInteger(type) ? `0x${BigInt(canonical as number).toString(16)}` : String(canonical);
}

/**
 * The value, as decodeRecords gives it, of a text of RFC 7373; the registry's names of values ("tcp", "idle timeout") are taken,
 * too. Floating-point numbers that JSON has not are NaN and Infinity.
 * Throws WeirError where the text is none of the element's data type, or out of its range.
 */
export function parseText(element: Element, text: string): unknown {
  const { type } = element;
  if (isList(type)) throw noText(element);
  if (type === 'string') return text;
  const value = parse(element, type, text);
  if (type === 'float32' || type === 'float64') {
    if (value !== undefined) return value;
  } else {
    const canonical = value === undefined ? undefined : canonicalValue(element, value);
    if (canonical !== undefined) return canonical;
  }
  throw noValue(element, text);
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

/** Section 4.4: num / naninf. */
function floatText(value: unknown): string {
  if (value === null || Number.isNaN(value)) return 'NaN';
  return String(value).replace('Infinity', 'inf');
}

function parseFloatText(text: string): number | undefined {
  if (/^nan$/i.test(text)) return Number.NaN;
  if (/^[+-]?inf$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  return /^[+-]?\d+(\.\d+)?(e[+-]?\d{1,3})?$/i.test(text) ? Number(text) : undefined;
}

/** Section 4.5. */
function parseBoolean(text: string): boolean | undefined {
  if (/^(1|y|yes|t|true)$/i.test(text)) return true;
  return /^(0|n|no|f|false)$/i.test(text) ? false : undefined;
}

/** Sections 4.2 and 4.3; names of values are not the RFC's, but the registry's. */
function parseInteger({ enterprise, id, type }: Element, text: string): bigint | number | undefined {
  const unsigned = type.startsWith('unsigned');
  const form = unsigned ? /^(\d{1,80}|0x[\da-f]{1,64}|0b[01]{1,256})$/i : /^[+-]?\d{1,20}$/;
  if (form.test(text)) return BigInt(text.replace('+', '').toLowerCase());
  return enterprise === 0 || enterprise === REVERSE_PEN ? valueNumber(id, text) : undefined;
}

function parse(element: Element, type: DataType, text: string): unknown {
  if (isInteger(type)) return parseInteger(element, text);
  switch (type) {
    case 'float32':
    case 'float64':
      return parseFloatText(text);
    case 'boolean':
      return parseBoolean(text);
    case 'octetArray':
      // White space may stand between the pairs of digits (section 4.1).
      return /^\s*([\da-f]{2}\s*)*$/i.test(text) ? text.replace(/\s+/g, '') : undefined;
    default:
      return text;
  }
}
