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

/** What traffic comes to, added up. Many groups go over the same links: these are added up together. */
export class Sums {
  readonly #pieces = new Map<number, Sum>();

  addHops(hops: readonly Hop[], of: number, octets: number, packets: number, pieces: readonly Piece[]): void {
    const counts = [octets, packets].map(amount => divided(amount, pieces));
    for (const [i, piece] of pieces.entries()) {
      const sums = countsOf(this.#of(piece).hops, hops, 2 * classes.length);
      for (const [at, parts] of counts.entries()) sums[2 * of + at]! += parts[i]!;
    }
  }

  addEnd(node: string, end: End, octets: number, pieces: readonly Piece[]): void {
    this.#add('ends', node, ends.indexOf(end), octets, pieces);
  }

  addUnplaced(reason: Reason, octets: number, pieces: readonly Piece[]): void {
    this.#add('unplaced', reason, 0, octets, pieces);
  }

  *links(): Generator<LinkSum> {
    for (const { time, span, hops } of this.#pieces.values()) {
      const links = new Map<string, number[]>();
      for (const [way, counts] of hops) {
        for (const { id, how, forward } of way) {
          const sums = countsOf(links, `${hows.indexOf(how)} ${id}`, 4 * classes.length);
          for (const [i, count] of counts.entries()) sums[4 * (i >> 1) + (i & 1) + (forward ? 0 : 2)]! += count;
        }
      }
      for (const [key, sums] of links) {
        for (const of of classes.keys()) {
          const counts = sums.slice(4 * of, 4 * of + 4);
          if (counts.some(count => count > 0))
            yield { time, span, link: key.slice(2), how: Number(key[0]), class: of, counts };
        }
      }
    }
  }

  *ends(): Generator<EndSum> {
    for (const { time, span, ends: nodes } of this.#pieces.values())
      for (const [node, counts] of nodes) yield { time, span, node, counts };
  }

  *unplaced(): Generator<UnplacedSum> {
    for (const { time, span, unplaced } of this.#pieces.values())
      for (const [reason, counts] of unplaced) yield { time, span, reason: reasons.indexOf(reason), counts };
  }

  #add<K extends 'ends' | 'unplaced'>(
    table: K,
    key: K extends 'ends' ? string : Reason,
    at: number,
    amount: number,
    pieces: readonly Piece[],
  ): void {
    for (const [i, part] of divided(amount, pieces).entries()) {
      const sums = this.#of(pieces[i]!)[table] as Map<string, number[]>;
      if (part > 0) countsOf(sums, key, 4)[at]! += part;
    }
  }

  #of({ time, span }: Piece): Sum {
    const key = time * DAY + span;
    let found = this.#pieces.get(key);
    if (found === undefined) {
      found = { time, span, hops: new Map(), ends: new Map(), unplaced: new Map() };
      this.#pieces.set(key, found);
    }
    return found;
  }
}

/** More than the longest span. */
const DAY = 2000;

/** What a piece of time has. */
interface Sum {
  readonly time: number;
  readonly span: number;
  /** Octets and packets by class. */
  readonly hops: Map<readonly Hop[], number[]>;
  readonly ends: Map<string, number[]>;
  readonly unplaced: Map<Reason, number[]>;
}

function countsOf<K>(table: Map<K, number[]>, key: K, count: number): number[] {
  let counts = table.get(key);
  if (counts === undefined) {
    counts = Array<number>(count).fill(0);
    table.set(key, counts);
  }
  return counts;
}
