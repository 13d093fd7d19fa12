import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Forecast } from './forecast.js';
import type { ForecastParameters } from './parameters.js';
import type { Scale } from './scale.js';
import { BEGIN, DAY, MINUTE, noise, traffic } from './testing/traffic.js';
import { BEGAN, type Change, ENDED, NOTHING } from './watch.js';

interface Told {
  readonly at: number;
  readonly change: Change;
}

/** What was told of values a minute each. @param value by the number of the minute */
function watch(
  forecast: Forecast,
  series: number,
  minutes: number,
  value: (i: number) => number,
  begin = BEGIN,
): Told[] {
  return Array.from({ length: minutes }, (_, at) => ({
    at,
    change: forecast.observe(series, begin + at * MINUTE, value(at)),
  })).filter(({ change }) => change !== NOTHING);
}

function started(parameters: Partial<ForecastParameters> = {}, scale?: Scale) {
  const forecast = new Forecast(parameters);
  return { forecast, series: forecast.add(scale === undefined ? {} : { scale }) };
}

describe('not enough history', () => {
  test.each<[string, number, (i: number) => number]>([
    ['all zero', 20 * DAY, () => 0],
    ['constant', 20 * DAY, () => 1234],
    ['all unknown', 20 * DAY, () => Number.NaN],
    ['a day and a half, with a flood', 1.5 * DAY, i => (i > 2000 ? 1e9 : traffic(i))],
    ['zero but for a packet now and then', 20 * DAY, i => (i % 400 === 399 ? 60 : 0)],
    ['a value in an hour', 20 * DAY, i => (i % 60 === 0 ? traffic(i) : Number.NaN)],
    ['nearly constant', 20 * DAY, i => 1234 + noise(i)],
    [
      'not of numbers',
      20 * DAY,
      i => [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN][i % 3] as number,
    ],
  ])('%s: nothing is told', (_, minutes, value) => {
    const { forecast, series } = started();
    expect(watch(forecast, series, minutes, value)).toEqual([]);
  });

  test('it says so until two days were seen', () => {
    const { forecast, series } = started();
    watch(forecast, series, 2 * DAY - 1, traffic);
    expect(forecast.isJudged(series)).toBe(false);
    watch(forecast, series, 2, traffic, BEGIN + (2 * DAY - 1) * MINUTE);
    expect(forecast.isJudged(series)).toBe(true);
  });

  test('the first weekend is no event', () => {
    const { forecast, series } = started();
    expect(watch(forecast, series, 14 * DAY, traffic)).toEqual([]);
  });
});

describe('gaps and clocks', () => {
  const learned = () => {
    const { forecast, series } = started();
    watch(forecast, series, 21 * DAY, traffic);
    return { forecast, series, end: BEGIN + 21 * DAY * MINUTE };
  };

  test.each([10, 200, 3 * DAY, 40 * DAY])('after %i minutes without values all is as before', minutes => {
    const { forecast, series, end } = learned();
    const after = (i: number) => traffic(21 * DAY + minutes + i);
    expect(watch(forecast, series, 3 * DAY, after, end + minutes * MINUTE)).toEqual([]);
  });

  test('values unknown for two days, one by one', () => {
    const { forecast, series, end } = learned();
    const value = (i: number) => (i < 2 * DAY ? Number.NaN : traffic(21 * DAY + i));
    expect(watch(forecast, series, 4 * DAY, value, end)).toEqual([]);
  });

  test('after 40 days without values and at another size, the level is taken anew', () => {
    const { forecast, series } = started({}, 'log');
    watch(forecast, series, 21 * DAY, traffic);
    const end = BEGIN + 21 * DAY * MINUTE;
    const after = (i: number) => 3 * traffic(61 * DAY + i);
    expect(watch(forecast, series, 3 * DAY, after, end + 40 * DAY * MINUTE)).toEqual([]);
    expect(forecast.expected[series]! / after(3 * DAY - 1)).toBeCloseTo(1, 0);
  });

  test.each([-30, -1, 1, 30])('a clock set by %i minutes', minutes => {
    const { forecast, series, end } = learned();
    expect(watch(forecast, series, 2 * DAY, i => traffic(21 * DAY + i), end + minutes * MINUTE)).toEqual([]);
  });

  test.each([-3000 * DAY, -20 * DAY, 20 * DAY, 3000 * DAY])(
    'a clock set by %i minutes, and back after an hour',
    minutes => {
      const { forecast, series, end } = learned();
      const wrong = watch(forecast, series, 60, i => traffic(21 * DAY + i), end + minutes * MINUTE);
      const right = watch(forecast, series, 2 * DAY, i => traffic(21 * DAY + 60 + i), end + 60 * MINUTE);
      expect([...wrong, ...right]).toEqual([]);
      expect(forecast.isJudged(series)).toBe(true);
    },
  );

  test('the same minute told again is not learned again', () => {
    const { forecast, series, end } = learned();
    const before = forecast.toBytes();
    expect(forecast.observe(series, end - MINUTE, 1e12)).toBe(NOTHING);
    expect(forecast.toBytes()).toEqual(before);
  });
});

