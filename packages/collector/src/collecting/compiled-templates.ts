import { compileDecoder, type DataSet, elements, type RecordDecoder, type Template } from '@weir/ipfix';
import type { FlowBatch } from '../flow/batch.js';
import { OtherFields } from '../flow/bindings.js';
import { lacksDirection } from './biflow.js';
import { type ComparedFields, comparedFields } from './meaning/duplicates.js';
import { SampledRecords } from './meaning/sampled-records.js';
import { RelativeColumns, type TimedBindings, timedBindings } from './relative-times.js';

/** How the records of a Template come into the batch. */
export interface CompiledTemplate {
  /** Its records are dropped. */
  readonly lacksDirection: boolean;
  readonly decoder: RecordDecoder;
  readonly bound: TimedBindings;
  /** Of what has no column. */
  others: OtherFields | undefined;
  /** Of the elements that were known then. */
  revision: number;
  readonly sampled: SampledRecords;
  readonly compared: ComparedFields | undefined;
}

/** Compiles each Template once for a batch. */
export class CompiledTemplates {
  readonly #batch: FlowBatch;
  readonly #relative: RelativeColumns;
  readonly #compiled = new WeakMap<Template, CompiledTemplate>();
  /** Of Templates whose exporter tells when its sysUpTime was 0. */
  readonly #compiledWithClock = new WeakMap<Template, CompiledTemplate>();

  constructor(batch: FlowBatch) {
    this.#batch = batch;
    this.#relative = new RelativeColumns(batch.capacity);
  }

  /** @param hasClock the Message or the exporter's options tell when sysUpTime was 0 */
  of({ template, context }: DataSet, hasClock: boolean): CompiledTemplate {
    const cache = hasClock ? this.#compiledWithClock : this.#compiled;
    const registry = context?.registry ?? elements;
    const known = cache.get(template);
    if (known !== undefined) {
      if (known.others !== undefined && known.revision !== registry.revision) {
        // The exporter may have told of an element that has been kept by its number until now.
        known.others = new OtherFields(template, known.bound.unbound, registry);
        known.revision = registry.revision;
      }
      return known;
    }
    const bound = timedBindings(template, this.#batch, this.#relative, hasClock);
    const compiled = {
      bound,
      decoder: compileDecoder(template, bound.bindings),
      others: bound.unbound.length > 0 ? new OtherFields(template, bound.unbound, registry) : undefined,
      revision: registry.revision,
      sampled: new SampledRecords(template, bound.present),
      compared: comparedFields(bound.present),
      lacksDirection: lacksDirection(template),
    };
    cache.set(template, compiled);
    return compiled;
  }
}
