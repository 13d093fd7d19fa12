import { type Expression, type OctetRange, octetRange, parseFilter, parseNetwork } from '@weir/flow';
import { WeirError } from '../error.js';
import type { FlowRecord } from '../metering/flow-record.js';
import { type Anonymisation, Anonymiser } from './anonymiser.js';
import { FlowSampler } from './flow-sampler.js';
import { all, type KeyTest, keyTest } from './key-test.js';
import { type FilterContext, type RecordPredicate, recordFilter } from './record-filter.js';

/** What a probe is told to select, as plain data. */
export interface SelectionOptions {
  /** In the filter language. */
  readonly filter?: string | undefined;
  /** One of so many Flows; 1 is all. */
  readonly sample: number;
  readonly anonymisation?: Anonymisation | undefined;
  /** Prefixes whose addresses are anonymised; none means all. */
  readonly anonymisedNetworks: readonly string[];
}

/** Flow Records since the start; of Flows that the kernel's filter kept back there are none. */
export interface SelectionCounters {
  observed: number;
  filteredOut: number;
  sampledOut: number;
  selected: number;
  anonymised: number;
}

/** Which Flow Records are exported, and what of them. */
export class Selection {
  readonly counters: SelectionCounters = { observed: 0, filteredOut: 0, sampledOut: 0, selected: 0, anonymised: 0 };
  readonly sampler: FlowSampler | undefined;
  readonly technique: Anonymisation['technique'] | undefined;
  /** What the filter says of Flow Keys: for the kernel, and for Observations. */
  readonly key: KeyTest;
  readonly #fits: RecordPredicate | undefined;
  readonly #anonymiser: Anonymiser | undefined;

  /** @throws WeirError where the filter or a network means nothing here */
  constructor(options: SelectionOptions, context: FilterContext) {
    const expression = filterExpression(options.filter);
    this.key = expression === undefined ? all([]) : keyTest(expression);
    this.#fits = expression && recordFilter(expression, context);
    this.sampler = options.sample > 1 ? new FlowSampler(options.sample) : undefined;
    const { anonymisation } = options;
    this.technique = anonymisation?.technique;
    this.#anonymiser = anonymisation && new Anonymiser(anonymisation, networks(options.anonymisedNetworks));
  }

  /** Everything is exported, as it is. */
  get isAll(): boolean {
    return this.#fits === undefined && this.sampler === undefined && this.#anonymiser === undefined;
  }

  /** Whether the record is to be exported. It is judged as it is, before `anonymise`. */
  accepts(record: FlowRecord): boolean {
    const counters = this.counters;
    counters.observed++;
    if (this.#fits !== undefined && !this.#fits(record)) {
      counters.filteredOut++;
      return false;
    }
    if (this.sampler !== undefined && !this.sampler.accepts(record)) {
      counters.sampledOut++;
      return false;
    }
    counters.selected++;
    return true;
  }

  /** Changes the record in place, where that is wanted; once, and after everything that needs its real addresses. */
  anonymise(record: FlowRecord): void {
    if (this.#anonymiser === undefined) return;
    this.#anonymiser.apply(record);
    this.counters.anonymised++;
  }
}

function filterExpression(filter: string | undefined): Expression | undefined {
  return filter === undefined || filter.trim() === '' ? undefined : parseFilter(filter);
}

function networks(texts: readonly string[]): OctetRange[] {
  return texts.flatMap(text => {
    const ranges = parseNetwork(text);
    if (ranges !== undefined) return ranges.map(octetRange);
    throw new WeirError(
      `anonymise-networks: "${text}" is no network: write prefixes such as 192.0.2.0/24 or 2001:db8::/32`,
    );
  });
}
