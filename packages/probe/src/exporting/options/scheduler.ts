import type { Clock } from '../../host/host.js';
import type { OptionsRecord } from '../encoder.js';

/** One kind of Options Data. */
export interface OptionsSource {
  /** Milliseconds after which it is told again, for a Collecting Process that came late. */
  readonly interval: number;
  /** Another number means that it has changed and is told at once. */
  generation(): number;
  records(): readonly OptionsRecord[];
}

/** Options Data Records of one step: a router with thousands of interfaces is not to send them all at once. */
const RECORDS_A_STEP = 32;

interface Planned {
  readonly source: OptionsSource;
  due: number;
  generation: number;
}

/** Says which Options Data are due: at the start, when they have changed, and again and again; paced. */
export class OptionsScheduler {
  readonly #planned: readonly Planned[];
  #waiting: OptionsRecord[] = [];

  constructor(
    private readonly clock: Clock,
    sources: readonly OptionsSource[],
  ) {
    this.#planned = sources.map(source => ({ source, due: 0, generation: Number.NaN }));
  }

  /** All of it is told once more: there is a new Transport Session. */
  repeat(): void {
    for (const planned of this.#planned) planned.due = 0;
  }

  /** Hands out what is due, some records a call. To be called often. */
  step(send: (record: OptionsRecord) => void): void {
    if (this.#waiting.length === 0) this.#waiting = this.#collect();
    for (const record of this.#waiting.splice(0, RECORDS_A_STEP)) send(record);
  }

  /** Milliseconds until something is due again by time, 0 where something waits. */
  wait(): number {
    if (this.#waiting.length > 0) return 0;
    const next = this.#planned.reduce((first, { due }) => Math.min(first, due), Number.POSITIVE_INFINITY);
    return Math.max(0, next - this.clock.monotonic());
  }

  #collect(): OptionsRecord[] {
    const now = this.clock.monotonic();
    const records: OptionsRecord[] = [];
    for (const planned of this.#planned) {
      const { source } = planned;
      const generation = source.generation();
      if (now < planned.due && generation === planned.generation) continue;
      planned.due = now + source.interval;
      planned.generation = generation;
      for (const record of source.records()) records.push(record);
    }
    return records;
  }
}
