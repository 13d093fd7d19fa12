import { type ElementRegistry, elements } from '../elements/registry.js';
import { naturalLength, VARIABLE_LENGTH } from '../elements/types.js';
import { bufferView } from '../octets/view.js';
import { MAXIMUM_FIELDS, ownFunctionOf } from './code.js';
import {
  type Binding,
  bindColumn,
  type Column,
  type ColumnViews,
  cell,
  MOVED,
  returnIfMoved,
  type Words,
} from './column.js';
import { type EncodeKernel, encodeKernelFor } from './encode-kernels.js';
import { inGroups, writeStatement } from './statements.js';
import { type Step, stepsOf, viewsOf } from './steps.js';
import type { Template } from './template.js';

/** Encodes rows of columns as Data Records of one Template. Allocates nothing per record. */
export interface ColumnsEncoder {
  readonly templateId: number;
  /** Octets of a Data Record: all have the same length. */
  readonly recordLength: number;
  /**
   * Writes the rows from `row` on, at most `maximumRows` of them and as many as fit into bytes[at, end), one Data Record behind the
   * other from `at` on. Returns the number of rows written. The columns must have those rows.
   */
  encode(row: number, maximumRows: number, bytes: Uint8Array, at: number, end?: number): number;
}

/** Where the value of each bound step lies in a Data Record, and what is the same in all of them. */
interface Places {
  readonly offsets: readonly number[];
  readonly lengths: readonly number[];
  /** Length octets of values of variable length (RFC 7011 section 7). */
  readonly lengthOctets: readonly { readonly offset: number; readonly octet: number }[];
  readonly recordLength: number;
  /** Every octet is written by a step or is a length octet. */
  readonly complete: boolean;
}

/** A value of variable length has the natural length of its type, or none where no column gives it. */
function placesOf(template: Template, steps: readonly Step[]): Places {
  const stepOf = new Map(steps.map(step => [step.field, step]));
  const fields: { offset: number; length: number }[] = [];
  const lengthOctets: { offset: number; octet: number }[] = [];
  let at = 0;
  template.fields.forEach((field, i) => {
    let length = field.length;
    if (length === VARIABLE_LENGTH) {
      const natural = naturalLength(stepOf.get(i)?.type ?? 'octetArray');
      length = natural === VARIABLE_LENGTH ? 0 : natural;
      lengthOctets.push({ offset: at++, octet: length });
    }
    fields.push({ offset: at, length });
    at += length;
  });
  return {
    offsets: steps.map(({ field }) => fields[field]!.offset),
    lengths: steps.map(({ field }) => fields[field]!.length),
    lengthOctets,
    recordLength: at,
    complete: fields.every(({ length }, i) => length === 0 || stepOf.has(i)),
  };
}

/** Writes `count` rows from `row` on as Data Records from offset `at` of the view `output` on. Returns their number, or MOVED. */
type EncodeRows = (output: DataView, at: number, row: number, count: number) => number;

/** Gives the function for columns: `words`, `views` and `kernels` are those of each step. Its constants are what optimizers like. */
type EncodeFrom = (
  words: readonly Words[],
  views: readonly DataView[],
  kernels: readonly EncodeKernel[],
  columns: readonly Column[],
) => EncodeRows;
const PARAMETERS = ['words', 'views', 'kernels', 'columns'];

function generate(steps: readonly Step[], places: Places): EncodeFrom | undefined {
  const constants: string[] = [];
  const stores = steps.map(({ kind, type, width }, i) => {
    const p = `at+${places.offsets[i]}`;
    const length = places.lengths[i]!;
    const store = writeStatement(kind, type, length, word => cell(i, kind, word), p);
    constants.push(bindColumn(i, store === undefined));
    return store ?? `k${i}(v${i},r*${width},b,${p},0,1,${length},${width});`;
  });
  const loops = inGroups(stores, places.recordLength);
  const body = [
    ...constants,
    'return (b,start,row,count)=>{',
    returnIfMoved(steps.length),
    'const stop=row+count|0;',
    ...loops,
    'return count;};',
  ];
  return ownFunctionOf<EncodeFrom>(PARAMETERS, body.join('\n'));
}

