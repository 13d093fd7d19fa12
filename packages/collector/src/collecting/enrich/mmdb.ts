import { Reader, type Response } from 'mmdb-lib';
import { WeirError } from '../../error.js';
import { wordsOf } from './points.js';
import type { AddressSegments } from './segments.js';

const V4_BITS = 32n;
const V6_BITS = 128n;
/** Prefixes of IPv6 under which such a file repeats its IPv4 addresses: mapped, Teredo, 6to4. */
const aliases: readonly (readonly [start: bigint, length: number])[] = [
  [0xffffn << 32n, 96],
  [0x2001_0000n << 96n, 32],
  [0x2002n << 112n, 16],
];

/**
 * Reads a MaxMind DB file (its format is public; the data in it may have any publisher).
 * @param numberOf the number that stands for a network's data, 0 for nothing.
 * @throws WeirError where the file is none
 */
export function readMmdb(
  octets: Buffer,
  file: string,
  into: AddressSegments,
  numberOf: (data: unknown) => number,
): void {
  try {
    new Walk(new Reader(octets), octets, numberOf).run(into);
  } catch (error) {
    throw new WeirError(`${file} is no MaxMind DB file that can be read: ${(error as Error).message}`);
  }
}

/** Every network of the file's tree, in the order of the addresses. */
class Walk {
  readonly #reader: Reader<Response>;
  readonly #octets: Buffer;
  readonly #numberOf: (data: unknown) => number;
  /** By the record that points to the data: many networks have the same. */
  readonly #values = new Map<number, number>();
  #nodes = 0;
  #into!: AddressSegments;

  constructor(reader: Reader<Response>, octets: Buffer, numberOf: (data: unknown) => number) {
    this.#reader = reader;
    this.#octets = octets;
    this.#numberOf = numberOf;
  }

  run(into: AddressSegments): void {
    this.#into = into;
    const { ipVersion } = this.#reader.metadata;
    this.#visit(0, 0n, ipVersion === 4 ? V4_BITS : V6_BITS, ipVersion === 4);
  }

  /** @param size bits of the addresses below this node */
  #visit(record: number, start: bigint, size: bigint, isV4: boolean): void {
    const { nodeCount } = this.#reader.metadata;
    if (record === nodeCount) return;
    if (record > nodeCount) this.#add(record, start, size, isV4);
    else if (!isV4 && size === V4_BITS && start === 0n) this.#children(record, start, size, true);
    else if (isV4 || !isAlias(start, size)) this.#children(record, start, size, isV4);
  }

  #children(node: number, start: bigint, size: bigint, isV4: boolean): void {
    // Every node but the aliases is below one other.
    if (size === 0n || ++this.#nodes > this.#reader.metadata.nodeCount) throw new RangeError('its tree has a loop');
    const half = size - 1n;
    this.#visit(this.#record(node, 0), start, half, isV4);
    this.#visit(this.#record(node, 1), start | (1n << half), half, isV4);
  }

  #record(node: number, side: 0 | 1): number {
    const { nodeByteSize, recordSize } = this.#reader.metadata;
    const at = node * nodeByteSize;
    if (recordSize === 32) return this.#octets.readUInt32BE(at + 4 * side);
    if (recordSize === 24) return this.#octets.readUIntBE(at + 3 * side, 3);
    const middle = this.#octets[at + 3]!;
    const high = side === 0 ? middle >> 4 : middle & 15;
    return high * 2 ** 24 + this.#octets.readUIntBE(at + 4 * side, 3);
  }

  #add(record: number, start: bigint, size: bigint, isV4: boolean): void {
    const value = this.#value(record, start, isV4);
    if (value === 0 || (!isV4 && isAlias(start, size))) return;
    // What holds of all of ::/96 or more holds of IPv4, too.
    if (isV4 || (start === 0n && size >= V4_BITS)) {
      const count = 2 ** Number(isV4 ? size : V4_BITS);
      this.#into.v4.add(Number(start), Number(start) + count, value);
    }
    if (!isV4) this.#into.v6.add(start, start + (1n << size), value);
  }

  #value(record: number, start: bigint, isV4: boolean): number {
    let value = this.#values.get(record);
    if (value === undefined) {
      value = this.#numberOf(this.#reader.get(isV4 ? dotted(start) : groups(start)));
      this.#values.set(record, value);
    }
    return value;
  }
}

function dotted(address: bigint): string {
  return [24n, 16n, 8n, 0n].map(shift => (address >> shift) & 255n).join('.');
}

function groups(address: bigint): string {
  return wordsOf(address)
    .flatMap(word => [word >>> 16, word & 0xffff])
    .map(group => group.toString(16))
    .join(':');
}

function isAlias(start: bigint, size: bigint): boolean {
  return aliases.some(([prefix, length]) => {
    const below = V6_BITS - BigInt(length);
    return size <= below && start >> below === prefix >> below;
  });
}
