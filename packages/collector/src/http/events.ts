import type { EventChange, EventKind, EventSubject, TrafficEvent } from '../analysis/events/event.js';
import type { WatchedMeasure } from '../analysis/events/measures.js';
import type { Preview } from '../analysis/events/preview.js';
import type { SeriesParameters } from '../analysis/forecast/parameters.js';

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
  /** What would have been told of a series, watched or not. @throws FilterError, WeirError */
  preview(asked: PreviewAsked): Promise<SeriesPreview>;
  /** Fixes parameters of a series by hand, those that are given; the others are chosen. @throws WeirError where it cannot be kept */
  fix(subject: EventSubject, measure: WatchedMeasure, fixed: Fixed): void;
  /** Calls the listener with each that begins, gets worse or ends, until the function that it returns is called. */
  onChange(listener: (change: EventChange) => void): () => void;
}

/** Parameters that somebody has fixed; what is not in it is chosen. */
export type Fixed = Partial<Omit<SeriesParameters, 'unit'>>;

export interface PreviewAsked {
  readonly subject: EventSubject;
  readonly measure: WatchedMeasure;
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
  /** Parameters to try; undefined: those that it has. */
  readonly fixed?: Fixed | undefined;
}

/** What would have been told, and with which parameters. */
export interface SeriesPreview extends Preview {
  readonly parameters: SeriesParameters;
}

/** A series that is watched. */
export interface WatchedSeries {
  readonly subject: EventSubject;
  readonly measure: WatchedMeasure;
  /** How it is forecast and judged, whether that was chosen by what is stored, and what of it is fixed by hand. */
  readonly parameters: SeriesParameters;
  readonly chosen: boolean;
  readonly fixed: Fixed;
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
