import { fieldsOf, type Template, VARIABLE_LENGTH } from '@weir/ipfix';
import { statusOf } from '../metering/flow-offload.js';
import { FlowRecord } from '../metering/flow-record.js';
import { OFFLOAD } from '../metering/record-layout.js';
import type { FieldSelection } from './field-selection.js';
import type { FlowField } from './flow-fields.js';
import { FIRST_FLOW_TEMPLATE_ID } from './template-ids.js';

const NEAR = 16;
/** Of a record that nothing is known of. */
const BLANK = new FlowRecord().octets;

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

/** A Template together with how to write its Data Records, and to read them. */
export class FlowTemplate {
  readonly template: Template;
  /** Octets of the fields of fixed length: all of a Data Record's, but for one of variable length behind them. */
  readonly fixedOctets: number;
  /** Where a Flow Record has the value of variable length, -1 for none. */
  readonly variable: number;
  /** Runs of a Flow Record: where they begin there, their octets, and where in a Data Record they go. */
  readonly #froms: number[] = [];
  readonly #lengths: number[] = [];
  readonly #places: number[] = [];
  /** The record that was written last, and its runs. */
  #record: FlowRecord | undefined;
  #runs: Uint8Array[] = [];
  /** What flowOffload tells of the status has to do, where the status is not told. */
  readonly #tellsStatus: boolean;

  constructor(
    readonly id: number,
    readonly kind: number,
    fields: readonly FlowField[],
  ) {
    const specifiers = fieldsOf(fields.map(({ name, length }) => (length === undefined ? name : [name, length])));
    const sizes = specifiers.map(({ length }) => (length === VARIABLE_LENGTH ? 0 : length));
    this.template = { id, scopeFieldCount: 0, fields: specifiers };
    this.variable = fields[sizes.indexOf(0)]?.place ?? -1;
    this.fixedOctets = this.#plan(fields, sizes);
    this.#tellsStatus = fields.some(({ name }) => name === 'conntrackStatus');
  }

  /** Octets of the Flow Record's Data Record. */
  octetsOf(record: FlowRecord): number {
    const variable = this.variable;
    return variable < 0 ? this.fixedOctets : this.fixedOctets + 1 + record.octets[variable];
  }

  /** Writes the Data Record. */
  put(record: FlowRecord, bytes: Uint8Array, at: number): void {
    if (record !== this.#record) this.#bind(record);
    const runs = this.#runs;
    const places = this.#places;
    const count = runs.length;
    for (let i = 0; i < count; i++) bytes.set(runs[i], at + places[i]);
    if (this.variable >= 0) this.#putVariable(record, bytes, at + this.fixedOctets);
  }

  /** The inverse of put: fills the whole Flow Record. What the Data Record does not tell is not known. */
  read(record: FlowRecord, bytes: Uint8Array, at: number): void {
    const { octets } = record;
    octets.set(BLANK);
    this.#froms.forEach((from, i) => {
      const start = at + this.#places[i];
      octets.set(bytes.subarray(start, start + this.#lengths[i]), from);
    });
    const last = at + this.fixedOctets;
    if (this.variable >= 0) octets.set(bytes.subarray(last, last + 1 + bytes[last]), this.variable);
    record.kind = this.kind;
    if (!this.#tellsStatus) record.status = statusOf(octets[4 * OFFLOAD]);
  }

  #putVariable({ octets }: FlowRecord, bytes: Uint8Array, at: number): void {
    const from = this.variable;
    bytes.set(octets.subarray(from, from + 1 + octets[from]), at);
  }

  #bind(record: FlowRecord): void {
    this.#record = record;
    this.#runs = this.#froms.map((from, i) => record.octets.subarray(from, from + this.#lengths[i]));
  }

  /** What lies one behind the other in the Flow Record, too, is one run. @returns the octets of all */
  #plan(fields: readonly FlowField[], sizes: readonly number[]): number {
    let octets = 0;
    for (let i = 0; i < fields.length; ) {
      const { place } = fields[i];
      let end = place;
      for (; i < fields.length && fields[i].place === end; i++) end += sizes[i];
      if (end === place) break;
      this.#froms.push(place);
      this.#lengths.push(end - place);
      this.#places.push(octets);
      octets += end - place;
    }
    return octets;
  }
}
