import type { EventUnit } from './event.js';

/** What is watched of a thing: traffic towards the local networks and away from them, new flows, answered ones among them, and their handshakes. */
export const measures = ['in', 'out', 'flows', 'answered', 'roundTrip'] as const;
export type WatchedMeasure = (typeof measures)[number];

export const unitOf: Readonly<Record<WatchedMeasure, EventUnit>> = {
  in: 'bit/s',
  out: 'bit/s',
  flows: 'flows/s',
  answered: 'share',
  roundTrip: 'ms',
};
