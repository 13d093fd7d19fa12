import { daysOf } from '../analysis/billing/months.js';
import type { Report, SeriesResponse } from '../http/types.js';
import type { Store } from '../store/client.js';
import { series } from '../store/queries.js';
import { type Span, spanBefore } from './period.js';

/** Seconds of a sample: what percentiles of rates are usually of. */
const STEP = 300;
const HOUR = 3_600_000;

export interface TrafficAsked extends Span {
  readonly timeZone: string;
  readonly filter: string;
  /** Networks that "in" is towards. */
  readonly towards: readonly string[];
}

/** Traffic by days and hours of the time zone, beside that of the time before. @throws FilterError */
export async function trafficOf(store: Store, asked: TrafficAsked): Promise<Report['traffic']> {
  const { from, to, timeZone, filter, towards } = asked;
  const then = spanBefore(asked, timeZone);
  const now = await series(store, { from, to, filter }, STEP, towards);
  const before = await series(store, { ...then, filter }, STEP, towards);
  const daysBefore = octetsBy(before, daysIn(then, timeZone));
  const hours = hoursIn({ from, to });
  const hoursBefore = octetsBy(before, hoursIn(then));
  return {
    days: octetsBy(now, daysIn(asked, timeZone)).map((day, i) => ({
      ...{ date: day.name, from: day.from, in: day.in, out: day.out },
      before: sumOf(daysBefore[i]),
    })),
    hours: {
      times: hours.map(hour => hour.from),
      ...columnsOf(octetsBy(now, hours)),
      before: hours.map((_, i) => sumOf(hoursBefore[i])),
    },
    total: totalOf(now),
    totalBefore: totalOf(before),
    ...{ in: ratesOf(now.inOctets), out: ratesOf(now.outOctets) },
    ...{ inBefore: ratesOf(before.inOctets), outBefore: ratesOf(before.outOctets) },
  };
}

interface Part extends Span {
  readonly name: string;
}

interface Octets {
  readonly in: number;
  readonly out: number;
}

function daysIn(span: Span, timeZone: string): Part[] {
  return daysOf({ timeZone, firstDay: 1 }, { name: '', ...span }).map(({ date, ...day }) => ({ name: date, ...day }));
}

function hoursIn({ from, to }: Span): Part[] {
  const count = Math.ceil((to - from) / HOUR);
  return Array.from({ length: count }, (_, i) => ({ name: '', from: from + i * HOUR, to: from + (i + 1) * HOUR }));
}

/** The octets of a series by parts that follow each other. What begins before the first is its. */
function octetsBy({ times, inOctets, outOctets }: SeriesResponse, parts: readonly Part[]): (Octets & Part)[] {
  const sums = parts.map(part => ({ ...part, in: 0, out: 0 }));
  let at = 0;
  for (const [i, time] of times.entries()) {
    while (at < sums.length - 1 && time >= sums[at]!.to) at++;
    sums[at]!.in += inOctets[i]! * STEP;
    sums[at]!.out += outOctets[i]! * STEP;
  }
  return sums;
}

function columnsOf(sums: readonly Octets[]): { in: number[]; out: number[] } {
  return { in: sums.map(sum => sum.in), out: sums.map(sum => sum.out) };
}

function sumOf(octets: Octets | undefined): number {
  return octets === undefined ? 0 : octets.in + octets.out;
}

function totalOf({ inOctets, outOctets }: SeriesResponse): Octets {
  const sum = (rates: readonly number[]) => rates.reduce((all, rate) => all + rate * STEP, 0);
  return { in: sum(inOctets), out: sum(outOctets) };
}

/** Of octets per second. The percentile is by nearest rank, as operators are billed. */
function ratesOf(octets: readonly number[]): Report['traffic']['in'] {
  const sorted = octets.map(each => each * 8).sort((a, b) => a - b);
  const mean = sorted.reduce((sum, each) => sum + each, 0) / Math.max(1, sorted.length);
  const p95 = sorted[Math.ceil(sorted.length * 0.95) - 1] ?? 0;
  return { mean, p95, peak: sorted.at(-1) ?? 0 };
}
