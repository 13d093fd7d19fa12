import { type Field, fields, originColumns } from '@weir/flow';
import { COLUMN_WIDTH, type Column, type ColumnKind } from '@weir/ipfix';
import { type Origin, OriginColumns } from './origin-columns.js';
import { OtherColumn } from './other-column.js';
import { emptyMask, hasBit, setBit } from './present.js';

/**
 * Flow Records as columns, in the layout of ClickHouse's Native format. Rows from `rows` on are zero in the columns of
 * fields, so a field that a Template does not have stays zero and is told from a real zero by the present mask. What is written into such a
 * column has to be under a bit of that mask. Not for sharing between threads.
 */
export class FlowBatch {
  readonly capacity: number;
  readonly columns: ReadonlyMap<string, Column>;
  #names: readonly string[] = [''];
  /** Rows that are filled. The writer of the columns moves it on, by `stamp`. */
  rows = 0;
  /** Union of the rows' present masks: columns that no row has need not be written. */
  readonly present = emptyMask();
  /** Elements that have no column. To be filled in before their row is stamped. */
  readonly others: OtherColumn;
  readonly #origin: OriginColumns;

  /** @param capacity rows; 1 to 262,144, so that a batch is one block for the engine. */
  constructor(capacity: number) {
    if (!Number.isInteger(capacity) || capacity < 1 || capacity > 262_144) {
      throw new RangeError(`capacity of a batch is 1 to 262144, not ${capacity}`);
    }
    this.capacity = capacity;
    const kinds = new Map<string, ColumnKind>([
      ...originColumns,
      ...fields.map(({ column, kind }) => [column, kind === 'name' ? 'unsigned16' : kind] as const),
    ]);
    this.columns = new Map(
      [...kinds].map(([name, kind]) => [name, { kind, data: new Uint8Array(COLUMN_WIDTH[kind] * capacity) }]),
    );
    this.others = new OtherColumn(capacity);
    this.#origin = new OriginColumns(name => this.column(name));
  }

  /** What the numbers in columns of names mean, at most 65,536; the first, 0, is empty. To be changed before any row has one. */
  get names(): readonly string[] {
    return this.#names;
  }

  set names(names: readonly string[]) {
    if (names.length > 65_536) throw new RangeError(`a batch has at most 65536 names, not ${names.length}`);
    this.#names = names;
  }

  /** Says that the row, stamped already, has a value under this bit of the present mask too. */
  mark(row: number, bit: number): void {
    this.#origin.mark(row, bit);
    setBit(this.present, bit);
  }

  /** Takes back that the row has a value under this bit. */
  unmark(row: number, bit: number): void {
    this.#origin.unmark(row, bit);
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
    this.#origin.fill(first, end, origin);
    for (let i = 0; i < origin.present.length; i++) this.present[i]! |= origin.present[i]!;
    this.rows = end;
  }

  /** Fields that some row has; the columns of the others are zero. */
  writtenFields(): Field[] {
    return fields.filter(field => Object.values(field.elements).some(bit => hasBit(this.present, bit)));
  }

  /** Empties the batch for the next records, whose origin is written over that of these. */
  reset(): void {
    for (const field of this.writtenFields()) {
      const { kind, data } = this.column(field.column);
      data.fill(0, 0, this.rows * COLUMN_WIDTH[kind]);
    }
    this.others.reset();
    this.rows = 0;
    this.present.fill(0);
  }
}
