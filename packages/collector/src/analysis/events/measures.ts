import type { EventUnit } from './event.js';

/** What is watched of flows: traffic towards the local networks and away from them, new flows, answered ones among them, and their handshakes. */
export const flowMeasures = ['in', 'out', 'flows', 'answered', 'roundTrip'] as const;
export type FlowMeasure = (typeof flowMeasures)[number];

/** What is watched of anything: of a gateway what comes into the mesh and what leaves it (`in`, `out`), of a link what it carries in a direction (`load`). */
export const measures = [...flowMeasures, 'load'] as const;
export type WatchedMeasure = (typeof measures)[number];

export const unitOf: Readonly<Record<WatchedMeasure, EventUnit>> = {
  in: 'bit/s',
  out: 'bit/s',
  flows: 'flows/s',
  answered: 'share',
  roundTrip: 'ms',
  load: 'bit/s',
};
