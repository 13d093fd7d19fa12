import type { Operand } from '@weir/flow';
import { formatMac, resolveName } from '@weir/flow';
import { plainAddress } from '../../flow/engine-address.js';

const LATEST = 253_402_300_799_999;

/** RFC 3339 in UTC with milliseconds or whole seconds; a time that has no such form as a number's text. */
export function timeText(milliseconds: number, precision: 'seconds' | 'milliseconds'): string {
  if (!(milliseconds >= 0 && milliseconds <= LATEST)) return String(milliseconds);
  const text = new Date(milliseconds).toISOString();
  return precision === 'seconds' ? `${text.slice(0, 19)}Z` : text;
}

/** A whole number, or its text where JavaScript would round it. */
export function numberOf(value: string | number): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

/** SQL that yields a value of the operand in a form that `outputOf` takes. */
export function selectSql(operand: Operand, value: string): string {
  if (operand.source === 'other') return `toString(${value})`;
  return operand.type === 'time' ? `toUnixTimestamp64Milli(${value})` : value;
}

/** The value as it is printed: see selectSql. */
export function outputOf(operand: Operand, value: string | number): unknown {
  if (operand.source === 'other') return otherOutput(operand, String(value));
  switch (operand.type) {
    case 'address':
      return plainAddress(String(value));
    case 'mac':
      return formatMac(BigInt(value));
    case 'time':
      return timeText(
        Number(value),
        operand.keys.every(key => key.endsWith('Seconds') && !key.endsWith('MilliSeconds'))
          ? 'seconds'
          : 'milliseconds',
      );
    default:
      return numberOf(value);
  }
}

/** An element kept as text, as the number, truth value or list that it is. */
export function otherOutput(operand: Operand | undefined, text: string): unknown {
  if (operand?.type !== 'text' && text.startsWith('[')) return listOf(text);
  switch (operand?.type) {
    case 'unsigned':
    case 'signed':
      return /^-?\d+$/.test(text) ? numberOf(text) : text;
    case 'float':
      return text !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : text;
    default:
      return text;
  }
}

/** The values of an element that the Template has several times. */
function listOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Operands by name, as the same names come again and again. */
export class OperandCache {
  readonly #operands = new Map<string, Operand | undefined>();

  get(name: string): Operand | undefined {
    if (!this.#operands.has(name)) this.#operands.set(name, resolveName(name));
    return this.#operands.get(name);
  }
}
