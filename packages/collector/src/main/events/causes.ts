import { type CauseRow, causesOf } from '../../analysis/events/causes.js';
import type { EventCause, TrafficEvent } from '../../analysis/events/event.js';
import type { Store } from '../../store/client.js';
import { type CausesAsked, causeRows } from '../../store/events/cause-rows.js';
import { firstBatchAt } from '../../store/rollup/next-step.js';
import type { Step } from '../../store/rollup/step.js';
import type { WatchedMeshes } from './mesh-things.js';

/** Milliseconds of records in which causes are looked for, and as many from before the event, to compare with. */
const WINDOW = 20_000;

/** Of an anomaly: it is of minutes, and what came of them was told later. */
const MINUTES = 300_000;

type Parts = Omit<CausesAsked, 'from' | 'to'>;

/** What an event of much traffic to one host, or an anomaly, is due to. Of other events there is nothing more to say. */
export async function causesOfEvent(
  store: Store,
  meshes: Pick<WatchedMeshes, 'rowsAt'>,
  event: TrafficEvent,
  now: number,
): Promise<EventCause[]> {
  const rowsOf = rowsOfEvent(store, meshes, event);
  if (rowsOf === undefined) return [];
  const window = event.kind === 'anomaly' ? MINUTES : WINDOW;
  const rows = (from: number, to: number) => rowsOf({ from: firstBatchAt(from), to: firstBatchAt(to) });
  const [during, before] = [await rows(now - window, now + 1), await rows(event.start - window, event.start)];
  // What is missing where there is less than usual.
  return isLack(event) ? causesOf(before, during) : causesOf(during, before);
}

function rowsOfEvent(store: Store, meshes: Pick<WatchedMeshes, 'rowsAt'>, event: TrafficEvent) {
  const { place } = event.subject;
  if (place !== undefined) return (step: Step) => meshes.rowsAt(place, event.measure === 'in', step);
  const parts = partsOf(event);
  return parts === undefined ? undefined : (step: Step): Promise<CauseRow[]> => causeRows(store, { ...parts, ...step });
}

/** The traffic in question, and what of it counts. */
function partsOf({ kind, unit, measure, subject: { filter }, target }: TrafficEvent): Parts | undefined {
  if (kind === 'amplification') return { filter, measure: 'octets', host: target };
  if (kind === 'flood') return { filter, measure: unit === 'packets/s' ? 'packets' : 'flows' };
  if (measure === 'in' || measure === 'out') return { filter, measure: 'octets' };
  if (measure === 'flows') return { filter, measure: 'flows' };
  if (measure === 'answered') return { filter: within(filter, 'not answered'), measure: 'flows' };
  return undefined;
}

function within(filter: string, condition: string): string {
  return filter === '' ? condition : `(${filter}) and ${condition}`;
}

/** Fewer answers are more unanswered flows, which is what is shared out. */
function isLack({ measure, size, expected }: TrafficEvent): boolean {
  return measure !== undefined && measure !== 'answered' && expected !== undefined && size < expected;
}
