import { wordsOf } from './points.js';
import { type AddressSegments, noSegments, type Point, type Segments, sweep } from './segments.js';

/** Names have indexes of 16 bits. */
const NAMES = 65_536;

/** Addresses of one family in order, each word on; `facts` is the row of the facts that hold from a start up to the next. */
interface Family {
  /** One word an IPv4 address, four an IPv6 address. */
  readonly starts: Uint32Array;
  readonly facts: Uint32Array;
  /** By the highest 16 bits of an address: the first start that is not below them. One more than there are such. */
  readonly index: Uint32Array;
}

/** What is known of addresses, in memory that threads share. Row 0 of the facts: nothing. */
export interface AddressTable {
  readonly v4: Family;
  readonly v6: Family;
  /** AS numbers; 0: not known. */
  readonly as: Uint32Array;
  /** Indexes into `names`. */
  readonly country: Uint16Array;
  readonly network: Uint16Array;
  /** Of countries and networks; the first is empty. */
  readonly names: readonly string[];
}

/** What is said of addresses, each by its own source; `country` and `network` by indexes into names. */
export interface Sources {
  readonly as: AddressSegments;
  readonly country: AddressSegments;
  readonly network: AddressSegments;
}

/** Makes one table of all sources, so that an address is looked up once. */
export function makeTable({ as, country, network }: Sources, names: readonly string[]): AddressTable {
  const facts = new Facts();
  const v4 = family([as.v4, country.v4, network.v4], facts, 1, 2 ** 32, (start, words) => words.push(start));
  const v6 = family([as.v6, country.v6, network.v6], facts, 4, 1n << 128n, (start, words) =>
    words.push(...wordsOf(start)),
  );
  return {
    ...{ v4, v6, names },
    as: shared(Uint32Array, facts.as),
    country: shared(Uint16Array, facts.country),
    network: shared(Uint16Array, facts.network),
  };
}

/** Nothing is known. */
export function emptyTable(): AddressTable {
  return makeTable({ as: noSegments(), country: noSegments(), network: noSegments() }, ['']);
}

export function knowsNothing({ v4, v6 }: AddressTable): boolean {
  return v4.starts.length === 0 && v6.starts.length === 0;
}

/** The row of the facts of an IPv4 address. Allocates nothing. */
export function find4({ v4: { starts, facts, index } }: AddressTable, address: number): number {
  const top = address >>> 16;
  // The last start that is not above the address lies before `high`.
  let low = index[top]!;
  let high = index[top + 1]!;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (starts[middle]! > address) high = middle;
    else low = middle + 1;
  }
  return low === 0 ? 0 : facts[low - 1]!;
}

/** The row of the facts of an IPv6 address, of four words. Allocates nothing. */
export function find6(
  { v6: { starts, facts, index } }: AddressTable,
  a: number,
  b: number,
  c: number,
  d: number,
): number {
  const top = a >>> 16;
  let low = index[top]!;
  let high = index[top + 1]!;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const at = middle * 4;
    const difference = starts[at]! - a || starts[at + 1]! - b || starts[at + 2]! - c || starts[at + 3]! - d;
    if (difference > 0) high = middle;
    else low = middle + 1;
  }
  return low === 0 ? 0 : facts[low - 1]!;
}

/** The different combinations of what is known. */
class Facts {
  readonly as = [0];
  readonly country = [0];
  readonly network = [0];
  readonly #pairs = new Map<number, number>([[0, 0]]);
  readonly #rows = new Map<number, number>([[0, 0]]);

  row([as, country, network]: readonly number[]): number {
    const pair = numberOf(this.#pairs, as! * NAMES + country!);
    const row = numberOf(this.#rows, pair * NAMES + network!);
    if (row === this.as.length) {
      this.as.push(as!);
      this.country.push(country!);
      this.network.push(network!);
    }
    return row;
  }
}

/** The key's number, in the order in which keys come. */
function numberOf(numbers: Map<number, number>, key: number): number {
  let number = numbers.get(key);
  if (number === undefined) {
    number = numbers.size;
    numbers.set(key, number);
  }
  return number;
}

function family<P extends Point>(
  sources: readonly Segments<P>[],
  facts: Facts,
  width: 1 | 4,
  behindLast: P,
  put: (start: P, words: number[]) => void,
): Family {
  const starts: number[] = [];
  const rows: number[] = [];
  sweep(sources, (start, values) => {
    if (start >= behindLast) return;
    const row = facts.row(values);
    if (row === (rows.at(-1) ?? 0)) return;
    put(start, starts);
    rows.push(row);
  });
  const words = shared(Uint32Array, starts);
  return { starts: words, facts: shared(Uint32Array, rows), index: indexOf(words, width) };
}

function indexOf(starts: Uint32Array, width: number): Uint32Array {
  const index = new Uint32Array(new SharedArrayBuffer(4 * 65_537));
  const count = starts.length / width;
  let at = 0;
  for (let top = 0; top <= 65_536; top++) {
    while (at < count && starts[at * width]! < top * 65_536) at++;
    index[top] = at;
  }
  return index;
}

function shared<T extends Uint32Array | Uint16Array>(
  Kind: { new (buffer: SharedArrayBuffer): T; readonly BYTES_PER_ELEMENT: number },
  values: readonly number[],
): T {
  const array = new Kind(new SharedArrayBuffer(values.length * Kind.BYTES_PER_ELEMENT));
  array.set(values);
  return array;
}
