import { elements, fieldsOf, type Template, typeInformationOf, typeInformationTemplate, WEIR_PEN } from '@weir/ipfix';
import type { OptionsRecord } from '../encoder.js';
import {
  OBSERVATION_DOMAIN_TEMPLATE_ID,
  PACKET_SAMPLING_TEMPLATE_ID,
  TYPE_INFORMATION_TEMPLATE_ID,
} from '../template-ids.js';
import type { OptionsSource } from './scheduler.js';

const TYPE_INFORMATION = typeInformationTemplate(TYPE_INFORMATION_TEMPLATE_ID);
const OBSERVATION_DOMAIN: Template = {
  id: OBSERVATION_DOMAIN_TEMPLATE_ID,
  scopeFieldCount: 1,
  fields: fieldsOf(['observationDomainId', 'observationDomainName']),
};
const PACKET_SAMPLING: Template = {
  id: PACKET_SAMPLING_TEMPLATE_ID,
  scopeFieldCount: 1,
  fields: fieldsOf(['observationDomainId', 'selectorAlgorithm', 'samplingPacketInterval', 'samplingPacketSpace']),
};
/** Systematic count-based Sampling (RFC 5477 section 8.2.1). */
const COUNT_BASED = 1;

/** Options Data that stay as they are for as long as the probe runs. */
export class Unchanging implements OptionsSource {
  readonly #records: readonly OptionsRecord[];

  constructor(
    records: readonly OptionsRecord[],
    readonly interval: number,
  ) {
    this.#records = records;
  }

  generation(): number {
    return 0;
  }

  records(): readonly OptionsRecord[] {
    return this.#records;
  }
}

/** What our private elements among these are (RFC 5610), for collectors that do not know them. */
export function typeInformation(names: readonly string[]): OptionsRecord[] {
  const own = names.map(name => elements.byName(name)).filter(element => element?.enterprise === WEIR_PEN);
  return own.map(element => ({ template: TYPE_INFORMATION, values: typeInformationOf(element!) }));
}

/** The name of an Observation Domain: that of its network namespace. */
export function observationDomainName(domain: number, name: string): OptionsRecord {
  return { template: OBSERVATION_DOMAIN, values: { observationDomainId: domain, observationDomainName: name } };
}

/** Connection tracking counts every packet: intervals of one packet that is taken, and none that is left out between them. */
export function noPacketSampling(domain: number): OptionsRecord {
  const values = { selectorAlgorithm: COUNT_BASED, samplingPacketInterval: 1, samplingPacketSpace: 0 };
  return { template: PACKET_SAMPLING, values: { observationDomainId: domain, ...values } };
}
