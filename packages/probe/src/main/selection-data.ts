import type { OptionsRecord } from '../exporting/encoder.js';
import type { FlowTemplates } from '../exporting/flow-templates.js';
import type { OptionsSource } from '../exporting/options/scheduler.js';
import { ANONYMISATION_TEMPLATE_ID, SELECTOR_TEMPLATE_ID } from '../exporting/template-ids.js';
import { anonymisationRecords, anonymisationTemplate } from '../selecting/anonymisation-records.js';
import type { Anonymisation } from '../selecting/anonymiser.js';
import { type FlowSampler, samplingTemplate } from '../selecting/flow-sampler.js';
import type { Selection } from '../selecting/selection.js';

/** As long as a Collecting Process that came late has to wait. */
const REPEAT_MILLISECONDS = 60_000;
const COUNTERS_MILLISECONDS = 5000;

/** What collectors are told of the selection: how to scale up, and what of the addresses is not as it was. */
export function selectionData({ sampler, technique }: Selection, templates: FlowTemplates): OptionsSource[] {
  const sources: OptionsSource[] = [];
  if (sampler !== undefined) sources.push(samplerReport(sampler));
  if (technique !== undefined) sources.push(anonymisationReport(technique, templates));
  return sources;
}

function samplerReport(sampler: FlowSampler): OptionsSource {
  const template = samplingTemplate(SELECTOR_TEMPLATE_ID);
  return { interval: COUNTERS_MILLISECONDS, generation: () => 0, records: () => [sampler.options(template)] };
}

function anonymisationReport(technique: Anonymisation['technique'], templates: FlowTemplates): OptionsSource {
  const template = anonymisationTemplate(ANONYMISATION_TEMPLATE_ID);
  const records = (): OptionsRecord[] =>
    templates.all.flatMap(flow => anonymisationRecords(template, flow.template, technique));
  return { interval: REPEAT_MILLISECONDS, generation: () => templates.all.length, records };
}
