import type { DataType } from '../elements/types.js';
import { COLUMN_WIDTH, type ColumnKind, columnTakes } from './kinds.js';

/** The text for word `word` of a row of the column. */
type Cell = (word: number) => string;

/** Expression for the `length` (1 to 4) octets at `p` of the view `b`, an unsigned big-endian integer. */
function octetsAt(p: string, length: number): string {
  if (length === 1) return `b.getUint8(${p})`;
  if (length === 2) return `b.getUint16(${p})`;
  return length === 3 ? `(b.getUint16(${p})<<8|b.getUint8(${p}+2))` : `b.getUint32(${p})`;
}

/** Reads `length` octets into the row's 64 bits, low word first as in the column. */
function read64(cell: Cell, p: string, length: number): string {
  const low = Math.min(length, 4);
  const high = length > 4 ? octetsAt(p, length - 4) : '0';
  return `${cell(0)}=${octetsAt(`${p}+${length - low}`, low)};${cell(1)}=${high};`;
}

/**
 * The statement that copies the field at expression `p` of the view `b` to a row of the column, at full speed; undefined where
 * a kernel has to do it.
 */
export function readStatement(
  kind: ColumnKind,
  type: DataType,
  length: number,
  cell: Cell,
  p: string,
): string | undefined {
  if (!columnTakes(kind, type, length)) return undefined;
  const width = COLUMN_WIDTH[kind];
  if (type === 'ipv4Address') {
    return `${cell(0)}=0;${cell(1)}=0;${cell(2)}=0xffff0000;${cell(3)}=b.getUint32(${p},true);`;
  }
  if (type === 'ipv6Address') return [0, 1, 2, 3].map(i => `${cell(i)}=b.getUint32(${p}+${4 * i},true);`).join('');
  if (kind === 'mac' || type === 'dateTimeMilliseconds') return read64(cell, p, length);
  if (kind === 'milliseconds' || kind === 'boolean') return undefined;
  // The same octets in the other order.
  if (length === width) return width === 8 ? read64(cell, p, 8) : `${cell(0)}=${octetsAt(p, length)};`;
  if (!kind.startsWith('unsigned') || length > width) return undefined;
  return width === 8 ? read64(cell, p, length) : `${cell(0)}=${octetsAt(p, length)};`;
}

/** Writes the `length` (1 to 4) low octets of expression `value` at `p` of the view `b`, big-endian. */
function putAt(p: string, length: number, value: string): string {
  if (length === 1) return `b.setUint8(${p},${value});`;
  if (length === 2) return `b.setUint16(${p},${value});`;
  return length === 3 ? `b.setUint16(${p},${value}>>>8);b.setUint8(${p}+2,${value});` : `b.setUint32(${p},${value});`;
}

function write64(cell: Cell, p: string, length: number): string {
  const high = length > 4 ? putAt(p, length - 4, cell(1)) : '';
  return `${high}${putAt(`${p}+${length - 4}`, 4, cell(0))}`;
}

/**
 * The statement that copies a row of the column to the field at expression `p` of the view `b`; undefined where a kernel has to
 * do it.
 */
export function writeStatement(
  kind: ColumnKind,
  type: DataType,
  length: number,
  cell: Cell,
  p: string,
): string | undefined {
  if (!columnTakes(kind, type, length)) return undefined;
  const width = COLUMN_WIDTH[kind];
  if (type === 'ipv4Address') {
    // 0.0.0.0 for what is not IPv4-mapped. As one expression with ?: it would take four times as long.
    const mapped = `(${cell(0)}|${cell(1)}|(${cell(2)}^${0xffff0000 | 0}))===0`;
    return `if(${mapped})b.setUint32(${p},${cell(3)},true);else b.setUint32(${p},0);`;
  }
  if (type === 'ipv6Address') return [0, 1, 2, 3].map(i => `b.setUint32(${p}+${4 * i},${cell(i)},true);`).join('');
  if (kind === 'mac' || type === 'dateTimeMilliseconds') return write64(cell, p, length);
  if (kind === 'milliseconds' || kind === 'boolean' || length !== width) return undefined;
  return width === 8 ? write64(cell, p, 8) : putAt(p, length, cell(0));
}

/**
 * Fields that are copied together, all the records of a Set through. With more of them their columns, which often lie a power of two apart,
 * drive each other out of the processor's cache: it has 8 or 12 places for such.
 */
const GROUP = 12;

/** Loops over the rows from `row` to before `stop` and the records of that length from `start` on, as `r` and `at`, with the statements. */
export function inGroups(statements: readonly string[], length: number): string[] {
  const loops: string[] = [];
  for (let i = 0; i < statements.length; i += GROUP) {
    loops.push(`for(let r=row,at=start;r<stop;r++,at+=${length}){`, ...statements.slice(i, i + GROUP), '}');
  }
  return loops;
}
