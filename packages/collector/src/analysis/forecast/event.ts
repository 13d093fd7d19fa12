import type { EventCause, EventSubject, TrafficEvent } from '../events/event.js';
import type { Anomaly } from './watch.js';

/** What a series is of. */
export interface SeriesSubject {
  /** The same for the same series, also after a restart: `octets of eth0`. */
  readonly key: string;
  readonly subject: EventSubject;
  readonly unit: TrafficEvent['unit'];
}

/** An event of a series that left its bands. It has the same id for as long as it goes on: that of its series and its beginning. */
export function anomalyEvent(anomaly: Anomaly, of: SeriesSubject, causes: readonly EventCause[] = []): TrafficEvent {
  const { start, end, size, expected } = anomaly;
  const { key, subject, unit } = of;
  const event = {
    id: `anomaly ${key} ${start}`,
    kind: 'anomaly',
    subject,
    start,
    size,
    expected,
    unit,
    causes,
  } as const;
  return end === undefined ? event : { ...event, end };
}
