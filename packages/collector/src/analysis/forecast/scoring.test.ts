import { describe, expect, test } from 'vitest';
import { multiplicative, type RrdParameters, rrdDefaults } from './rrd/parameters.js';
import { rrdAlarms, weirAlarms } from './testing/detectors.js';
import { nabScore } from './testing/nab.js';
import { type LabelledSeries, readLabelled, withoutLabelled } from './testing/series.js';
import { kinds, synthetic } from './testing/synthetic.js';

const reason = withoutLabelled();
const skip = reason === undefined ? '' : ` (skipped: ${reason})`;

describe('scoring', () => {
  const time = Float64Array.from({ length: 1000 }, (_, i) => i * 60_000);
  const window = { start: 500 * 60_000, end: 599 * 60_000 };
  const series: LabelledSeries = { name: '', time, value: time, step: 60, windows: [window] };
  const scoreOf = (alarms: number[]) => nabScore([series], [alarms]).score;

  test('nothing said is 0, the window told at once is 100, and later less', () => {
    expect(scoreOf([])).toBe(0);
    expect(scoreOf([500])).toBeCloseTo(100);
    expect(scoreOf([550, 551])).toBeCloseTo((100 * (1 + 0.84828 / 0.98661)) / 2, 0);
    expect(scoreOf([599])).toBeGreaterThan(50);
  });

  test('a false alarm costs 0.11 of a window, less behind it, and nothing while values are only learned from', () => {
    expect(scoreOf([400, 500])).toBeCloseTo(100 - 5.5);
    expect(scoreOf([500, 620])).toBeGreaterThan(100 - 5.5);
    expect(scoreOf([149, 500])).toBeCloseTo(100);
  });
});

describe.skipIf(reason !== undefined)(`labelled series${skip}`, () => {
  // The best of `npm run bench -- analysis`, which tries them all: by alarms, and by values.
  const best: Partial<RrdParameters>[] = [
    { alpha: 0.002, gamma: 0.3, deviationGamma: 0.3, deltaPositive: 4, deltaNegative: 4, threshold: 3, window: 5 },
    {
      model: multiplicative,
      alpha: 0.05,
      beta: 0,
      gamma: 0.5,
      deviationGamma: 0.5,
      deltaPositive: 3,
      deltaNegative: 3,
    },
  ];

  test('better than FAILURES with its best parameters, by alarms and by values', () => {
    const series = readLabelled();
    const score = (of: (each: LabelledSeries) => readonly number[]) => nabScore(series, series.map(of));
    const [byAlarms, byValues] = best.map(given => (step: number) => ({
      ...rrdDefaults,
      ...given,
      period: 86_400 / step,
    }));
    const byWeek = (step: number) => ({ ...byValues!(step), period: 604_800 / step, threshold: 1, window: 1 });
    const begun = score(each => weirAlarms(each).begun);
    expect(begun).toMatchObject({ windows: 10, found: 8 });
    expect(begun.falseAlarms).toBeLessThan(7);
    expect(begun.score).toBeGreaterThan(score(each => rrdAlarms(each, byAlarms!(each.step)).begun).score);
    const values = score(each => weirAlarms(each).values).score;
    expect(values).toBeGreaterThan(score(each => rrdAlarms(each, byWeek(each.step)).values).score);
  });
});

describe('traffic of a minute with a day, a week, heavy tails and what was planted', () => {
  const names = Object.keys(kinds) as (keyof typeof kinds)[];

  test.each(['link', 'office'] as const)('of %s most is found', kind => {
    const series = [1, 2].map(seed => synthetic(kind, seed, 35));
    const { found, windows } = nabScore(
      series,
      series.map(each => weirAlarms(each).begun),
    );
    expect(found / windows).toBeGreaterThan(0.8);
  });

  test.each(names)('where nothing is unusual, of %s there is no more than an event in three weeks', kind => {
    const series = [1, 2, 3].map(seed => synthetic(kind, seed, 42, Number.POSITIVE_INFINITY));
    expect(series.flatMap(each => weirAlarms(each).begun).length).toBeLessThanOrEqual(6);
  });
});
