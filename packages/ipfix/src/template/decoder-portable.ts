import { VARIABLE_LENGTH } from '../elements/types.js';
import { bufferView } from '../octets/view.js';
import type { ColumnViews, RecordDecoder } from './column.js';
import { clear, type Kernel, kernelFor } from './kernels.js';
import { type FieldLocator, locatorOf } from './locator.js';
import type { Step } from './steps.js';
import { layoutOf, type Template } from './template.js';
import { type WordKernel, wordKernelFor } from './word-kernels.js';

/** The kernel of a step; for values of variable length the one for each value's own length is to be taken. */
function kernelOf({ kind, type, length }: Step): Kernel {
  return kernelFor(kind, type, length) ?? clear;
}

/** All records have the same length: field by field, each through all the records of the Set. */
class FixedDecoder implements RecordDecoder {
  offset = 0;
  readonly #steps: readonly Step[];
  readonly #kernels: readonly Kernel[];
  readonly #wordKernels: readonly (WordKernel | undefined)[];
  readonly #columns: ColumnViews;
  /** Of each step, in the Data Record. */
  readonly #offsets: readonly number[];
  readonly #stride: number;

  constructor(template: Template, steps: readonly Step[], columns: ColumnViews) {
    const { offsets, fixedLength } = layoutOf(template);
    this.#steps = steps;
    this.#kernels = steps.map(kernelOf);
    this.#wordKernels = steps.map(({ kind, type, length }) => wordKernelFor(kind, type, length));
    this.#columns = columns;
    this.#offsets = steps.map(({ field }) => offsets[field]!);
    this.#stride = fixedLength;
  }

  decode(bytes: Uint8Array, start: number, end: number, row: number, maximumRows: number): number {
    const stride = this.#stride;
    const whole = Math.floor((Math.min(end, bytes.length) - start) / stride);
    const count = Math.max(0, Math.min(whole, maximumRows));
    this.offset = start + count * stride;
    if (count === 0) return 0;
    this.#copy(bufferView(bytes), bytes.byteOffset + start, row, count);
    return count;
  }

  #copy(input: DataView, start: number, row: number, count: number): void {
    const aligned = this.#columns.refresh();
    const { views, words } = this.#columns;
    const offsets = this.#offsets;
    const stride = this.#stride;
    for (let i = 0; i < offsets.length; i++) {
      const at = start + offsets[i]!;
      const copy = aligned ? this.#wordKernels[i] : undefined;
      if (copy !== undefined) {
        copy(input, at, stride, words[i]!, row, count);
      } else {
        const { length, width } = this.#steps[i]!;
        this.#kernels[i]!(input, at, stride, views[i]!, row * width, count, length, width);
      }
    }
  }
}

/** Records differ in length: record by record. */
class VariableDecoder implements RecordDecoder {
  offset = 0;
  readonly #steps: readonly Step[];
  readonly #kernels: readonly Kernel[];
  readonly #columns: ColumnViews;
  readonly #locator: FieldLocator;
  readonly #minimumLength: number;

  constructor(template: Template, steps: readonly Step[], columns: ColumnViews) {
    this.#columns = columns;
    this.#steps = steps;
    this.#kernels = steps.map(kernelOf);
    this.#locator = locatorOf(template);
    this.#minimumLength = layoutOf(template).minimumLength;
  }

  decode(bytes: Uint8Array, start: number, end: number, row: number, maximumRows: number): number {
    const limit = Math.min(end, bytes.length);
    const input = bufferView(bytes);
    this.#columns.refresh();
    let at = start;
    let count = 0;
    while (count < maximumRows && limit - at >= this.#minimumLength) {
      const next = this.#locator.locate(bytes, at, limit);
      if (next <= at) break;
      this.#store(input, bytes.byteOffset, row + count);
      at = next;
      count++;
    }
    this.offset = at;
    return count;
  }

  #store(input: DataView, base: number, row: number): void {
    const { positions, lengths } = this.#locator;
    const { views } = this.#columns;
    const steps = this.#steps;
    for (let i = 0; i < steps.length; i++) {
      const { field, kind, type, width, length: declared } = steps[i]!;
      const length = lengths[field]!;
      const kernel = declared === VARIABLE_LENGTH ? (kernelFor(kind, type, length) ?? clear) : this.#kernels[i]!;
      kernel(input, base + positions[field]!, 0, views[i]!, row * width, 1, length, width);
    }
  }
}

/** A decoder without generated code: closures made once a Template. */
export function portableDecoder(template: Template, steps: readonly Step[], columns: ColumnViews): RecordDecoder {
  const fixed = layoutOf(template).fixedLength > 0;
  return fixed ? new FixedDecoder(template, steps, columns) : new VariableDecoder(template, steps, columns);
}
