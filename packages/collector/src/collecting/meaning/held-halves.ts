import { FlowBatch } from '../../flow/batch.js';
import { BatchRows } from '../../flow/batch-rows.js';
import { HalfColumns, type HalfKey, type Side } from './half-columns.js';
import type { RecordAt } from './joined-record.js';

/** Halves that wait, as rows of a batch without gaps: into the place of one that is removed comes the last. */
export class HeldHalves {
  readonly columns: HalfColumns;
  /** Grows with each change. */
  change = 0;
  readonly #batch: FlowBatch;
  readonly #rows: BatchRows;
  /** Rows by key. */
  readonly #index = new Map<string, number[]>();
  // By row:
  readonly #keys: string[] = [];
  readonly #sides: Side[] = [];
  readonly #others: RecordAt['others'][] = [];
  readonly #receivedAt: number[] = [];

  constructor(capacity: number) {
    this.#batch = new FlowBatch(capacity);
    this.#rows = new BatchRows(this.#batch);
    this.columns = new HalfColumns(this.#rows);
  }

  get rows(): number {
    return this.#batch.rows;
  }

  /** What the numbers in columns of names mean; to be changed while nothing waits. */
  set names(names: readonly string[]) {
    this.#batch.names = names;
  }

  get isFull(): boolean {
    return this.#batch.rows === this.#batch.capacity;
  }

  /** The rows of a key; only good until the next change. */
  of(key: string): readonly number[] {
    return this.#index.get(key) ?? [];
  }

  key(row: number): string {
    return this.#keys[row]!;
  }

  side(row: number): Side {
    return this.#sides[row]!;
  }

  receivedAt(row: number): number {
    return this.#receivedAt[row]!;
  }

  record(row: number): RecordAt {
    return { rows: this.#rows, row, others: this.#others[row] };
  }

  times(): { oldest: number; newest: number } {
    let [oldest, newest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const time of this.#receivedAt) {
      if (time < oldest) oldest = time;
      if (time > newest) newest = time;
    }
    return { oldest, newest };
  }

  /** There has to be room. */
  add({ text, side }: HalfKey, { rows, row, others }: RecordAt, receivedAt: number): void {
    const at = rows.append(row, this.#rows);
    const same = this.#index.get(text);
    if (same === undefined) this.#index.set(text, [at]);
    else same.push(at);
    this.#keys.push(text);
    this.#sides.push(side);
    this.#others.push(others);
    this.#receivedAt.push(receivedAt);
    this.change++;
  }

  remove(row: number): void {
    const last = --this.#batch.rows;
    this.#unlist(row);
    const key = this.#keys.pop()!;
    const side = this.#sides.pop()!;
    const others = this.#others.pop();
    const receivedAt = this.#receivedAt.pop()!;
    if (row !== last) {
      this.#rows.copy(last, this.#rows, row);
      const same = this.#index.get(key)!;
      same[same.indexOf(last)] = row;
      this.#keys[row] = key;
      this.#sides[row] = side;
      this.#others[row] = others;
      this.#receivedAt[row] = receivedAt;
    }
    if (last === 0) this.#batch.present.fill(0);
    this.change++;
  }

  /** All of them, to be written. */
  batch(): FlowBatch {
    const { others, rows } = this.#batch;
    others.reset();
    for (let row = 0; row < rows; row++) {
      const pairs = this.#others[row];
      for (let i = 0; pairs !== undefined && i < pairs.length; i += 2) others.add(row, pairs[i]!, pairs[i + 1]!);
    }
    return this.#batch;
  }

  #unlist(row: number): void {
    const key = this.#keys[row]!;
    const same = this.#index.get(key)!;
    if (same.length === 1) this.#index.delete(key);
    else same.splice(same.indexOf(row), 1);
  }
}
