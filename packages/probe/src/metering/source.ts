import type { Observation } from './observation.js';

/** What a source of Observations calls; the Meter is one. The Observation is filled again after the call returns. */
export interface ObservationSink {
  beginSweep(): void;
  observeLive(o: Observation): void;
  observeEnd(o: Observation): void;
  /** @param now wall clock, milliseconds */
  endSweep(now: number): void;
}

/** What a source of events of living connections calls; the Meter is one. */
export interface ChangeSink {
  /** The connection's first packet. @param at wall clock, milliseconds */
  observeNew(o: Observation, at: number): void;
  observeChange(o: Observation, at: number): void;
}
