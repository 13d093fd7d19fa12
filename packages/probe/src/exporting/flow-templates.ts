import { fieldsOf, type Template, VARIABLE_LENGTH } from '@weir/ipfix';
import { type FlowRecord, NAT_SOURCE } from '../metering/flow-record.js';
import type { FieldSelection } from './field-selection.js';
import { type FieldReader, fieldReader } from './flow-field-readers.js';
import type { FlowField } from './flow-fields.js';
import { setKind } from './flow-kinds.js';
import { fillImage, image } from './record-image.js';
import { FIRST_FLOW_TEMPLATE_ID } from './template-ids.js';

const NEAR = 16;

/**
 * The Templates of Flow Records, one for each kind that has occurred; the same kind has the same id for as long as this lives, so
 * that one instance serves all Transport Sessions of a selection of fields.
 */
export class FlowTemplates {
  /** In the order of their ids. */
  readonly all: FlowTemplate[] = [];
  readonly #fields: readonly FlowField[];
  /** Bits of a kind that make a difference to these fields. */
  readonly #mask: number;
  readonly #byKind = new Map<number, FlowTemplate>();
  /** Those of late, by some bits of their kind: a Map takes an interpreter longer. */
  readonly #near = Array.from({ length: NEAR }, (): FlowTemplate | undefined => undefined);

  constructor(selection: FieldSelection) {
    this.#fields = selection.fields;
    this.#mask = selection.fields.reduce((mask, field) => mask | field.needs | field.lacks, 0);
  }

  /** The Template of a Flow Record. The image is filled of it, so that the Template's `put` writes its Data Record. */
  take(record: FlowRecord): FlowTemplate {
    return this.templateOf(fillImage(record, this.#mask));
  }

  /** The Template of a kind, compiled at its first sight. Bits that make no difference to these fields are passed over. */
  templateOf(kind: number): FlowTemplate {
    const own = kind & this.#mask;
    const near = (own ^ (own >>> 7) ^ (own >>> 14)) & (NEAR - 1);
    const last = this.#near[near];
    if (last !== undefined && last.kind === own) return last;
    const template = this.#byKind.get(own) ?? this.#compile(own);
    this.#near[near] = template;
    return template;
  }

  #compile(kind: number): FlowTemplate {
    const fields = this.#fields.filter(({ needs, lacks }) => (kind & needs) === needs && (kind & lacks) === 0);
    const compiled = new FlowTemplate(FIRST_FLOW_TEMPLATE_ID + this.all.length, kind, fields);
    this.all.push(compiled);
    this.#byKind.set(kind, compiled);
    return compiled;
  }
}

/** After translation the ends of what is not translated are what they were before. */
function copyEnds(record: FlowRecord): void {
  record.addresses.copyWithin(NAT_SOURCE, 0, NAT_SOURCE);
  record.natSourcePort = record.sourcePort;
  record.natDestinationPort = record.destinationPort;
}

/** A Template together with how to write its Data Records, and to read them. */
export class FlowTemplate {
  readonly template: Template;
  /** Runs of the image, and where in a Data Record they go, octets. */
  readonly #runs: Uint8Array[] = [];
  readonly #places: number[] = [];
  readonly #readers: FieldReader[];
  readonly #sizes: number[];
  /** Octets of the fields of fixed length, and where the image has the one of variable length that comes behind them, -1 for none. */
  readonly #fixed: number;
  readonly #variable: number;

  constructor(
    readonly id: number,
    readonly kind: number,
    fields: readonly FlowField[],
  ) {
    const specifiers = fieldsOf(fields.map(({ name, length }) => (length === undefined ? name : [name, length])));
    this.template = { id, scopeFieldCount: 0, fields: specifiers };
    this.#readers = fields.map(field => fieldReader(field.name));
    this.#sizes = specifiers.map(({ length }) => (length === VARIABLE_LENGTH ? 0 : length));
    this.#variable = fields[this.#sizes.indexOf(0)]?.place ?? -1;
    this.#fixed = this.#plan(fields);
  }

  /** Octets of the Data Record of the Flow Record that the image was filled with last. */
  octets(): number {
    const variable = this.#variable;
    return variable < 0 ? this.#fixed : this.#fixed + 1 + image[variable];
  }

  /** Writes the Data Record of the Flow Record that the image was filled with last. */
  put(bytes: Uint8Array, at: number): void {
    const runs = this.#runs;
    const places = this.#places;
    const count = runs.length;
    for (let i = 0; i < count; i++) bytes.set(runs[i], at + places[i]);
    const from = this.#variable;
    if (from >= 0) bytes.set(image.subarray(from, from + 1 + image[from]), at + this.#fixed);
  }

  /** The inverse of put: fills the whole Flow Record. What the Data Record does not tell is not known. */
  read(record: FlowRecord, bytes: Uint8Array, at: number): void {
    setKind(record, this.kind);
    let next = at;
    for (let i = 0; i < this.#readers.length; i++) {
      this.#readers[i](record, bytes, next);
      next += this.#sizes[i];
    }
    if (!record.translated) copyEnds(record);
  }

  /** What lies one behind the other in the image, too, is one run. @returns the octets of all */
  #plan(fields: readonly FlowField[]): number {
    let octets = 0;
    for (let i = 0; i < fields.length; ) {
      const { place } = fields[i];
      let end = place;
      for (; i < fields.length && fields[i].place === end; i++) end += this.#sizes[i];
      if (end === place) break;
      this.#runs.push(image.subarray(place, end));
      this.#places.push(octets);
      octets += end - place;
    }
    return octets;
  }
}
