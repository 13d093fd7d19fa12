import type { TrafficEvent } from '../api/types.js';
import { formatDuration, formatLatency } from '../format/time.js';
import { formatBitRate, formatCounted, formatRate, formatShare } from '../format/units.js';
import { t } from '../i18n/index.js';
import { linkKey, nodeKey } from '../map/mesh.js';
import { hrefOf } from '../state/view.js';

/** What kind of event it is, as exactly as is known. */
export function titleOf({ kind, form, measure, size, expected = 0 }: TrafficEvent): string {
  if (measure !== undefined) return t.events.anomaly[measure][size < expected ? 'less' : 'more'];
  if (kind === 'scan' && (form === 'ports' || form === 'addresses')) return t.events.scan[form];
  if (kind === 'flood' && form !== undefined && form !== 'ports' && form !== 'addresses') return t.events.flood[form];
  return t.events.kind[kind];
}

/** Who does it to whom: "10.0.0.1 → 10.0.0.2", "many → 10.0.0.2", or whom it is about. */
export function partiesOf({ kind, source, target, service, subject }: TrafficEvent): string {
  if (kind === 'anomaly' && isTotal(subject)) return t.events.total;
  if (kind !== 'scan' && kind !== 'flood' && kind !== 'amplification') return subject.name;
  const to = [target ?? t.events.many, ...(service === undefined ? [] : [service])].join(' ');
  return `${source ?? t.events.many} → ${to}`;
}

/** Whether it is all traffic: what has a place on a mesh is found by no filter, either. */
export function isTotal({ filter, place }: TrafficEvent['subject']): boolean {
  return filter === '' && place === undefined;
}

export function sizeOf(size: number, unit: TrafficEvent['unit']): string {
  switch (unit) {
    case 'bit/s':
      return formatBitRate(size / 8);
    case 'flows/s':
      return t.events.flows(formatRate(size));
    case 'packets/s':
      return t.events.packets(formatRate(size));
    case 'targets':
      return formatCounted(size, t.events.target);
    case 'ports':
      return formatCounted(size, t.events.port);
    case 'ms':
      return formatLatency(size);
    case 'share':
      return formatShare(size);
  }
}

/** How long it lasted, or that it goes on. @param now milliseconds since the epoch */
export function lengthOf({ start, end }: TrafficEvent, now: number): string {
  return end === undefined
    ? t.events.goesOn(formatDuration(now - start))
    : t.events.lasted(formatDuration(end - start));
}

/** Milliseconds of flows around an event that are shown with it. */
const AROUND = 60_000;

/** Where its flows are, or those of a part of them. @param now milliseconds since the epoch */
export function flowsOf({ start, end, subject }: TrafficEvent, now: number, part = ''): string {
  const [from, to] = [start - AROUND, (end ?? now) + AROUND].map(time => String(Math.round(time)));
  const filter = [subject.filter, part].filter(text => text !== '').join(' and ');
  return hrefOf({ page: 'flows', filter, from: from!, to: to! });
}

/** Where it is on the map, as it was when it began; undefined where it has no place there. */
export function placeOf({ start, subject: { place } }: TrafficEvent): string | undefined {
  if (place === undefined) return undefined;
  const pick = 'link' in place ? linkKey(place.topology, place.link) : nodeKey(place.topology, place.node);
  return hrefOf({ page: 'map', at: String(Math.round(start)), pick });
}
