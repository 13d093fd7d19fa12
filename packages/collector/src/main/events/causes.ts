import { type CauseRow, causesOf } from '../../analysis/events/causes.js';
import type { EventCause, TrafficEvent } from '../../analysis/events/event.js';
import type { Store } from '../../store/client.js';
import { causeRows } from '../../store/events/cause-rows.js';
import { firstBatchAt } from '../../store/mesh/next-step.js';

/** Milliseconds of records in which causes are looked for, and as many from before the event, to compare with. */
const WINDOW = 20_000;

/** What an event of much traffic to one host is due to. Of other events there is nothing more to say. */
export async function causesOfEvent(store: Store, event: TrafficEvent, now: number): Promise<EventCause[]> {
  if (event.kind !== 'flood' && event.kind !== 'amplification') return [];
  const measure = event.kind === 'amplification' ? 'octets' : event.unit === 'packets/s' ? 'packets' : 'flows';
  const host = event.kind === 'amplification' ? event.target : undefined;
  const rows = (from: number, to: number): Promise<CauseRow[]> =>
    causeRows(store, {
      ...{ from: firstBatchAt(from), to: firstBatchAt(to), filter: event.subject.filter, measure },
      host,
    });
  return causesOf(await rows(now - WINDOW, now + 1), await rows(event.start - WINDOW, event.start));
}
