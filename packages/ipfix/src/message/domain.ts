import { type Layout, layoutOf, sameTemplate, type Template } from '../template/template.js';
import type { Version } from './format.js';
import { SequenceTracker } from './sequence.js';
import type { RecordContext } from './visitor.js';

/** How much a Transport Session may keep for those who send to it. */
export interface SessionLimits {
  readonly domains: number;
  readonly templatesPerDomain: number;
  readonly fieldsPerTemplate: number;
  /** Fields of all Templates of the session together: what bounds its memory. */
  readonly fields: number;
  /** Elements learned by type information (RFC 5610). */
  readonly elements: number;
  /** Depth to which lists (RFC 6313) may be nested. */
  readonly listDepth: number;
  /** Values that decodeRecords makes of one Data Set. */
  readonly valuesPerSet: number;
}

export const DEFAULT_LIMITS: SessionLimits = {
  domains: 256,
  templatesPerDomain: 4096,
  fieldsPerTemplate: 2048,
  fields: 262_144,
  elements: 4096,
  listDepth: 8,
  valuesPerSet: 262_144,
};

/** Fields of all Templates that a session keeps, shared by its Observation Domains. */
export interface FieldBudget {
  used: number;
}

/** A Template, and what is looked up for each of its Data Sets. */
export interface KnownTemplate {
  readonly template: Template;
  readonly layout: Layout;
  /** Export time of the Message that told of it last. */
  told: number;
}

/** Templates and sequence of one Observation Domain in one Transport Session. */
export class ObservationDomain {
  readonly version: Version;
  readonly id: number;
  readonly sequence: SequenceTracker;
  /** Of the SCTP streams but the first. */
  readonly #sequences = new Map<number, SequenceTracker>();
  /** What its Data Sets are told with, made by the session. */
  context?: RecordContext;
  readonly #templates = new Map<number, Template>();
  readonly #known = new Map<number, KnownTemplate>();
  readonly #limits: SessionLimits;
  readonly #budget: FieldBudget;
  #optionsTemplates = 0;

  constructor(version: Version, id: number, limits: SessionLimits, budget: FieldBudget, sequence: SequenceTracker) {
    this.version = version;
    this.id = id;
    this.sequence = sequence;
    this.#limits = limits;
    this.#budget = budget;
  }

  /** Each SCTP stream counts by itself (RFC 7011 section 3.1). */
  sequenceOf(stream: number): SequenceTracker {
    if (stream === 0) return this.sequence;
    let sequence = this.#sequences.get(stream);
    if (sequence === undefined) this.#sequences.set(stream, (sequence = new SequenceTracker()));
    return sequence;
  }

  get templates(): ReadonlyMap<number, Template> {
    return this.#templates;
  }

  /** The Template of a Data Set with that ID. */
  known(setId: number): KnownTemplate | undefined {
    return this.#known.get(setId);
  }

  /** Learns a Template from a Message of that export time; 'same' keeps the object already known. */
  define(template: Template, exportTime: number): 'new' | 'same' | 'changed' | 'refused' {
    const known = this.#known.get(template.id);
    if (known !== undefined && sameTemplate(known.template, template)) {
      known.told = exportTime;
      return 'same';
    }
    // Even where the new one is refused, the old definition is wrong from here on: it would misread the records to come.
    this.withdraw(template.id);
    if (!this.#admits(template)) return 'refused';
    this.#templates.set(template.id, template);
    this.#known.set(template.id, { template, layout: layoutOf(template), told: exportTime });
    this.#count(template, 1);
    return known === undefined ? 'new' : 'changed';
  }

  /** Forgets a Template; false where it was not known. */
  withdraw(id: number): boolean {
    const known = this.#templates.get(id);
    if (known === undefined) return false;
    this.#count(known, -1);
    this.#known.delete(id);
    return this.#templates.delete(id);
  }

  /** Forgets all Templates, or all Options Templates; their IDs. */
  withdrawAll(options: boolean): number[] {
    const total = options ? this.#optionsTemplates : this.#templates.size - this.#optionsTemplates;
    // Cheap where there is nothing to do: a Message has room for 16,000 such demands.
    if (total === 0) return [];
    const ids = [...this.#templates.values()].filter(each => each.scopeFieldCount > 0 === options).map(each => each.id);
    for (const id of ids) this.withdraw(id);
    return ids;
  }

  /** Forgets the Templates last told before that export time; their IDs. */
  expire(exportTime: number): number[] {
    const ids = [...this.#known.values()].filter(({ told }) => told < exportTime).map(({ template }) => template.id);
    for (const id of ids) this.withdraw(id);
    return ids;
  }

  #admits(template: Template): boolean {
    const fields = template.fields.length;
    const { templatesPerDomain, fieldsPerTemplate, fields: maximum } = this.#limits;
    return (
      fields <= fieldsPerTemplate && this.#templates.size < templatesPerDomain && this.#budget.used + fields <= maximum
    );
  }

  #count(template: Template, sign: 1 | -1): void {
    this.#budget.used += sign * template.fields.length;
    if (template.scopeFieldCount > 0) this.#optionsTemplates += sign;
  }
}
