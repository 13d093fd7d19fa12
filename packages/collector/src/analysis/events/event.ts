import type { WatchedMeasure } from './measures.js';

/** What was unusual: a series that left its bands (`anomaly`), or a pattern among flows that operators know by name; or a quota that is used up to a warning. */
export type EventKind = 'anomaly' | 'scan' | 'flood' | 'amplification' | 'new-talker' | 'silent-host' | 'quota';

/**
 * How it was done: a scan of ports of one target, or of addresses on one port; a flood of connections that are begun and go no further, of UDP,
 * of ICMP, or of other packets.
 */
export type EventForm = 'ports' | 'addresses' | 'syn' | 'udp' | 'icmp' | 'other';

/** What an event is about, or what it is due to: a filter that finds its flows, and what it is called. */
export interface EventSubject {
  /** In words that need no translation: `192.0.2.7`, `eth0 of 10.0.0.1`, `port 53`. */
  readonly name: string;
  /** In the filter language; empty for all traffic, and for what has a place, as no filter finds it. */
  readonly filter: string;
  /** Where it is on a mesh, if it is a link or a gateway. */
  readonly place?: MeshPlace;
}

/** A link of a topology in a direction, or a gateway. */
export type MeshPlace =
  | { readonly topology: string; readonly link: string; readonly direction: LinkDirection }
  | { readonly topology: string; readonly node: string };

/** From the source of a link to its target, or back. */
export type LinkDirection = 'forward' | 'reverse';

/** The same for what is the same, whatever it is called. */
export function keyOf({ filter, place }: Pick<EventSubject, 'filter' | 'place'>): string {
  if (place === undefined) return filter;
  const { topology } = place;
  return JSON.stringify('link' in place ? [topology, 'l', place.link, place.direction] : [topology, 'n', place.node]);
}

/** What makes up most of an event's excess. */
export interface EventCause extends EventSubject {
  /** Of the excess, 0 to 1. */
  readonly share: number;
}

export type EventUnit = 'bit/s' | 'flows/s' | 'packets/s' | 'targets' | 'ports' | 'ms' | 'share';

/** Something unusual in the traffic. */
export interface TrafficEvent {
  /** The same for as long as the event goes on, and after a restart. */
  readonly id: string;
  readonly kind: EventKind;
  readonly form?: EventForm;
  /** What of the subject was not usual, where it is an anomaly. */
  readonly measure?: WatchedMeasure;
  /** Address of who does it, where it is one. */
  readonly source?: string;
  /** Address of whom it is done to, where it is one. */
  readonly target?: string;
  /** Protocol and port, such as `tcp/22`, where it is one. */
  readonly service?: string;
  readonly subject: EventSubject;
  /** Milliseconds since the epoch. */
  readonly start: number;
  /** Milliseconds since the epoch; absent while it goes on. */
  readonly end?: number;
  /** The worst value so far, in `unit`. */
  readonly size: number;
  /** What would have been usual; absent where nothing is known of it. */
  readonly expected?: number;
  readonly unit: EventUnit;
  /** What it is due to, the largest first. */
  readonly causes: readonly EventCause[];
}

/** What has become of an event. */
export interface EventChange {
  readonly what: 'begun' | 'worse' | 'ended';
  readonly event: TrafficEvent;
}
