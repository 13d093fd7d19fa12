import type { EventChange } from '../analysis/events/event.js';

/** What tells of events as they come and go. */
export interface EventSource {
  /** Calls the listener for each change from now on. */
  onChange(listener: (change: EventChange) => void): unknown;
}
