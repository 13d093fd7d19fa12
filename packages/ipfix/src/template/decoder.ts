import { type ElementRegistry, elements } from '../elements/registry.js';
import { type DataType, VARIABLE_LENGTH } from '../elements/types.js';
import { WeirError } from '../error.js';
import { COLUMN_WIDTH, type ColumnKind, clear, type Kernel, kernelFor, kindTakes } from './kernels.js';
import { type FieldLocator, locatorOf } from './locator.js';
import { type FieldSpecifier, layoutOf, type Template } from './template.js';

/**
 * A column of a batch: row n lies at n times the kind's width, the layout of ClickHouse's Native format. `data` is read anew at
 * each decode, so that a column may be given another buffer between two of them.
 */
export interface Column {
  readonly kind: ColumnKind;
  readonly data: Uint8Array;
}

/** Which column a field of the Template goes to. `field` is an index into template.fields. */
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

/** Whether a column of that kind can take that field; where it cannot, decoding would give zeros. */
export function canBind(field: FieldSpecifier, kind: ColumnKind, registry: ElementRegistry = elements): boolean {
  const type = registry.byId(field.enterprise, field.id)?.type;
  if (type === undefined) return false;
  return field.length === VARIABLE_LENGTH ? kindTakes(kind, type) : kernelFor(kind, type, field.length) !== undefined;
}

/** One bound field, ready to run. */
class Step {
  readonly field: number;
  readonly kind: ColumnKind;
  readonly type: DataType;
  readonly length: number;
  readonly width: number;
  readonly kernel: Kernel;
  readonly #column: Column;
  #data: Uint8Array;
  #view: DataView;

  constructor(template: Template, binding: Binding, registry: ElementRegistry) {
    const field = template.fields[binding.field];
    if (field === undefined) {
      throw new WeirError(
        `Template ${template.id} has no field ${binding.field}; bind one of its ${template.fields.length}`,
      );
    }
    this.field = binding.field;
    this.kind = binding.column.kind;
    this.type = registry.byId(field.enterprise, field.id)?.type ?? 'octetArray';
    this.length = field.length;
    this.width = COLUMN_WIDTH[this.kind];
    this.kernel = kernelFor(this.kind, this.type, field.length) ?? clear;
    this.#column = binding.column;
    this.#data = binding.column.data;
    this.#view = viewOf(this.#data);
  }

  get output(): DataView {
    if (this.#column.data !== this.#data) {
      this.#data = this.#column.data;
      this.#view = viewOf(this.#data);
    }
    return this.#view;
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** All records have the same length: field by field, each through all the records of the Set. */
class FixedDecoder implements RecordDecoder {
  offset = 0;
  readonly #steps: readonly Step[];
  readonly #offsets: readonly number[];
  readonly #stride: number;

  constructor(template: Template, steps: readonly Step[]) {
    const { offsets, fixedLength } = layoutOf(template);
    this.#steps = steps;
    this.#offsets = offsets;
    this.#stride = fixedLength;
  }

  decode(bytes: Uint8Array, start: number, end: number, row: number, maximumRows: number): number {
    const stride = this.#stride;
    const whole = Math.floor((Math.min(end, bytes.length) - start) / stride);
    const count = Math.max(0, Math.min(whole, maximumRows));
    const input = viewOf(bytes);
    for (const step of this.#steps) {
      const at = start + this.#offsets[step.field]!;
      step.kernel(input, at, stride, step.output, row * step.width, count, step.length, step.width);
    }
    this.offset = start + count * stride;
    return count;
  }
}

/** Records differ in length: record by record. */
class VariableDecoder implements RecordDecoder {
  offset = 0;
  readonly #steps: readonly Step[];
  readonly #locator: FieldLocator;
  readonly #minimumLength: number;

  constructor(template: Template, steps: readonly Step[]) {
    this.#steps = steps;
    this.#locator = locatorOf(template);
    this.#minimumLength = layoutOf(template).minimumLength;
  }

  decode(bytes: Uint8Array, start: number, end: number, row: number, maximumRows: number): number {
    const limit = Math.min(end, bytes.length);
    const input = viewOf(bytes);
    let at = start;
    let count = 0;
    while (count < maximumRows && limit - at >= this.#minimumLength) {
      const next = this.#locator.locate(bytes, at, limit);
      if (next <= at) break;
      this.#store(input, row + count);
      at = next;
      count++;
    }
    this.offset = at;
    return count;
  }

  #store(input: DataView, row: number): void {
    const { positions, lengths } = this.#locator;
    for (const step of this.#steps) {
      const length = lengths[step.field]!;
      const varies = step.length === VARIABLE_LENGTH;
      const kernel = varies ? (kernelFor(step.kind, step.type, length) ?? clear) : step.kernel;
      kernel(input, positions[step.field]!, 0, step.output, row * step.width, 1, length, step.width);
    }
  }
}

/**
 * Compiles a Template for the columns bound to its fields; reduced-size encoding (RFC 7011 section 6.2) and fields of variable
 * length included. A value that its column cannot take (canBind) gives zeros, an integer too large for it the largest.
 * Throws WeirError where a binding names a field that the Template has not.
 */
export function compileDecoder(
  template: Template,
  bindings: readonly Binding[],
  registry: ElementRegistry = elements,
): RecordDecoder {
  const steps = bindings.map(binding => new Step(template, binding, registry));
  const fixed = layoutOf(template).fixedLength > 0;
  return fixed ? new FixedDecoder(template, steps) : new VariableDecoder(template, steps);
}