describe('events', () => {
  const flood = { from: 30 * DAY + 700, minutes: 45 };
  const isFlood = (i: number) => i >= flood.from && i < flood.from + flood.minutes;
  const flooded = (i: number) => (isFlood(i) ? 4 : 1) * traffic(i);

  test.each<Scale>(['linear', 'root', 'log'])('a flood begins within two minutes and is one event, %s', scale => {
    const { forecast, series } = started({}, scale);
    const [began, ...more] = watch(forecast, series, flood.from + flood.minutes, flooded);
    expect([began?.change, more]).toEqual([BEGAN, []]);
    expect(began!.at - flood.from).toBeLessThanOrEqual(1);
    const { start, end, size, expected } = forecast.anomaly(series);
    expect([start, end]).toEqual([BEGIN + flood.from * MINUTE, undefined]);
    expect(size / expected).toBeGreaterThan(3.5);
    expect(expected / traffic(flood.from)).toBeCloseTo(1, 0);
  });

  test('it is over after an hour without anything, and ended with its last value', () => {
    const { forecast, series } = started();
    const minutes = flood.from + flood.minutes + 60;
    expect(watch(forecast, series, minutes, flooded).map(({ change }) => change)).toEqual([BEGAN, ENDED]);
    const last = BEGIN + (flood.from + flood.minutes - 1) * MINUTE;
    expect(forecast.anomaly(series).end! - last).toBeLessThanOrEqual(MINUTE);
  });

  test('it is over, too, where nothing more is known', () => {
    const { forecast, series } = started();
    const value = (i: number) => (i < flood.from + 10 ? flooded(i) : Number.NaN);
    expect(watch(forecast, series, flood.from + 80, value).map(({ change }) => change)).toEqual([BEGAN, ENDED]);
  });

  test('an outage', () => {
    const { forecast, series } = started();
    const told = watch(forecast, series, flood.from + 30, i => (isFlood(i) ? 0 : traffic(i)));
    expect(told).toEqual([{ at: flood.from + 1, change: BEGAN }]);
  });

  test('what was unusual once hardly changes what is expected', () => {
    const [plain, hit] = [started(), started()];
    watch(plain.forecast, plain.series, 32 * DAY, traffic);
    watch(hit.forecast, hit.series, 32 * DAY, i => (isFlood(i) ? 100 : 1) * traffic(i));
    for (let i = 0; i < DAY; i += 15) {
      const at = BEGIN + (32 * DAY + i) * MINUTE;
      plain.forecast.look(plain.series, at);
      hit.forecast.look(hit.series, at);
      expect(hit.forecast.expected[hit.series]! / plain.forecast.expected[plain.series]!).toBeCloseTo(1, 1);
    }
  });

  test('what goes on for more than a day is usual from then on', () => {
    const { forecast, series } = started();
    const told = watch(forecast, series, 36 * DAY, i => (i < flood.from ? 1 : 5) * traffic(i));
    expect(told.slice(0, 2).map(({ change }) => change)).toEqual([BEGAN, ENDED]);
    expect(told[1]!.at - flood.from).toBeLessThanOrEqual(DAY + 1);
    expect(told.filter(({ at }) => at > flood.from + 3 * DAY)).toEqual([]);
  });
});

