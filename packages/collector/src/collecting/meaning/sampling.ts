import type { DecodedRecord } from '@weir/ipfix';

/** What a sampling interval is told of, where it is not the whole Observation Domain. */
type Kind = 'selector' | 'template' | 'interface';
/** Observation Domain, what of it, which of these ('' for the domain), and the interval. */
export type SavedSampling = readonly [domain: number, kind: Kind | 'domain', id: string, interval: number];

/** Anyone may tell of Selectors that there are not: more than these are not kept of one Transport Session. */
const MAXIMUM_INTERVALS = 1024;
const LARGEST_INTERVAL = 2 ** 32 - 1;

/** Information Elements of a Data Record by which its sampling is known, beside samplingInterval, which has a column. */
export const samplingElements: ReadonlySet<string> = new Set([
  'selectorId',
  'samplerId',
  'samplerRandomInterval',
  'samplingPacketInterval',
  'samplingPacketSpace',
  'samplingProbability',
  'samplingSize',
  'samplingPopulation',
  'samplingTimeInterval',
  'samplingTimeSpace',
  'samplingFlowInterval',
  'samplingFlowSpacing',
  'flowSamplingTimeInterval',
  'flowSamplingTimeSpacing',
]);

/**
 * One packet of how many a record says to be metered, or one Flow of how many to be exported; undefined where it says nothing of it.
 * RFC 5477 section 8.2, RFC 7014 section 6; the elements of NetFlow v9 (samplingInterval, samplerRandomInterval) are deprecated, and the
 * most used. Fractions are rounded.
 */
export function intervalOf(record: Readonly<Record<string, unknown>>): number | undefined {
  const interval = positive(record.samplingPacketInterval);
  const probability = positive(record.samplingProbability);
  const told =
    positive(record.samplingInterval) ??
    positive(record.samplerRandomInterval) ??
    alternating(record.samplingPacketInterval, record.samplingPacketSpace) ??
    // Exporters that leave the space out mean one of so many.
    interval ??
    ratio(record.samplingPopulation, record.samplingSize) ??
    (probability !== undefined ? 1 / probability : undefined) ??
    alternating(record.samplingTimeInterval, record.samplingTimeSpace) ??
    alternating(record.samplingFlowInterval, record.samplingFlowSpacing) ??
    alternating(record.flowSamplingTimeInterval, record.flowSamplingTimeSpacing) ??
    ofHash(record);
  return told === undefined ? undefined : Math.min(Math.max(1, Math.round(told)), LARGEST_INTERVAL);
}

/** So much is selected, then so much is not (systematic sampling). */
function alternating(selected: unknown, left: unknown): number | undefined {
  const [interval, space] = [positive(selected), positive(left)];
  return interval !== undefined && space !== undefined ? (interval + space) / interval : undefined;
}

function ratio(of: unknown, selected: unknown): number | undefined {
  const [all, some] = [positive(of), positive(selected)];
  return all !== undefined && some !== undefined ? all / some : undefined;
}

/** Hash values are alike often: their range is to the selected one (RFC 5475 section 6.2.2) as all Flows or packets are to the selected. */
function ofHash(record: Readonly<Record<string, unknown>>): number | undefined {
  const values = extent(record.hashOutputRangeMin, record.hashOutputRangeMax);
  return ratio(values, extent(record.hashSelectedRangeMin, record.hashSelectedRangeMax));
}

function extent(from: unknown, to: unknown): number | undefined {
  const [first, last] = [finite(from), finite(to)];
  return first !== undefined && last !== undefined ? last - first + 1 : undefined;
}

/** What the Options Data of one Transport Session tell of sampling. */
export class Sampling {
  readonly #domains = new Map<number, DomainSampling>();
  #size = 0;

  /** Takes note of what an Options Data Record says of sampling, if it does. */
  learn(domain: number, { record, scope = {} }: DecodedRecord): void {
    const interval = intervalOf(record);
    if (interval === undefined) return;
    // Sampler tables of NetFlow v9 have the exporter as their scope and the Selector in the record.
    const selector = scope.selectorId ?? scope.samplerId ?? record.selectorId ?? record.samplerId;
    if (isId(selector)) this.#set(domain, 'selector', String(selector), interval);
    else if (isId(scope.templateId)) this.#set(domain, 'template', String(scope.templateId), interval);
    else if (isId(scope.ingressInterface)) this.#set(domain, 'interface', String(scope.ingressInterface), interval);
    else this.#set(domain, 'domain', '', interval);
  }

  of(domain: number): DomainSampling | undefined {
    return this.#domains.get(domain);
  }

  save(): SavedSampling[] {
    return [...this.#domains].flatMap(([domain, told]) => told.save(domain));
  }

  restore(saved: readonly SavedSampling[]): void {
    for (const [domain, kind, id, interval] of saved) this.#set(domain, kind, id, interval);
  }

  #set(domain: number, kind: SavedSampling[1], id: string, interval: number): void {
    const known = this.#domains.get(domain);
    if (known?.has(kind, id) !== true && this.#size >= MAXIMUM_INTERVALS) return;
    const told = known ?? new DomainSampling();
    if (known === undefined) this.#domains.set(domain, told);
    if (!told.has(kind, id)) this.#size++;
    told.set(kind, id, interval);
  }
}

/** Sampling of one Observation Domain. */
export class DomainSampling {
  readonly #intervals = {
    domain: new Map<string, number>(),
    selector: new Map<string, number>(),
    template: new Map<string, number>(),
    interface: new Map<string, number>(),
  };

  /** Whether interfaces differ. */
  get hasInterfaces(): boolean {
    return this.#intervals.interface.size > 0;
  }

  has(kind: SavedSampling[1], id: string): boolean {
    return this.#intervals[kind].has(id);
  }

  set(kind: SavedSampling[1], id: string, interval: number): void {
    this.#intervals[kind].set(id, interval);
  }

  /** The interval of records of a Template that name no Selector. An only Selector is meant without being named. */
  ofTemplate(templateId: number): number | undefined {
    const { domain, selector, template } = this.#intervals;
    const only = selector.size === 1 ? selector.values().next().value : undefined;
    return template.get(String(templateId)) ?? domain.get('') ?? only;
  }

  ofInterface(number: number): number | undefined {
    return this.#intervals.interface.get(String(number));
  }

  /** Selector 0 of NetFlow v9 is none: the record's packets were not sampled. */
  ofSelector(id: string): number | undefined {
    return this.#intervals.selector.get(id) ?? (id === '0' ? 1 : undefined);
  }

  save(domain: number): SavedSampling[] {
    return Object.entries(this.#intervals).flatMap(([kind, intervals]) =>
      Array.from(intervals, ([id, interval]): SavedSampling => [domain, kind as SavedSampling[1], id, interval]),
    );
  }
}

function positive(value: unknown): number | undefined {
  const number = finite(value);
  return number !== undefined && number > 0 ? number : undefined;
}

function finite(value: unknown): number | undefined {
  const number = typeof value === 'string' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** Identifiers beyond 2^53-1 are text. */
function isId(value: unknown): value is number | string {
  return typeof value === 'number' || typeof value === 'string';
}
