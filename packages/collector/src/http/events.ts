import type { EventChange, EventKind, EventSubject, TrafficEvent } from '../analysis/events/event.js';
import type { WatchedMeasure } from '../analysis/events/measures.js';

/** What the routes know of events. */
export interface EventsContext {
  /** Milliseconds since the epoch: since when it is watched for them without a gap; undefined where nobody watches. */
  readonly since: number | undefined;
  /** What was found, by kind, and what was looked at. */
  readonly counters: Readonly<EventCounters>;
  /** What is watched for what is not usual, as it is now. */
  readonly watched: readonly WatchedSeries[];
  /** Events that go on. */
  readonly open: number;
  /** Those that went on at some time of the interval, the newest first. */
  list(asked: { from: number; to: number; kind?: EventKind; limit: number }): Promise<TrafficEvent[]>;
  /** Calls the listener with each that begins, gets worse or ends, until the function that it returns is called. */
  onChange(listener: (change: EventChange) => void): () => void;
}

/** A series that is watched. */
export interface WatchedSeries {
  readonly subject: EventSubject;
  readonly measure: WatchedMeasure;
  /** Whether enough is known of it. */
  readonly judged: boolean;
  /** Whether an event goes on. */
  readonly unusual: boolean;
  /** The last value, what was expected of it, and between what it would have been usual; absent where it is not known. */
  readonly value?: number;
  readonly expected?: number;
  readonly lower?: number;
  readonly upper?: number;
}

export interface EventCounters {
  looks: number;
  /** Looks that were not made, or failed. */
  missedLooks: number;
  /** Milliseconds that the looks took together. */
  lookMilliseconds: number;
  begun: number;
  ended: number;
  /** Findings without room for an event. */
  leftOut: number;
}
