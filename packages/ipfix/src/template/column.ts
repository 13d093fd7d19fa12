import { COLUMN_WIDTH, type ColumnKind } from './kinds.js';

/**
 * A column of a batch: row n lies at n times the kind's width, the layout of ClickHouse's Native format. `data` is read anew at
 * each call, so that a column may be given another buffer between two of them.
 */
export interface Column {
  readonly kind: ColumnKind;
  readonly data: Uint8Array;
}

/** Which column goes with a field of the Template. `field` is an index into template.fields. */
export interface Binding {
  readonly field: number;
  readonly column: Column;
}

/** Decodes the Data Records of one Template into the columns bound to its fields. */
export interface RecordDecoder {
  /**
   * Decodes the whole Data Records in bytes[start, end) to the rows from `row` on, at most `maximumRows` of them, for which
   * the columns must have room. Returns the number of rows written.
   */
  decode(bytes: Uint8Array, start: number, end: number, row: number, maximumRows: number): number;
  /** Offset in `bytes` behind the last record decoded. */
  readonly offset: number;
}

/** What generated code reads and writes a column by: elements of 1, 2, or 4 octets. */
export type Words = Uint8Array | Uint16Array | Uint32Array;

const LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

function wordsOf(data: Uint8Array, width: number): Words | undefined {
  if (width === 1) return data;
  const size = Math.min(width, 4);
  if (!LITTLE_ENDIAN || data.byteOffset % size !== 0) return undefined;
  const length = Math.floor(data.length / size);
  return size === 2
    ? new Uint16Array(data.buffer, data.byteOffset, length)
    : new Uint32Array(data.buffer, data.byteOffset, length);
}

/** Views on the data of the columns of a codec, each made anew when its column has another buffer. */
export class ColumnViews {
  readonly views: DataView[] = [];
  /** Good for nothing where refresh() gave false. */
  readonly words: Words[] = [];
  readonly columns: readonly Column[];
  readonly #data: (Uint8Array | undefined)[];
  #aligned = true;

  constructor(columns: readonly Column[]) {
    this.columns = columns;
    this.#data = columns.map(() => undefined);
  }

  /** To be called before each use. False where a column's data is not aligned, or the machine is not little-endian. */
  refresh(): boolean {
    const columns = this.columns;
    for (let i = 0; i < columns.length; i++) {
      if (columns[i]!.data !== this.#data[i]) return this.#renew();
    }
    return this.#aligned;
  }

  #renew(): boolean {
    this.#aligned = true;
    this.columns.forEach(({ kind, data }, i) => {
      const words = wordsOf(data, COLUMN_WIDTH[kind]);
      this.#aligned &&= words !== undefined;
      this.#data[i] = data;
      this.views[i] = new DataView(data.buffer, data.byteOffset, data.byteLength);
      this.words[i] = words ?? new Uint8Array(0);
    });
    return this.#aligned;
  }
}

/** What generated code bound to columns returns, having done nothing, where a column has another buffer than it was bound to. */
export const MOVED = -1;

/** The constants by which generated code, a function of `words`, `views`, `kernels` and `columns`, knows column `i`. */
export function bindColumn(i: number, byKernel: boolean): string {
  const access = byKernel ? `v${i}=views[${i}],k${i}=kernels[${i}]` : `c${i}=words[${i}]`;
  return `const o${i}=columns[${i}],d${i}=o${i}.data,${access};`;
}

/** The statement of generated code that returns MOVED. V8 makes nothing of it, where no column ever has another buffer. */
export function returnIfMoved(count: number): string {
  const moved = Array.from({ length: count }, (_, i) => `o${i}.data!==d${i}`).join('||');
  return count === 0 ? '' : `if(${moved})return ${MOVED};`;
}

/** Generated code's name for word `word` of row `r` of column `i`, whose words are `c` and the number. */
export function cell(i: number, kind: ColumnKind, word: number): string {
  const width = COLUMN_WIDTH[kind];
  const row = width <= 4 ? 'r' : width === 8 ? '(r<<1)' : '(r<<2)';
  return `c${i}[${row}+${word}|0]`;
}