class Encoder implements ColumnsEncoder {
  readonly templateId: number;
  readonly #steps: readonly Step[];
  readonly #places: Places;
  readonly #kernels: readonly EncodeKernel[];
  readonly #columns: ColumnViews;
  readonly #encodeFrom: EncodeFrom | undefined;
  #encodeRows: EncodeRows = () => MOVED;

  constructor(templateId: number, steps: readonly Step[], columns: ColumnViews, places: Places, generates: boolean) {
    this.templateId = templateId;
    this.#columns = columns;
    this.#steps = steps;
    this.#places = places;
    this.#encodeFrom = generates ? generate(steps, places) : undefined;
    this.#kernels = steps.map(({ kind, type }, i) => encodeKernelFor(kind, type, places.lengths[i]!));
  }

  get recordLength(): number {
    return this.#places.recordLength;
  }

  encode(row: number, maximumRows: number, bytes: Uint8Array, at: number, end: number = bytes.length): number {
    const { recordLength } = this.#places;
    if (recordLength === 0) return 0;
    const room = Math.floor((Math.min(end, bytes.length) - at) / recordLength);
    const count = Math.max(0, Math.min(room, maximumRows));
    if (count === 0) return 0;
    this.#prepare(bytes, at, count);
    const output = bufferView(bytes);
    const from = bytes.byteOffset + at;
    if (this.#encodeRows(output, from, row, count) === MOVED) {
      if (this.#bind()) this.#encodeRows(output, from, row, count);
      else this.#encodePortably(output, from, row, count);
    }
    return count;
  }

  /** To the buffers that the columns have now; false where that cannot be. */
  #bind(): boolean {
    const views = this.#columns;
    const aligned = views.refresh();
    if (!aligned || this.#encodeFrom === undefined) return false;
    this.#encodeRows = this.#encodeFrom(views.words, views.views, this.#kernels, views.columns);
    return true;
  }

  /** Field by field, each through all the rows. */
  #encodePortably(output: DataView, at: number, row: number, count: number): void {
    const { offsets, lengths, recordLength } = this.#places;
    this.#steps.forEach(({ width }, i) => {
      const view = this.#columns.views[i]!;
      this.#kernels[i]!(view, row * width, output, at + offsets[i]!, recordLength, count, lengths[i]!, width);
    });
  }

  #prepare(bytes: Uint8Array, at: number, count: number): void {
    const { lengthOctets, recordLength, complete } = this.#places;
    const behind = at + count * recordLength;
    if (!complete) bytes.fill(0, at, behind);
    for (const { offset, octet } of lengthOctets) {
      for (let p = at + offset; p < behind; p += recordLength) bytes[p] = octet;
    }
  }
}

/** As compileColumnsEncoder, without code generation. */
export function portableEncoder(
  template: Template,
  bindings: readonly Binding[],
  registry: ElementRegistry = elements,
): ColumnsEncoder {
  const steps = stepsOf(template, bindings, registry);
  return new Encoder(template.id, steps, viewsOf(bindings), placesOf(template, steps), false);
}

/**
 * Compiles a Template for writing rows of the columns bound to its fields, the counterpart of compileDecoder. Fields without a column
 * are zeros, or of no octets where they may vary; an integer too large for its field becomes the largest that fits, a value that its field
 * cannot take (canBind) zeros. Throws WeirError where a binding names a field that the Template has not.
 */
export function compileColumnsEncoder(
  template: Template,
  bindings: readonly Binding[],
  registry: ElementRegistry = elements,
): ColumnsEncoder {
  const steps = stepsOf(template, bindings, registry);
  const places = placesOf(template, steps);
  return new Encoder(template.id, steps, viewsOf(bindings), places, steps.length <= MAXIMUM_FIELDS);
}
