import { WeirError } from '../../error.js';
import { pointOf } from './points.js';
import type { AddressSegments } from './segments.js';

const NEWLINE = 0x0a;
const LINE = /^([^,]+),([^,]+),([^,]+?)(?:,(.*?))?\r?$/;

/**
 * Reads lines `FIRST,LAST,VALUE[,NAME]`: the addresses from the first to the last, both of one family, in order.
 * @param numberOf the number that stands for what the line says, 0 for nothing; undefined where it says nothing that makes sense.
 * @throws WeirError that names the file and the line
 */
export function readCsv(
  octets: Buffer,
  file: string,
  into: AddressSegments,
  numberOf: (value: string, name: string) => number | undefined,
): void {
  for (let at = 0, line = 1; at < octets.length; line++) {
    const newline = octets.indexOf(NEWLINE, at);
    const end = newline < 0 ? octets.length : newline;
    const text = octets.toString('utf8', at, end);
    at = end + 1;
    if (text.trim() === '') continue;
    const problem = addLine(text, into, numberOf);
    if (problem !== undefined) throw new WeirError(`${file}, line ${line}: ${problem}`);
  }
}

function addLine(
  text: string,
  { v4, v6 }: AddressSegments,
  numberOf: (value: string, name: string) => number | undefined,
): string | undefined {
  const match = LINE.exec(text);
  const value = match === null ? undefined : numberOf(unquoted(match[3]!), unquoted(match[4] ?? ''));
  const [low, high] = [pointOf(match?.[1] ?? ''), pointOf(match?.[2] ?? '')];
  try {
    if (value !== undefined && typeof low === 'number' && typeof high === 'number') v4.add(low, high + 1, value);
    else if (value !== undefined && typeof low === 'bigint' && typeof high === 'bigint') v6.add(low, high + 1n, value);
    else return 'expected FIRST,LAST,VALUE with two addresses of one family';
  } catch (error) {
    if (error instanceof RangeError) return `${error.message}; sort the lines by their addresses`;
    throw error;
  }
  return undefined;
}

/** RFC 4180: a field in quotes has its own quotes twice. */
function unquoted(field: string): string {
  return field.startsWith('"') && field.endsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field;
}
