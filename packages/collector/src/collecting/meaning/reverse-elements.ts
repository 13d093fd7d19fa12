import { fields, isAdded } from '@weir/flow';
import { elements, REVERSE_PEN } from '@weir/ipfix';
import { type BatchRows, read64 } from '../../flow/batch-rows.js';
import { peerOf } from '../peer.js';

/** Columns of one end, and those of the other end, as the record of the other half has them. */
const mirrored: ReadonlyMap<string, string> = new Map(
  (
    [
      ['sourceAddress', 'destinationAddress'],
      ['sourcePort', 'destinationPort'],
      ['sourceAs', 'destinationAs'],
      ['sourceCountry', 'destinationCountry'],
      ['sourceNetwork', 'destinationNetwork'],
      ['ingressInterface', 'egressInterface'],
      ['vlan', 'egressVlan'],
      ['sourceMac', 'destinationMac'],
    ] as const
  ).flatMap(([a, b]) => [
    [a, b],
    [b, a],
  ]),
);
/** Of the Flow as a whole, or told by the joined record otherwise. */
const SHARED: ReadonlySet<string> = new Set([
  ...['sourceAddress', 'destinationAddress', 'sourcePort', 'destinationPort', 'protocol', 'icmpTypeCode'],
  ...[
    'octets',
    'packets',
    'reverseOctets',
    'reversePackets',
    'biflowDirection',
    'samplingInterval',
    'flowId',
    'intervalStart',
  ],
]);
/** Elements whose value is in `other` beside the column, because that has milliseconds only. */
export const FINER: ReadonlyMap<string, string> = new Map(
  fields.flatMap(({ column, kind, elements: all }) =>
    Object.keys(all).flatMap(name =>
      kind === 'milliseconds' && /(Micro|Nano)seconds$/.test(name) ? [[name, column] as const] : [],
    ),
  ),
);

export interface Reversible {
  readonly name: string;
  readonly column: string;
  readonly mirror: string;
  readonly bit: number;
  readonly reverse: string;
  readonly text: (rows: BatchRows, row: number) => string;
}

/** What of a half becomes a Reverse Information Element in `other`. */
export const reversibles: readonly Reversible[] = fields.flatMap(({ column, kind, elements: all }) => {
  if (SHARED.has(column)) return [];
  return Object.entries(all).flatMap(([name, bit]) => {
    const element = isAdded(name) ? undefined : elements.byName(name);
    const reverse = element?.enterprise === 0 ? elements.byId(REVERSE_PEN, element.id)?.name : undefined;
    return reverse === undefined
      ? []
      : [{ name, column, mirror: mirrored.get(column) ?? column, bit, reverse, text: textOf(column, kind) }];
  });
});

/** The name of an element's Reverse Information Element (RFC 5103 section 6.1), where it has one. */
export function reverseOf(name: string): string | undefined {
  const numbered = /^0:(\d+)$/.exec(name);
  if (numbered !== null) return `${REVERSE_PEN}:${numbered[1]}`;
  const element = elements.byName(name);
  return element?.enterprise === 0 ? elements.byId(REVERSE_PEN, element.id)?.name : undefined;
}

/** A row's octets in a column. */
export function cell(rows: BatchRows, row: number, column: string): Uint8Array {
  const octets = rows.octets(column);
  const width = octets.length / rows.batch.capacity;
  return octets.subarray(row * width, (row + 1) * width);
}

/** The text of a column's values, as a decoder prints the elements that fill it. */
function textOf(column: string, kind: string): Reversible['text'] {
  if (kind === 'address') return (rows, row) => peerOf(cell(rows, row, column).slice(), 0).address;
  if (kind === 'milliseconds') return (rows, row) => new Date(read64(rows.words(column), row)).toISOString();
  if (kind === 'mac') {
    return (rows, row) =>
      Array.from(cell(rows, row, column).slice(0, 6).reverse(), octet => octet.toString(16).padStart(2, '0')).join(':');
  }
  return (rows, row) => {
    const octets = cell(rows, row, column);
    return String(octets.reduceRight((sum, octet) => sum * 256n + BigInt(octet), 0n));
  };
}
