import type { LabelledSeries, Window } from './series.js';

/** What traffic is like, in logarithms: how much it changes by day and on weekends, its noise, and the share of that which has heavy tails. */
interface Kind {
  readonly day: number;
  readonly weekend: number;
  readonly noise: number;
  /** Correlation of the noise from one minute to the next. */
  readonly correlation: number;
  readonly heavy: number;
  /** Chance of a burst of up to ten minutes, at a minute. */
  readonly bursts: number;
  /** Mean of what is counted in a minute; absent where it is octets. */
  readonly counted?: number;
}

export const kinds = {
  link: { day: 0.5, weekend: 0.15, noise: 0.06, correlation: 0.9, heavy: 0.03, bursts: 0 },
  office: { day: 1.2, weekend: 1, noise: 0.15, correlation: 0.9, heavy: 0.08, bursts: 0 },
  host: { day: 0.6, weekend: 0.3, noise: 0.5, correlation: 0.8, heavy: 0.3, bursts: 0.002 },
  counts: { day: 0.5, weekend: 0.2, noise: 0.1, correlation: 0.9, heavy: 0, bursts: 0, counted: 6 },
} satisfies Record<string, Kind>;

/** Minutes, and what the traffic is multiplied by over them, from the beginning to the end. */
const PLANTED: readonly (readonly [minutes: number, from: number, to: number])[] = [
  [3, 6, 6],
  [30, 3, 3],
  [30, 0.02, 0.02],
  [120, 1, 2.5],
  [180, 0.4, 0.4],
  [3, 6, 6],
  [30, 3, 3],
  [360, 1.8, 1.8],
];
/** Minutes within which an alarm is of what was planted, from its beginning. */
const ALARM_WITHIN = 60;
const MINUTES_A_DAY = 1440;
/** A Monday. */
const BEGIN = Date.UTC(2026, 0, 5);

/**
 * Traffic of a kind in steps of a minute. @param seed the same for the same series @param planted day from which on every few days something is
 * unusual; Infinity: nothing ever is
 */
export function synthetic(kind: keyof typeof kinds, seed: number, days: number, planted = 14): LabelledSeries {
  const length = days * MINUTES_A_DAY;
  const random = randomOf(seed);
  const effect = new Float64Array(length).fill(1);
  const windows = plant(effect, random, planted);
  const factor = noiseOf(kinds[kind], random);
  const { day, weekend, counted }: Kind = kinds[kind];
  const value = Float64Array.from({ length }, (_, i) => {
    const hour = (i / 60) % 24;
    const isWeekend = Math.floor(i / MINUTES_A_DAY) % 7 >= 5;
    const byDay = Math.sin(((hour - 9) * Math.PI) / 12) + 0.3 * Math.sin(((hour - 3) * Math.PI) / 6);
    const usual = Math.exp(day * byDay - (isWeekend ? weekend : 0)) * factor();
    const mean = usual * (effect[i] as number);
    return counted === undefined ? mean * 1e6 : poisson(mean * counted, random);
  });
  return { name: `${kind} ${seed}`, time: value.map((_, i) => BEGIN + i * 60_000), value, step: 60, windows };
}

function plant(effect: Float64Array, random: () => number, from: number): Window[] {
  const windows: Window[] = [];
  let day = from + 0.5 + random();
  for (let i = 0; (day + 1) * MINUTES_A_DAY < effect.length; i++) {
    const [minutes, first, last] = PLANTED[i % PLANTED.length] ?? [0, 1, 1];
    const begin = Math.floor(day * MINUTES_A_DAY);
    for (let j = 0; j < minutes; j++) effect[begin + j] = first + ((last - first) * (j + 1)) / minutes;
    const end = begin + Math.max(ALARM_WITHIN, minutes);
    windows.push({ start: BEGIN + begin * 60_000, end: BEGIN + end * 60_000 });
    day += 1.5 + random() * 2;
  }
  return windows;
}

function noiseOf({ noise, correlation, heavy, bursts }: Kind, random: () => number): () => number {
  let slow = 0;
  let left = 0;
  let burst = 1;
  return () => {
    slow = correlation * slow + Math.sqrt(1 - correlation ** 2) * normal(random);
    if (random() < bursts) {
      left = 1 + Math.floor(random() * 10);
      burst = 1 + 2 * random();
    }
    const factor = Math.exp(noise * slow + heavy * student(random));
    return left-- > 0 ? factor * burst : factor;
  };
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Three degrees of freedom: about one value in 200 is beyond what a normal distribution has in a lifetime. */
function student(random: () => number): number {
  const squares = normal(random) ** 2 + normal(random) ** 2 + normal(random) ** 2;
  return normal(random) / Math.sqrt(squares / 3) / 1.3;
}

function poisson(mean: number, random: () => number): number {
  if (mean > 50) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(random)));
  const least = Math.exp(-mean);
  let count = -1;
  for (let product = 1; product > least; product *= random()) count++;
  return count;
}

/** Park and Miller's generator: 0 to 1. */
function randomOf(seed: number): () => number {
  let state = (seed * 7919 + 1) % 2147483647;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}
