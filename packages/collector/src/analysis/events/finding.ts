import type { EventForm, EventKind, EventSubject, EventUnit } from './event.js';
import type { WatchedMeasure } from './measures.js';

/** Something unusual at one look. An event is made of those that have the same key. */
export interface Finding {
  /** The same for all that is of one event. */
  readonly key: string;
  readonly kind: EventKind;
  readonly form?: EventForm;
  readonly measure?: WatchedMeasure;
  readonly source?: string;
  readonly target?: string;
  readonly service?: string;
  readonly subject: EventSubject;
  /** Milliseconds since the epoch: when it began, as far as that is known. */
  readonly start: number;
  /** Milliseconds since the epoch: when there was last something of it; absent where that is now. */
  readonly last?: number;
  /** In `unit`. */
  readonly size: number;
  readonly expected?: number;
  readonly unit: EventUnit;
  /** How much of it there is, as a multiple of what is called unusual: an event begins at 1, and goes on from a half. */
  readonly strength: number;
  /** Milliseconds without a finding after which the event has ended. */
  readonly patience: number;
}
