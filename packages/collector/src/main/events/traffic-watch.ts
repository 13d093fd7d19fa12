import { Detectors } from '../../analysis/detect/detectors.js';
import type { Finding } from '../../analysis/events/finding.js';
import type { CollectorSettings } from '../../config/config.js';
import type { Store } from '../../store/client.js';
import { intervalSums } from '../../store/events/sums.js';
import { firstBatchAt } from '../../store/rollup/next-step.js';

/** Milliseconds of records that a look takes at most: with very many records looks are few, and must not be long. */
const MOST = 10_000;

/** What a look has found. */
export interface Looked {
  readonly findings: Finding[];
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Looks at the records that have come since the look before. */
export class TrafficWatch {
  readonly #store: Store;
  readonly #settings: Pick<CollectorSettings, 'detectIgnore' | 'thresholds'>;
  readonly #detectors: Detectors;
  #seen: bigint;

  constructor(store: Store, settings: Pick<CollectorSettings, 'detectIgnore' | 'thresholds'>) {
    this.#store = store;
    this.#settings = settings;
    this.#detectors = new Detectors(settings.thresholds);
    this.#seen = firstBatchAt(Date.now());
  }

  async look(): Promise<Looked> {
    const now = Date.now();
    const to = this.#store.settled;
    const earliest = firstBatchAt(now - MOST);
    const from = this.#seen > earliest ? this.#seen : earliest;
    if (to <= from) return { findings: [], at: now };
    const { thresholds, detectIgnore: ignored } = this.#settings;
    const interval = await intervalSums(this.#store, { from, to, thresholds, ignored });
    this.#seen = to;
    return { findings: this.#detectors.take(interval), at: interval.end };
  }
}
