import { VARIABLE_LENGTH } from '../elements/types.js';
import { bufferView } from '../octets/view.js';
import { functionOf, MAXIMUM_FIELDS } from './code.js';
import type { ColumnViews, RecordDecoder, Words } from './column.js';
import { clear, type Kernel, kernelFor } from './kernels.js';
import { locate } from './located.js';
import { readStatement } from './statements.js';
import type { Step } from './steps.js';
import { layoutOf, type Template } from './template.js';

/**
 * Decodes records between the offsets `at` and `end` of `input` to the rows from `row` on, at most `maximum` of them. Returns their number,
 * and in `behind[0]` the offset behind the last. `words`, `views` and `kernels` are those of each step.
 */
type DecodeRecords = (
  input: DataView,
  at: number,
  end: number,
  row: number,
  maximum: number,
  words: readonly Words[],
  views: readonly DataView[],
  kernels: readonly Kernel[],
  behind: Float64Array,
) => number;
const PARAMETERS = ['b', 'at', 'end', 'row', 'maximum', 'words', 'views', 'kernels', 'behind'];

/** A kernel that finds the one for the length of each value. */
function variableKernel({ kind, type }: Step): Kernel {
  return (input, at, stride, output, to, count, length, width) =>
    (kernelFor(kind, type, length) ?? clear)(input, at, stride, output, to, count, length, width);
}

/** The body of DecodeRecords: record by record, nothing stored before the whole record is known to be there. */
function bodyOf(template: Template, steps: readonly Step[], columns: ColumnViews): string {
  const { statements, positions, lengths } = locate(template);
  const constants = [columns.constants()];
  const stores = steps.map(({ field, length, type, kind, width }, i) => {
    const store = readStatement(kind, type, length, word => columns.cell(i, word), positions[field]!);
    if (store === undefined) constants.push(`const v${i}=views[${i}],k${i}=kernels[${i}];`);
    return store ?? `k${i}(b,${positions[field]},0,v${i},r*${width},1,${lengths[field]},${width});`;
  });
  return [
    ...constants,
    'let r=row;',
    'for(const stop=row+maximum;r<stop;r++){',
    ...statements,
    ...stores,
    'at=next;}',
    'behind[0]=at;return r-row;',
  ].join('\n');
}

function generate(template: Template, steps: readonly Step[], columns: ColumnViews): DecodeRecords | undefined {
  return functionOf<DecodeRecords>(PARAMETERS, bodyOf(template, steps, columns));
}

/** Runs the generated code of a Template; `portable` where a column's data is not aligned. */
class GeneratedDecoder implements RecordDecoder {
  offset = 0;
  readonly #template: Template;
  readonly #steps: readonly Step[];
  #run: DecodeRecords;
  #shape: string;
  readonly #kernels: readonly Kernel[];
  readonly #columns: ColumnViews;
  readonly #behind = new Float64Array(1);
  readonly #portable: RecordDecoder;

  constructor(
    template: Template,
    run: DecodeRecords,
    steps: readonly Step[],
    columns: ColumnViews,
    portable: RecordDecoder,
  ) {
    this.#template = template;
    this.#steps = steps;
    this.#run = run;
    this.#shape = columns.shape;
    this.#columns = columns;
    this.#portable = portable;
    this.#kernels = steps.map(step =>
      step.length === VARIABLE_LENGTH ? variableKernel(step) : (kernelFor(step.kind, step.type, step.length) ?? clear),
    );
  }

  decode(bytes: Uint8Array, start: number, end: number, row: number, maximumRows: number): number {
    const columns = this.#columns;
    if (!columns.refresh()) return this.#decodePortably(bytes, start, end, row, maximumRows);
    if (columns.shape !== this.#shape) this.#regenerate();
    const base = bytes.byteOffset;
    const limit = base + Math.min(end, bytes.length);
    const run = this.#run;
    const behind = this.#behind;
    const input = bufferView(bytes);
    const rows = run(input, base + start, limit, row, maximumRows, columns.words, columns.views, this.#kernels, behind);
    this.offset = behind[0]! - base;
    return rows;
  }

  /** The columns have moved within their buffer. */
  #regenerate(): void {
    this.#shape = this.#columns.shape;
    this.#run = generate(this.#template, this.#steps, this.#columns) ?? this.#run;
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
  columns.refresh();
  const run = generate(template, steps, columns);
  return run && new GeneratedDecoder(template, run, steps, columns, portable);
}
