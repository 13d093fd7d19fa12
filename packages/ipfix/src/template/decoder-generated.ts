import { VARIABLE_LENGTH } from '../elements/types.js';
import { bufferView } from '../octets/view.js';
import { MAXIMUM_FIELDS, ownFunctionOf } from './code.js';
import {
  bindColumn,
  type Column,
  type ColumnViews,
  cell,
  MOVED,
  type RecordDecoder,
  returnIfMoved,
  type Words,
} from './column.js';
import { clear, type Kernel, kernelFor } from './kernels.js';
import { type Located, locate } from './located.js';
import { inGroups, readStatement } from './statements.js';
import type { Step } from './steps.js';
import { layoutOf, type Template } from './template.js';

/**
 * Decodes records between the offsets `at` and `end` of `input` to the rows from `row` on, at most `maximum` of them. Returns their number,
 * and in `behind[0]` the offset behind the last; or MOVED.
 */
type DecodeRecords = (
  input: DataView,
  at: number,
  end: number,
  row: number,
  maximum: number,
  behind: Float64Array,
) => number;

/** Gives the function for columns: `words`, `views` and `kernels` are those of each step. Its constants are what optimizers like. */
type DecodeInto = (
  words: readonly Words[],
  views: readonly DataView[],
  kernels: readonly Kernel[],
  columns: readonly Column[],
) => DecodeRecords;
const PARAMETERS = ['words', 'views', 'kernels', 'columns'];

/** A kernel that finds the one for the length of each value. */
function variableKernel({ kind, type }: Step): Kernel {
  return (input, at, stride, output, to, count, length, width) =>
    (kernelFor(kind, type, length) ?? clear)(input, at, stride, output, to, count, length, width);
}

/** The body of DecodeInto. */
function bodyOf(template: Template, steps: readonly Step[]): string {
  const located = locate(template);
  const constants: string[] = [];
  const stores = steps.map(({ field, type, kind, width, length }, i) => {
    const position = located.positions[field]!;
    const store = readStatement(kind, type, length, word => cell(i, kind, word), position);
    constants.push(bindColumn(i, store === undefined));
    return store ?? `k${i}(b,${position},0,v${i},r*${width},1,${located.lengths[field]},${width});`;
  });
  const { fixedLength } = layoutOf(template);
  const body = fixedLength > 0 ? fixedLoops(stores, fixedLength) : variableLoop(stores, located);
  return [...constants, 'return (b,start,end,row,maximum,behind)=>{', returnIfMoved(steps.length), ...body, '};'].join(
    '\n',
  );
}

/** Group of fields by group of fields. */
function fixedLoops(stores: readonly string[], length: number): string[] {
  return [
    `const count=Math.max(0,Math.min(Math.floor((end-start)/${length}),maximum)),stop=row+count|0;`,
    ...inGroups(stores, length),
    `behind[0]=start+count*${length};return count;`,
  ];
}

/** Record by record, nothing stored before the whole record is known to be there. */
function variableLoop(stores: readonly string[], { statements }: Located): string[] {
  const loop = [
    'let at=start,r=row;',
    'for(const stop=row+maximum|0;r<stop;r++){',
    ...statements,
    ...stores,
    'at=next;}',
  ];
  return [...loop, 'behind[0]=at;return r-row;'];
}

/** Runs the generated code of a Template; `portable` where a column's data is not aligned. */
class GeneratedDecoder implements RecordDecoder {
  offset = 0;
  readonly #kernels: readonly Kernel[];
  readonly #columns: ColumnViews;
  readonly #behind = new Float64Array(1);
  readonly #portable: RecordDecoder;
  readonly #decodeInto: DecodeInto;
  #decodeRecords: DecodeRecords = () => MOVED;

  constructor(decodeInto: DecodeInto, steps: readonly Step[], columns: ColumnViews, portable: RecordDecoder) {
    this.#decodeInto = decodeInto;
    this.#columns = columns;
    this.#portable = portable;
    this.#kernels = steps.map(step =>
      step.length === VARIABLE_LENGTH ? variableKernel(step) : (kernelFor(step.kind, step.type, step.length) ?? clear),
    );
  }

  decode(bytes: Uint8Array, start: number, end: number, row: number, maximumRows: number): number {
    const base = bytes.byteOffset;
    const limit = base + Math.min(end, bytes.length);
    const behind = this.#behind;
    const input = bufferView(bytes);
    let rows = this.#decodeRecords(input, base + start, limit, row, maximumRows, behind);
    if (rows === MOVED) {
      if (!this.#bind()) return this.#decodePortably(bytes, start, end, row, maximumRows);
      rows = this.#decodeRecords(input, base + start, limit, row, maximumRows, behind);
    }
    this.offset = behind[0]! - base;
    return rows;
  }

  /** To the buffers that the columns have now; false where that cannot be. */
  #bind(): boolean {
    const views = this.#columns;
    if (!views.refresh()) return false;
    this.#decodeRecords = this.#decodeInto(views.words, views.views, this.#kernels, views.columns);
    return true;
  }

  #decodePortably(bytes: Uint8Array, start: number, end: number, row: number, maximumRows: number): number {
    const rows = this.#portable.decode(bytes, start, end, row, maximumRows);
    this.offset = this.#portable.offset;
    return rows;
  }
}

/**
 * A decoder of code generated for the Template; undefined where code generation is forbidden or the Template is not fit for it. `portable`
 * does the work where columns are not aligned.
 */
export function generatedDecoder(
  template: Template,
  steps: readonly Step[],
  columns: ColumnViews,
  portable: RecordDecoder,
): RecordDecoder | undefined {
  if (layoutOf(template).minimumLength === 0 || template.fields.length > MAXIMUM_FIELDS) return undefined;
  const decodeInto = ownFunctionOf<DecodeInto>(PARAMETERS, bodyOf(template, steps));
  return decodeInto && new GeneratedDecoder(decodeInto, steps, columns, portable);
}
