import { describe, expect, test } from 'vitest';
import { backtest, type StoredSeries } from './backtest.js';
import { chooseParameters } from './choice.js';
import { DAY, defaultParameters, HOUR, type SeriesParameters } from './parameters.js';
import { kinds, synthetic } from './testing/synthetic.js';

const STEPS = 1440;

/** Two weeks to choose by, and the two weeks after them. */
function parted({ time, value }: StoredSeries): { first: StoredSeries; both: StoredSeries } {
  const until = (days: number) => ({ time: time.subarray(0, days * STEPS), value: value.subarray(0, days * STEPS) });
  return { first: until(14), both: until(28) };
}

/** The mean error one step ahead from a day on. */
function errorOf(series: StoredSeries, parameters: Partial<SeriesParameters>, from: number): number {
  const { expected } = backtest(series, parameters);
  const errors = [...series.value].map((value, i) => Math.abs(value - (expected[i] as number))).slice(from * STEPS);
  return errors.reduce((sum, error) => sum + error, 0) / errors.length;
}

/** Minutes of a day like any other, on a level that wanders within hours. */
function wandering(days: number): StoredSeries {
  let random = 7;
  const next = () => (random = (random * 48_271) % 2_147_483_647) / 2_147_483_647 - 0.5;
  let level = 0;
  const value = Float64Array.from({ length: days * STEPS }, (_, i) => {
    level = 0.998 * level + 3e4 * next();
    return 1e6 + level + 2e5 * Math.sin((2 * Math.PI * i) / STEPS) + 2e4 * next();
  });
  return { time: value.map((_, i) => i * 60_000), value };
}

describe('parameters of a series', () => {
  test('are the usual ones where others are not better on each day, but for its scale', () => {
    for (const kind of Object.keys(kinds) as (keyof typeof kinds)[]) {
      const { scale, unit, ...others } = chooseParameters(parted(synthetic(kind, 5, 14, 99)).first);
      const { levelHalfLife, weekly, width } = defaultParameters;
      expect(others).toEqual({ levelHalfLife, weekly, width });
      expect(unit).toBeGreaterThan(0);
      expect(scale === 'log').toBe(kind === 'host');
    }
  });

  test('follow a level that wanders faster, and then forecast what comes better', () => {
    const { first, both } = parted(wandering(28));
    const chosen = chooseParameters(first);
    expect(chosen.levelHalfLife).toBe(6 * HOUR);
    expect(errorOf(both, chosen, 14)).toBeLessThan(0.9 * errorOf(both, { ...chosen, levelHalfLife: DAY }, 14));
  });

  test('forecast what comes not worse than the usual ones', () => {
    for (const kind of Object.keys(kinds) as (keyof typeof kinds)[]) {
      for (const seed of [6, 7]) {
        const { first, both } = parted(synthetic(kind, seed, 28, 99));
        const chosen = chooseParameters(first);
        const { levelHalfLife, weekly } = defaultParameters;
        const usual = errorOf(both, { ...chosen, levelHalfLife, weekly }, 14);
        expect(errorOf(both, chosen, 14)).toBeLessThan(1.02 * usual);
      }
    }
  });

  test('that are fixed stay as they are', () => {
    const { first } = parted(wandering(14));
    const fixed = { scale: 'log', levelHalfLife: 4 * DAY, weekly: false, width: 5 } as const;
    expect(chooseParameters(first, fixed)).toMatchObject(fixed);
    expect(chooseParameters(first, { width: 5 })).toMatchObject({ width: 5, levelHalfLife: 6 * HOUR });
  });

  test('are not chosen by less than two weeks, or by nothing', () => {
    const { time, value } = wandering(14);
    const short = { time: time.subarray(STEPS), value: value.subarray(STEPS) };
    const late = { time, value: value.map((each, i) => (i < STEPS ? Number.NaN : each)) };
    for (const series of [short, late, { time: new Float64Array(0), value: new Float64Array(0) }])
      expect(chooseParameters(series).levelHalfLife).toBe(DAY);
  });
});
