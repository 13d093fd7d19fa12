import type { Watched, WatchedPreview } from '../api/types.js';
import { locale } from '../format/locale.js';
import { formatDuration } from '../format/time.js';
import { t } from '../i18n/index.js';
import type { Line } from '../plot/lines.js';
import { isTotal, sizeOf } from './words.js';

export type Series = Watched['series'][number];
export type Fixed = Series['fixed'];
type Parameters = Series['parameters'];

/** The same for the same series. */
export function keyOf({ subject, measure }: Pick<Series, 'subject' | 'measure'>): string {
  return JSON.stringify([measure, subject.filter, subject.place]);
}

/** Half-lives of the level and widths of bands that can be chosen. */
const HOUR = 3600;
const levels = [6, 24, 96];
const widths = [2.5, 3.25, 5, 8];

/** A parameter, what can be chosen of it, each by its text, and what it is now. */
export interface Choice {
  readonly name: keyof Fixed;
  readonly label: string;
  readonly options: readonly (readonly [value: string, text: string])[];
  /** As it is in the answer, in words. */
  readonly now: string;
}

function widthText(width: number): string {
  return width.toLocaleString(locale);
}

/** What of a series' parameters can be chosen by hand. */
export function choicesOf({ scale, levelHalfLife, weekly, width }: Parameters): Choice[] {
  const { parameters: words } = t.events;
  const level = (hours: number) => formatDuration(hours * HOUR * 1000);
  const weeks = ['true', 'false'] as const;
  return [
    {
      ...{ name: 'scale', label: words.scale, now: words.scales[scale] },
      options: Object.entries(words.scales),
    },
    {
      ...{ name: 'levelHalfLife', label: words.level, now: level(levelHalfLife / HOUR) },
      options: levels.map(hours => [String(hours * HOUR), level(hours)] as const),
    },
    {
      ...{ name: 'weekly', label: words.weekly, now: words.weeks[String(weekly) as (typeof weeks)[number]] },
      options: weeks.map(each => [each, words.weeks[each]] as const),
    },
    {
      ...{ name: 'width', label: words.width, now: widthText(width) },
      options: widths.map(each => [String(each), widthText(each)] as const),
    },
  ];
}

/** With a parameter as it was chosen; an empty text: it is chosen by what is stored. */
export function withFixed(fixed: Fixed, name: keyof Fixed, value: string): Fixed {
  const { [name]: _, ...others } = fixed;
  return value === '' ? others : { ...others, [name]: name === 'scale' ? value : JSON.parse(value) };
}

/** "all traffic, incoming". */
export function nameOf({ subject, measure }: Pick<Series, 'subject' | 'measure'>): string {
  return `${isTotal(subject) ? t.events.total : subject.name}, ${t.events.measure[measure]}`;
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
