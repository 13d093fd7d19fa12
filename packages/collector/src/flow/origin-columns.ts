import { presentColumns } from '@weir/flow';
import type { Column } from '@weir/ipfix';
import type { PresentMask } from './present.js';

/** What all records of one Data Set have in common. */
export interface Origin {
  /** 16 octets in network order; IPv4 as ::ffff:a.b.c.d. */
  readonly exporter: Uint8Array;
  readonly observationDomainId: number;
  readonly templateId: number;
  /** Milliseconds since the epoch. */
  readonly exportTime: number;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
  /** From `bindings`. */
  readonly present: PresentMask;
}

/**
 * The columns of a batch that say where its records came from. Data Sets may hold one record each, so a row costs a few stores and
 * a Data Set nothing else.
 */
export class OriginColumns {
  readonly #exporter: Uint32Array;
  readonly #domain: Uint32Array;
  readonly #template: Uint16Array;
  readonly #exportTime: Uint32Array;
  readonly #receivedAt: Uint32Array;
  readonly #present: readonly Uint32Array[];
  /** The exporter that was last filled in, and its octets as words in the machine's order. */
  #last: Uint8Array | undefined;
  readonly #words = new Uint32Array(4);

  constructor(column: (name: string) => Column) {
    const words = (name: string): Uint32Array => new Uint32Array(column(name).data.buffer);
    this.#exporter = words('exporter');
    this.#domain = words('observationDomainId');
    this.#template = new Uint16Array(column('templateId').data.buffer);
    this.#exportTime = words('exportTime');
    this.#receivedAt = words('receivedAt');
    this.#present = presentColumns.map(words);
  }

  /** Says of the rows [first, end) where they came from. */
  fill(first: number, end: number, origin: Origin): void {
    this.#fillExporter(first, end, origin.exporter);
    fill(this.#domain, first, end, origin.observationDomainId);
    fill(this.#template, first, end, origin.templateId);
    fill64(this.#exportTime, first, end, origin.exportTime >>> 0, Math.floor(origin.exportTime / 2 ** 32));
    fill64(this.#receivedAt, first, end, origin.receivedAt >>> 0, Math.floor(origin.receivedAt / 2 ** 32));
    for (let i = 0; i < this.#present.length; i++) {
      fill64(this.#present[i]!, first, end, origin.present[2 * i]!, origin.present[2 * i + 1]!);
    }
  }

  /** Sets a bit of the row's present mask. */
  mark(row: number, bit: number): void {
    this.#present[bit >>> 6]![row * 2 + ((bit >>> 5) & 1)]! |= 1 << (bit & 31);
  }

  unmark(row: number, bit: number): void {
    this.#present[bit >>> 6]![row * 2 + ((bit >>> 5) & 1)]! &= ~(1 << (bit & 31));
  }

  #fillExporter(first: number, end: number, octets: Uint8Array): void {
    const words = this.#words;
    if (octets !== this.#last) {
      new Uint8Array(words.buffer).set(octets);
      this.#last = octets;
    }
    const column = this.#exporter;
    for (let row = first; row < end; row++) {
      column[row * 4] = words[0]!;
      column[row * 4 + 1] = words[1]!;
      column[row * 4 + 2] = words[2]!;
      column[row * 4 + 3] = words[3]!;
    }
  }
}

/** For the few rows of a Set, quicker than the method of that name. */
function fill(column: Uint16Array | Uint32Array, first: number, end: number, value: number): void {
  for (let row = first; row < end; row++) column[row] = value;
}

function fill64(words: Uint32Array, first: number, end: number, low: number, high: number): void {
  for (let i = first * 2; i < end * 2; i += 2) {
    words[i] = low;
    words[i + 1] = high;
  }
}
