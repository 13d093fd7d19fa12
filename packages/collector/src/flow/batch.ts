import { fields, originColumns, presentColumns } from '@weir/flow';
import { COLUMN_WIDTH, type Column, type ColumnKind } from '@weir/ipfix';
import { emptyMask, type PresentMask } from './present.js';

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
 * Flow Records as columns, in the layout of ClickHouse's Native format. Rows from `rows` on are zero, so a field that a
 * Template does not have stays zero and is told from a real zero by the present mask. Not for sharing between threads.
 */
export class FlowBatch {
  readonly capacity: number;
  readonly columns: ReadonlyMap<string, Column>;
  /** Rows that are filled. The writer of the columns moves it on, by `stamp`. */
  rows = 0;
  /** Union of the rows' present masks: columns that no row has need not be written. */
  readonly present = emptyMask();
  readonly #presentWords: readonly Uint32Array[];
  readonly #others = new Map<number, ReadonlyMap<string, string>>();

  /** @param capacity rows; 1 to 262,144, so that a batch is one block for the engine. */
  constructor(capacity: number) {
    if (!Number.isInteger(capacity) || capacity < 1 || capacity > 262_144) {
      throw new RangeError(`capacity of a batch is 1 to 262144, not ${capacity}`);
    }
    this.capacity = capacity;
    const kinds = new Map<string, ColumnKind>([...originColumns, ...fields.map(f => [f.column, f.kind] as const)]);
    this.columns = new Map(
      [...kinds].map(([name, kind]) => [name, { kind, data: new Uint8Array(COLUMN_WIDTH[kind] * capacity) }]),
    );
    this.#presentWords = presentColumns.map(name => new Uint32Array(this.column(name).data.buffer));
  }

  /** Says that the row, stamped already, has a value under this bit of the present mask too. */
  mark(row: number, bit: number): void {
    const value = 1 << (bit & 31);
    this.#presentWords[bit >>> 6]![row * 2 + ((bit >>> 5) & 1)]! |= value;
    this.present[bit >>> 5]! |= value;
  }

  /** @throws RangeError where there is no such column. */
  column(name: string): Column {
    const column = this.columns.get(name);
    if (column === undefined) throw new RangeError(`a batch has no column ${name}`);
    return column;
  }

  /** Gives `count` rows from `rows` on, just decoded into the columns, their origin, and counts them in. */
  stamp(count: number, origin: Origin): void {
    const first = this.rows;
    const end = first + count;
    if (end > this.capacity) throw new RangeError(`a batch of ${this.capacity} rows cannot hold ${end}`);
    const exporter = this.column('exporter').data;
    for (let row = first; row < end; row++) exporter.set(origin.exporter, row * 16);
    fill32(this.column('observationDomainId'), 1, 0, origin.observationDomainId, first, end);
    new Uint16Array(this.column('templateId').data.buffer).fill(origin.templateId, first, end);
    this.#fill64('exportTime', origin.exportTime % 2 ** 32, Math.floor(origin.exportTime / 2 ** 32), first, end);
    this.#fill64('receivedAt', origin.receivedAt % 2 ** 32, Math.floor(origin.receivedAt / 2 ** 32), first, end);
    origin.present.forEach((word, i) => {
      if (word === 0) return;
      fill32(this.column(presentColumns[i >>> 1]!), 2, i & 1, word, first, end);
      this.present[i]! |= word;
    });
    this.rows = end;
  }

  #fill64(name: string, low: number, high: number, first: number, end: number): void {
    const column = this.column(name);
    fill32(column, 2, 0, low, first, end);
    fill32(column, 2, 1, high, first, end);
  }

  /** Elements of the row that have no column: IANA name, or PEN:ID, to the value as text. */
  setOther(row: number, map: ReadonlyMap<string, string>): void {
    if (map.size > 0) this.#others.set(row, map);
  }

  other(row: number): ReadonlyMap<string, string> | undefined {
    return this.#others.get(row);
  }

  /** Whether any row has elements without a column. */
  get hasOthers(): boolean {
    return this.#others.size > 0;
  }

  /** Empties the batch for the next records. */
  reset(): void {
    for (const { kind, data } of this.columns.values()) data.fill(0, 0, this.rows * COLUMN_WIDTH[kind]);
    this.#others.clear();
    this.rows = 0;
    this.present.fill(0);
  }
}

function fill32(column: Column, words: number, word: number, value: number, first: number, end: number): void {
  const view = new Uint32Array(column.data.buffer);
  for (let i = first * words + word; i < end * words; i += words) view[i] = value;
}
