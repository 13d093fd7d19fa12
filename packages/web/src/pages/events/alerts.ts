import type { Muted } from '../../api/alerts.js';
import type { TrafficEvent } from '../../api/types.js';
import type { AlertEvent, AlertRoute, Mute } from '../../events/alerts.svelte.js';
import { sizeOf, titleOf } from '../../events/words.js';
import { formatMoment } from '../../format/time.js';
import { formatCount } from '../../format/units.js';
import { t } from '../../i18n/index.js';

/** What there is to say of an event below it. */
export interface AlertState {
  readonly what: 'acknowledged' | 'muted' | 'told';
  readonly text: string;
}

/** @param now milliseconds since the epoch */
export function statesOf(
  { told, mutes: ids, acknowledged }: AlertEvent,
  mutes: readonly Mute[],
  now: number,
): AlertState[] {
  const time = (at: number) => formatMoment(at, now);
  const states: AlertState[] = [];
  if (acknowledged !== undefined) {
    const { by, at, comment } = acknowledged;
    const text = t.alerts.lookedAfter(by, time(at));
    states.push({ what: 'acknowledged', text: comment === undefined ? text : `${text}: ${comment}` });
  }
  const holding = mutes.filter(({ id }) => ids.includes(id));
  if (holding.length > 0) {
    const ends = holding.map(({ until }) => until ?? Number.POSITIVE_INFINITY);
    const last = Math.max(...ends);
    states.push({ what: 'muted', text: Number.isFinite(last) ? t.alerts.quiet(time(last)) : t.alerts.quietAlways });
  }
  const channels = told.map(({ channel, at }) => t.alerts.toldAt(channel, time(at))).join(', ');
  states.push({ what: 'told', text: told.length > 0 ? t.alerts.told(channels) : t.alerts.nobody });
  return states;
}

/** What can be muted of an event, the least first. */
export function mutesFor(event: TrafficEvent): { muted: Muted; text: string }[] {
  const { kind, subject } = event;
  const ofKind = { muted: { kind }, text: t.alerts.whats.kind(t.events.kind[kind]) };
  if (subject.filter === '') return [ofKind];
  const { name } = subject;
  return [
    { muted: { kind, subject: name }, text: t.alerts.whats.both(titleOf(event), name) },
    { muted: { kind: 'any', subject: name }, text: t.alerts.whats.subject(name) },
    ofKind,
  ];
}

/** What a mute is of: "Scan, net 192.0.2.0/24". */
export function mutedText({ kind, subject, filter }: Mute): string {
  const of = subject ?? filter;
  if (kind === undefined) return of === undefined ? t.alerts.anything : t.alerts.all(of);
  return of === undefined ? t.events.kind[kind] : `${t.events.kind[kind]}, ${of}`;
}

/** What a route sends where: "Scan, Flood, from 50 targets beyond what is usual → log". */
export function routeText({ kinds, atLeast, times, channels }: AlertRoute): string {
  const what = [
    ...(kinds?.map(kind => t.events.kind[kind]) ?? [t.alerts.anything]),
    ...(atLeast?.map(({ size, unit }) => t.alerts.atLeast(sizeOf(size, unit))) ?? []),
    ...(times === undefined ? [] : [t.alerts.times(formatCount(times))]),
  ];
  return t.alerts.routeTo(what.join(', '), channels.join(', ') || t.alerts.toNobody);
}
