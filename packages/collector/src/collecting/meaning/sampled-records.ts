import { fieldOfElement } from '@weir/flow';
import { type DataSet, type ElementReader, elementReader, elements, type Template } from '@weir/ipfix';
import type { FlowBatch } from '../../flow/batch.js';
import { hasBit, type PresentMask } from '../../flow/present.js';
import { type DomainSampling, intervalOf, samplingElements } from './sampling.js';

const { bit } = fieldOfElement('samplingInterval')!;

/** Fills in the sampling interval of one Template's records, where they do not say it under its own name. */
export class SampledRecords {
  readonly #says: boolean;
  readonly #read: ElementReader | undefined;
  readonly #templateId: number;

  /** @param present the mask that every record of the Template has */
  constructor(template: Template, present: PresentMask) {
    this.#templateId = template.id;
    this.#says = hasBit(present, bit);
    const named = template.fields.some(({ enterprise, id }) =>
      samplingElements.has(elements.byId(enterprise, id)?.name ?? ''),
    );
    this.#read = named && !this.#says ? elementReader(template, samplingElements) : undefined;
  }

  /**
   * Of the Data Records in bytes[start, end) of the Set; they are the last rows of the batch, from `row` on. What is not sampled is not
   * marked. A record that has a place for the interval and 0 in it says nothing.
   * @param told what the exporter has said of its Observation Domain
   * @param byHand what holds where the exporter says nothing; 1 where that is not known either
   */
  fill(
    batch: FlowBatch,
    row: number,
    set: DataSet,
    start: number,
    end: number,
    told: DomainSampling | undefined,
    byHand: number,
  ): void {
    if (told === undefined && byHand === 1 && this.#read === undefined) return;
    const common = told?.ofTemplate(this.#templateId) ?? byHand;
    const records = this.#read?.({ ...set, start, end });
    if (records === undefined && common === 1 && told?.hasInterfaces !== true) return;
    const intervals = new Uint32Array(batch.column('samplingInterval').data.buffer);
    const interfaces = told?.hasInterfaces ? new Uint32Array(batch.column('ingressInterface').data.buffer) : undefined;
    for (let at = row; at < batch.rows; at++) {
      if (this.#says && intervals[at] !== 0) continue;
      const record = records?.[at - row];
      const interval =
        (record && ofRecord(record, told)) ?? (interfaces && told!.ofInterface(interfaces[at]!)) ?? common;
      if (interval === 1) continue;
      intervals[at] = interval;
      batch.mark(at, bit);
    }
  }
}

function ofRecord(record: Record<string, unknown>, told: DomainSampling | undefined): number | undefined {
  const selector = record.selectorId ?? record.samplerId;
  return intervalOf(record) ?? (selector === undefined ? undefined : told?.ofSelector(String(selector)));
}
