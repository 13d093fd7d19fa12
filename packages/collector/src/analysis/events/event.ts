/** What was unusual: a series that left its bands (`anomaly`), or a pattern among flows that operators know by name. */
export type EventKind = 'anomaly' | 'scan' | 'flood' | 'amplification' | 'new-talker' | 'silent-host';

/** What an event is about, or what it is due to: a filter that finds its flows, and what it is called. */
export interface EventSubject {
  /** In words that need no translation: `192.0.2.7`, `eth0 of 10.0.0.1`, `port 53`. */
  readonly name: string;
  /** In the filter language; empty for all traffic. */
  readonly filter: string;
}

/** What makes up most of an event's excess. */
export interface EventCause extends EventSubject {
  /** Of the excess, 0 to 1. */
  readonly share: number;
}

/** Something unusual in the traffic. */
export interface TrafficEvent {
  /** The same for as long as the event goes on, and after a restart. */
  readonly id: string;
  readonly kind: EventKind;
  readonly subject: EventSubject;
  /** Milliseconds since the epoch. */
  readonly start: number;
  /** Milliseconds since the epoch; absent while it goes on. */
  readonly end?: number;
  /** The worst value so far, in `unit`. */
  readonly size: number;
  /** What would have been usual; absent where nothing is known of it. */
  readonly expected?: number;
  readonly unit: 'bit/s' | 'flows/s' | 'targets' | 'ms' | 'share';
  /** What it is due to, the largest first. */
  readonly causes: readonly EventCause[];
}
