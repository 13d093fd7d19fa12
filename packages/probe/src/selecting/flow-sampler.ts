import { fieldsOf, type Template } from '@weir/ipfix';
import type { OptionsRecord } from '../exporting/encoder.js';
import { DESTINATION, type FlowRecord, SOURCE } from '../metering/flow-record.js';
import { ACTIVE_TIMEOUT } from '../metering/observation.js';
import { bobHash } from './bob-hash.js';

/** Of the registry flowSelectorAlgorithm (IANA, Information Element 390): hash-based filtering using BOB. */
const HASH_BASED_BOB = 6;
const HASH_VALUES = 2 ** 32;
/** The kernel salts its connection id, so nobody outside can choose Flows that are, or are not, sampled. */
const HASH_INITIALISER = 0;
/** Unique in the Observation Domain. */
const SELECTOR_ID = 1;
/**
 * Information Elements that are hashed, in this order: addresses of the Flow's family, ports, protocol, flowId. A record with all
 * of both families' says the same of either.
 */
const HASH_DOMAIN = [8, 12, 27, 28, 7, 11, 4, 148];

/** Scope: the Selector. hashFlowDomain comes once for each element of the domain. */
export function samplingTemplate(id: number): Template {
  return {
    id,
    scopeFieldCount: 1,
    fields: fieldsOf([
      'selectorId',
      'flowSelectorAlgorithm',
      'selectorIDTotalFlowsObserved',
      'selectorIDTotalFlowsSelected',
      'hashInitialiserValue',
      ...HASH_DOMAIN.map(() => 'hashFlowDomain'),
      'hashSelectedRangeMin',
      'hashSelectedRangeMax',
      'hashOutputRangeMin',
      'hashOutputRangeMax',
    ]),
  };
}

/**
 * Sampling of Flows (RFC 7014 section 5.2, hash-based): one of N, chosen by a hash of the Flow Key and the connection's id, so
 * that all records of one Flow share its fate, also across a restart.
 */
export class FlowSampler {
  /** Flows that ended, and those of them that were selected: a Flow counts once, however many interim reports it had. */
  flowsObserved = 0;
  flowsSelected = 0;
  readonly #octets = new Uint8Array(41);
  readonly #highest: number;

  /** @param oneOf N, from 1 to 2^32: one of so many Flows is selected */
  constructor(oneOf: number) {
    this.#highest = Math.floor(HASH_VALUES / oneOf) - 1;
  }

  accepts(record: FlowRecord): boolean {
    const selected = bobHash(this.#octets, this.#gather(record), HASH_INITIALISER) <= this.#highest;
    if (record.flowEndReason !== ACTIVE_TIMEOUT) {
      this.flowsObserved++;
      if (selected) this.flowsSelected++;
    }
    return selected;
  }

  /** What a collector needs to scale up: what was selected stands for observed / selected times as much. */
  options(template: Template): OptionsRecord {
    return {
      template,
      values: {
        selectorId: SELECTOR_ID,
        flowSelectorAlgorithm: HASH_BASED_BOB,
        selectorIDTotalFlowsObserved: this.flowsObserved,
        selectorIDTotalFlowsSelected: this.flowsSelected,
        hashInitialiserValue: HASH_INITIALISER,
        hashFlowDomain: HASH_DOMAIN,
        hashSelectedRangeMin: 0,
        hashSelectedRangeMax: this.#highest,
        hashOutputRangeMin: 0,
        hashOutputRangeMax: HASH_VALUES - 1,
      },
    };
  }

  /** @returns how many octets there are */
  #gather(record: FlowRecord): number {
    const octets = this.#octets;
    const width = record.family === 6 ? 16 : 4;
    const source = record.place(SOURCE);
    const destination = record.place(DESTINATION);
    for (let i = 0; i < width; i++) {
      octets[i] = record.octets[source + i];
      octets[width + i] = record.octets[destination + i];
    }
    const at = 2 * width;
    octets[at] = record.sourcePort >> 8;
    octets[at + 1] = record.sourcePort;
    octets[at + 2] = record.destinationPort >> 8;
    octets[at + 3] = record.destinationPort;
    octets[at + 4] = record.protocol;
    octets[at + 5] = record.flowId >>> 24;
    octets[at + 6] = record.flowId >>> 16;
    octets[at + 7] = record.flowId >>> 8;
    octets[at + 8] = record.flowId;
    return at + 9;
  }
}
