import type { MeshCoverage } from '../../api/types.js';

/** How much of the history the bar shows, up to now; '' is all of it. */
export const SPANS = {
  '': undefined,
  '1h': 3_600_000,
  '24h': 86_400_000,
  '7d': 604_800_000,
  '30d': 2_592_000_000,
} as const;
export type SpanName = keyof typeof SPANS;

/** Times that go by in a second of playing: a minute, ten, an hour, six hours; in milliseconds. */
export const SPEEDS = [60_000, 600_000, 3_600_000, 21_600_000] as const;

export interface Bar {
  from: number;
  to: number;
}

/** What the bar reaches over: at least an hour, and what is looked at is in it. */
export function barOf(coverage: MeshCoverage | undefined, span: SpanName, now: number, at: number | undefined): Bar {
  const begins = (coverage?.sources ?? []).flatMap(({ spans }) => spans.map(([from]) => from));
  const first = Math.min(now - 3_600_000, ...begins);
  const length = SPANS[span];
  const from = length === undefined ? first : now - length;
  return { from: Math.min(from, at ?? from), to: now };
}

/** When one of these topologies was looked at first. */
export function firstLook(coverage: MeshCoverage | undefined, names: readonly string[]): number | undefined {
  const begins = (coverage?.sources ?? [])
    .filter(({ kind, name }) => kind === 'topology' && names.includes(name))
    .flatMap(({ spans }) => spans.map(([from]) => from));
  return begins.length === 0 ? undefined : Math.min(...begins);
}

/** The spans of a source as parts of the bar, 0 to 1. A short one stays visible. */
export function stripOf(
  spans: readonly (readonly [number, number])[],
  { from, to }: Bar,
): { left: number; width: number }[] {
  const length = to - from;
  return spans
    .filter(([begin, end]) => end >= from && begin <= to)
    .map(([begin, end]) => {
      const left = Math.max(0, (begin - from) / length);
      return { left, width: Math.min(Math.max((Math.min(end, to) - Math.max(begin, from)) / length, 0.002), 1 - left) };
    });
}

/** Round times on a bar to write beside it: about `most` of them, whole hours, days or months in the reader's zone. */
export function ticksOf({ from, to }: Bar, most: number): number[] {
  const hour = 3_600_000;
  const steps = [
    ...[1 / 12, 1 / 4, 1, 3, 6, 12].map(hours => hours * hour),
    ...[1, 2, 7, 14, 30, 91, 365].map(days => days * 24 * hour),
  ];
  const step = steps.find(length => (to - from) / length <= most) ?? steps.at(-1)!;
  const zone = new Date(from).getTimezoneOffset() * 60_000;
  const ticks: number[] = [];
  for (let time = Math.ceil((from - zone) / step) * step + zone; time <= to; time += step) ticks.push(time);
  return ticks;
}

/** Where playing is after some milliseconds: live where it has come to now. */
export function played(at: number, elapsed: number, speed: number, now: number): number | undefined {
  const next = at + (elapsed / 1000) * speed;
  return next >= now ? undefined : next;
}

/** Seconds of a step of loads for a time so long: not more than `most` of them, whole minutes. */
export function loadStep(length: number, most: number): number {
  const minutes = [1, 2, 5, 10, 15, 30, 60, 120, 360, 720, 1440];
  const needed = length / 60_000 / most;
  return (minutes.find(minute => minute >= needed) ?? 1440) * 60;
}

/** How far ahead is asked for while playing: 20 seconds of it, but not less than a quarter of an hour. */
export function aheadOf(speed: number): number {
  return Math.max(900_000, speed * 20);
}