describe('jobs that come back', () => {
  const job = (from: number, minutes: number, period: number) => (i: number) =>
    (i % period >= from && i % period < from + minutes ? 4 : 1) * traffic(i);

  test('by night: told once or twice, then expected', () => {
    const { forecast, series } = started();
    const value = job(190, 7, DAY);
    const began = watch(forecast, series, 42 * DAY, value).filter(({ change }) => change === BEGAN);
    expect(began.map(({ at }) => at % DAY).every(at => at >= 190 && at < 200)).toBe(true);
    expect(began.length).toBeLessThanOrEqual(2);
    expect(began.at(-1)!.at).toBeLessThan(5 * DAY);
  });

  test('on Sundays: told a few times, then expected', () => {
    const { forecast, series } = started();
    const value = job(6 * DAY + 180, 60, 7 * DAY);
    const began = watch(forecast, series, 70 * DAY, value).filter(({ change }) => change === BEGAN);
    expect(began.length).toBeLessThanOrEqual(3);
    expect(began.at(-1)!.at).toBeLessThan(28 * DAY);
  });
});

test('by the clocks of a time zone: a job at four in the morning, before and after they were put forward', () => {
  const forecast = new Forecast({ timeZone: 'Europe/Berlin' });
  const series = forecast.add();
  const begin = Date.UTC(2026, 2, 2);
  const localHour = (i: number) =>
    new Date(begin + i * MINUTE).toLocaleString('en', {
      timeZone: 'Europe/Berlin',
      hour: '2-digit',
      hourCycle: 'h23',
    });
  const hours = new Map<number, string>();
  const hourOf = (i: number) => {
    const hour = Math.floor(i / 60);
    if (!hours.has(hour)) hours.set(hour, localHour(hour * 60));
    return hours.get(hour);
  };
  const value = (i: number) => (hourOf(i) === '04' ? 5e6 : 1e6) * (1 + 0.05 * noise(i));
  expect(watch(forecast, series, 35 * DAY, value, begin)).toEqual([]);
  forecast.look(series, Date.UTC(2026, 3, 7, 2, 30));
  expect(forecast.expected[series]! / 5e6).toBeCloseTo(1, 1);
  forecast.look(series, Date.UTC(2026, 3, 7, 3, 30));
  expect(forecast.expected[series]! / 1e6).toBeCloseTo(1, 0);
});

describe('whatever comes', () => {
  const steps = fc.array(
    fc.record({
      wait: fc.oneof(
        { weight: 20, arbitrary: fc.constant(1) },
        { weight: 1, arbitrary: fc.integer({ min: -5000, max: 500_000 }) },
      ),
      value: fc.oneof(fc.double({ min: 0, max: 1e15 }), fc.double(), fc.constant(0)),
    }),
    { minLength: 1, maxLength: 300, size: 'max' },
  );

  test('nothing is NaN but what is not known yet, and nothing is told before two days of values, from the first other than zero on', () => {
    fc.assert(
      fc.property(steps, fc.constantFrom<Scale>('linear', 'root', 'log'), (given, scale) => {
        const { forecast, series } = started({ step: 3600 }, scale);
        let time = BEGIN;
        let known = 0;
        for (const { wait, value } of given) {
          time += wait * 60 * MINUTE;
          const change = forecast.observe(series, time, value);
          if (known > 0 && wait > 0)
            expect(Number.isNaN(forecast.upper[series]! - forecast.lower[series]!)).toBe(false);
          if (Math.abs(value) < 1e30 && (known > 0 || value !== 0)) known++;
          if (known <= 48) expect(change).toBe(NOTHING);
        }
      }),
    );
  });
});
