import type { Watched, WatchedPreview } from '../api/types.js';
import { t } from '../i18n/index.js';
import type { Line } from '../plot/lines.js';
import { sizeOf } from './words.js';

export type Series = Watched['series'][number];

/** "all traffic, incoming". */
export function nameOf({ subject, measure }: Pick<Series, 'subject' | 'measure'>): string {
  return `${subject.filter === '' ? t.events.total : subject.name}, ${t.events.measure[measure]}`;
}

export function stateOf({ judged, unusual }: Series): 'learning' | 'usual' | 'unusual' {
  if (unusual) return 'unusual';
  return judged ? 'usual' : 'learning';
}

/** Between what a value would be usual; nothing is sent less often than not at all. */
export function rangeOf({ lower, upper, unit, judged }: Series): string {
  if (!judged || lower === undefined || upper === undefined) return '–';
  return t.events.range(sizeOf(Math.max(0, lower), unit), sizeOf(upper, unit));
}

/** What is not usual first; of the others as they come. */
export function sorted(series: readonly Series[]): Series[] {
  return [...series].sort((a, b) => Number(b.unusual) - Number(a.unusual));
}

export function linesOf({ values, expected, lower, upper }: WatchedPreview): Line[] {
  const { course } = t.events;
  return [
    { name: course.values, colour: '--group-1', values, filled: true },
    { name: course.expected, colour: '--group-2', values: expected },
    {
      name: course.lower,
      colour: '--group-3',
      values: lower.map(value => (value === null ? null : Math.max(0, value))),
    },
    { name: course.upper, colour: '--group-3', values: upper },
  ];
}
