import { fieldsOf, type Template, VARIABLE_LENGTH } from '@weir/ipfix';
import { type FlowRecord, NAT_SOURCE } from '../metering/flow-record.js';
import type { FieldSelection } from './field-selection.js';
import { fieldReader } from './flow-field-readers.js';
import type { FlowField } from './flow-fields.js';
import { kindOf, setKind } from './flow-kinds.js';
import { FIRST_FLOW_TEMPLATE_ID } from './template-ids.js';

/** A Template together with how to write its Data Records. */
export interface FlowTemplate {
  readonly template: Template;
  /** Octets of this Flow Record's Data Record. */
  octetsOf(record: FlowRecord): number;
  write(record: FlowRecord, bytes: Uint8Array, at: number): void;
  /** The inverse of write: fills the whole Flow Record. What the Data Record does not tell is not known. */
  read(record: FlowRecord, bytes: Uint8Array, at: number): void;
}

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
  #lastKind = -1;
  #last: FlowTemplate | undefined;

  constructor(selection: FieldSelection) {
    this.#fields = selection.fields;
    this.#mask = selection.fields.reduce((mask, field) => mask | field.needs | field.lacks, 0);
  }

  kindOf(record: FlowRecord): number {
    return kindOf(record) & this.#mask;
  }

  /** The Template of a kind, compiled at its first sight. Bits that make no difference to these fields are passed over. */
  templateOf(kind: number): FlowTemplate {
    const own = kind & this.#mask;
    if (own === this.#lastKind && this.#last !== undefined) return this.#last;
    const template = this.#byKind.get(own) ?? this.#compile(own);
    this.#lastKind = own;
    this.#last = template;
    return template;
  }

  #compile(kind: number): FlowTemplate {
    const fields = this.#fields.filter(({ needs, lacks }) => (kind & needs) === needs && (kind & lacks) === 0);
    const compiled = compile(FIRST_FLOW_TEMPLATE_ID + this.all.length, kind, fields);
    this.all.push(compiled);
    this.#byKind.set(kind, compiled);
    return compiled;
  }
}

function compile(id: number, kind: number, fields: readonly FlowField[]): FlowTemplate {
  const specifiers = fieldsOf(fields.map(({ name, length }) => (length === undefined ? name : [name, length])));
  const writers = fields.map(field => field.write);
  const readers = fields.map(field => fieldReader(field.name));
  const sizes = specifiers.map(({ length }) => (length === VARIABLE_LENGTH ? 0 : length));
  const fixed = sizes.reduce((sum, octets) => sum + octets, 0);
  const variable = fields.find(field => field.octets !== undefined)?.octets;
  return {
    template: { id, scopeFieldCount: 0, fields: specifiers },
    octetsOf: variable === undefined ? () => fixed : record => fixed + variable(record),
    write(record, bytes, at) {
      let next = at;
      for (let i = 0; i < writers.length; i++) {
        writers[i](record, bytes, next);
        next += sizes[i];
      }
    },
    read(record, bytes, at) {
      setKind(record, kind);
      let next = at;
      for (let i = 0; i < readers.length; i++) {
        readers[i](record, bytes, next);
        next += sizes[i];
      }
      if (!record.translated) copyEnds(record);
    },
  };
}

/** After translation the ends of what is not translated are what they were before. */
function copyEnds(record: FlowRecord): void {
  record.addresses.copyWithin(NAT_SOURCE, 0, NAT_SOURCE);
  record.natSourcePort = record.sourcePort;
  record.natDestinationPort = record.destinationPort;
}
