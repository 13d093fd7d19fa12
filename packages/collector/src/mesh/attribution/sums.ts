import { type Hop, hows } from '../paths/paths.js';
import { classes, type Reason, reasons } from './group.js';
import { divided, type Piece } from './pieces.js';

/** Octets and packets of a link in a piece of time, by how the way over it is known and by class. */
export interface LinkSum {
  readonly time: number;
  readonly span: number;
  readonly link: string;
  readonly how: number;
  readonly class: number;
  /** Octets, packets, and the same from target to source. */
  readonly counts: readonly number[];
}

export interface EndSum {
  readonly time: number;
  readonly span: number;
  readonly node: string;
  /** Octets sent, received, that leave the mesh here, that come into it. */
  readonly counts: readonly number[];
}

export interface UnplacedSum {
  readonly time: number;
  readonly span: number;
  readonly reason: number;
  /** Octets. */
  readonly counts: readonly number[];
}

export type End = 'sent' | 'received' | 'out' | 'in';
const ends: readonly End[] = ['sent', 'received', 'out', 'in'];

/** What traffic comes to, added up. */
export class Sums {
  readonly #names = new Names();
  readonly #pieces = new Map<string, { time: number; span: number; links: Table; ends: Table; unplaced: Table }>();

  addHop(hop: Hop, link: string, of: number, octets: number, packets: number, pieces: readonly Piece[]): void {
    const key = (this.#names.numberOf(link) * hows.length + hows.indexOf(hop.how)) * classes.length + of;
    const at = hop.forward ? 0 : 2;
    this.#add('links', key, at, octets, pieces);
    this.#add('links', key, at + 1, packets, pieces);
  }

  addEnd(node: string, end: End, octets: number, pieces: readonly Piece[]): void {
    this.#add('ends', this.#names.numberOf(node), ends.indexOf(end), octets, pieces);
  }

  addUnplaced(reason: Reason, octets: number, pieces: readonly Piece[]): void {
    this.#add('unplaced', reasons.indexOf(reason), 0, octets, pieces);
  }

  *links(): Generator<LinkSum> {
    for (const { time, span, links } of this.#pieces.values()) {
      for (const [key, counts] of links) {
        const rest = Math.floor(key / classes.length);
        const link = this.#names.nameOf(Math.floor(rest / hows.length));
        yield { time, span, link, how: rest % hows.length, class: key % classes.length, counts };
      }
    }
  }

  *ends(): Generator<EndSum> {
    for (const { time, span, ends: nodes } of this.#pieces.values())
      for (const [key, counts] of nodes) yield { time, span, node: this.#names.nameOf(key), counts };
  }

  *unplaced(): Generator<UnplacedSum> {
    for (const { time, span, unplaced } of this.#pieces.values())
      for (const [reason, counts] of unplaced) yield { time, span, reason, counts };
  }

  #add(table: 'links' | 'ends' | 'unplaced', key: number, at: number, amount: number, pieces: readonly Piece[]): void {
    const parts = pieces.length === 1 ? [amount] : divided(amount, pieces);
    for (const [i, part] of parts.entries()) if (part > 0) add(this.#of(pieces[i]!)[table], key, at, part);
  }

  #of({ time, span }: Piece) {
    const key = `${time} ${span}`;
    let found = this.#pieces.get(key);
    if (found === undefined) {
      found = { time, span, links: new Map(), ends: new Map(), unplaced: new Map() };
      this.#pieces.set(key, found);
    }
    return found;
  }
}

type Table = Map<number, number[]>;

function add(table: Table, key: number, at: number, amount: number): void {
  let counts = table.get(key);
  if (counts === undefined) {
    counts = [0, 0, 0, 0];
    table.set(key, counts);
  }
  counts[at]! += amount;
}

/** Names by numbers: a key of a sum is a number. */
class Names {
  readonly #numbers = new Map<string, number>();
  readonly #names: string[] = [];

  numberOf(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    this.#names.push(name);
    this.#numbers.set(name, this.#names.length - 1);
    return this.#names.length - 1;
  }

  nameOf(number: number): string {
    return this.#names[number]!;
  }
}
