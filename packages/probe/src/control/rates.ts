import type { ProbeConfig } from '../config/schema.js';
import type { NamespaceStatus } from '../main/probe.js';

const KEPT_MILLISECONDS = 300_000;

/** What the probe has counted in all its namespaces at one moment. */
export interface Sample {
  /** Monotonic, milliseconds. */
  readonly at: number;
  /** What the counts depend on: where it changes, they are counted anew. */
  readonly era: string;
  /** Of connections that go on, and of those that have ended. */
  readonly interimReports: number;
  readonly ends: number;
  /** To all collectors together where each gets a part, else to one. */
  readonly records: number;
  readonly octets: number;
}

/** By the second. */
export interface Rates {
  readonly seconds: number;
  readonly interimReports: number;
  readonly ends: number;
  readonly records: number;
  readonly octets: number;
}

const COUNTED = ['interimReports', 'ends', 'records', 'octets'] as const;

export function sampleOf(namespaces: readonly NamespaceStatus[], config: ProbeConfig, at: number): Sample {
  const sum = (of: (each: NamespaceStatus) => number) => namespaces.reduce((total, each) => total + of(each), 0);
  const sent = ({ collectors }: NamespaceStatus, key: 'flowRecords' | 'octets') => {
    const each = collectors.map(({ totals }) => totals[key]);
    return config.distribute === 'all' ? Math.max(0, ...each) : each.reduce((total, count) => total + count, 0);
  };
  return {
    at,
    era: JSON.stringify(config),
    interimReports: sum(each => each.statistics?.interimReportTotalCount ?? 0),
    ends: sum(each => each.statistics?.observedFlowTotalCount ?? 0),
    records: sum(each => sent(each, 'flowRecords')),
    octets: sum(each => sent(each, 'octets')),
  };
}

/** Samples of the last minutes, by one configuration. */
export class RateHistory {
  #samples: Sample[] = [];

  add(sample: Sample): void {
    const last = this.#samples.at(-1);
    // Another configuration, or a probe that was started again.
    if (last !== undefined && (last.era !== sample.era || sample.records < last.records)) this.#samples = [];
    this.#samples.push(sample);
    const oldest = sample.at - KEPT_MILLISECONDS;
    while (this.#samples[0].at < oldest) this.#samples.shift();
  }

  /** Undefined until there are two samples. */
  rates(): Rates | undefined {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (first === undefined || last === undefined || last.at <= first.at) return undefined;
    const seconds = (last.at - first.at) / 1000;
    const [interimReports, ends, records, octets] = COUNTED.map(key => (last[key] - first[key]) / seconds);
    return { seconds, interimReports, ends, records, octets };
  }
}
