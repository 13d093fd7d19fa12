import type { Observation } from './observation.js';

/** What a source of Observations calls; the Meter is one. The Observation is filled again after the call returns. */
export interface ObservationSink {
  beginSweep(): void;
  observeLive(o: Observation): void;
  observeEnd(o: Observation): void;
  /** @param now wall clock, milliseconds */
  endSweep(now: number): void;
}
