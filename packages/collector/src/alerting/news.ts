import type { TrafficEvent } from '../analysis/events/event.js';
import type { Entry } from './board.js';
import type { TellingSettings } from './channel-settings.js';

/** What people have not been told of an event. */
export interface News {
  readonly change: 'begun' | 'worse' | 'reminder' | 'ended';
  readonly event: TrafficEvent;
  /** From when on it may be told, milliseconds since the epoch. */
  readonly due: number;
  /** When people were last told of the event; undefined: never. */
  readonly toldAt: number | undefined;
}

/** After a message about a subject the next one waits so long: what comes and goes is no storm. Milliseconds, Alertmanager's group_interval. */
export const SUBJECT_MILLISECONDS = 300_000;
/** An event is worse when it is so many times as far from what is usual. */
const WORSE = 2;

/** How far from what is usual, in the unit of the event. */
export function distanceOf({ size, expected = 0 }: TrafficEvent): number {
  return Math.abs(size - expected);
}

/**
 * What a channel has to tell of an event, undefined where nothing. Where the clock was set back, nothing is waited for
 * longer than twice.
 * @param subjectToldAt when the channel last told of the subject
 * @param now milliseconds since the epoch
 */
export function newsOf(
  { event, since, changed, acknowledged, told: all }: Entry,
  channel: string,
  { group, remind }: TellingSettings,
  subjectToldAt: number | undefined,
  now: number,
): News | undefined {
  const told = all[channel];
  if (told?.ended) return undefined;
  const after = (time: number, wait: number) => (time - now > wait ? now : time + wait);
  const quiet = subjectToldAt === undefined ? 0 : after(subjectToldAt, SUBJECT_MILLISECONDS);
  const news = (change: News['change'], time: number) => ({
    ...{ change, event, toldAt: told?.at },
    due: Math.max(after(time, group), quiet),
  });
  if (event.end !== undefined) return news('ended', told === undefined ? since : changed);
  if (told === undefined) return news('begun', since);
  if (distanceOf(event) > 0 && distanceOf(event) >= WORSE * told.distance) return news('worse', changed);
  // A quota that is used stays so until its month is over, which people know.
  if (remind === 0 || acknowledged !== undefined || event.kind === 'quota') return undefined;
  return { change: 'reminder', event, due: after(told.at, remind), toldAt: told.at };
}
