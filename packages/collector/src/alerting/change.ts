import type { TrafficEvent } from '../analysis/events/event.js';

/** What has become of an event of the traffic. */
export interface EventChange {
  readonly what: 'begun' | 'worse' | 'ended';
  /** As it is now. */
  readonly event: TrafficEvent;
}

/** What tells of events as they come and go. */
export interface EventSource {
  /** Calls the listener for each change from now on. */
  onChange(listener: (change: EventChange) => void): unknown;
}
