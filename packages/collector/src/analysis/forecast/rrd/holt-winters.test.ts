import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RrdHoltWinters } from './holt-winters.js';
import { additive, multiplicative, type RrdParameters, type RrdStart, rrdDefaults } from './parameters.js';
import { askRrdtool, type RrdInput, withoutRrdtool } from './testing/rrdtool.js';

const reason = withoutRrdtool();
const skip = reason === undefined ? '' : ` (skipped: ${reason})`;

/** A row for each step; the first of two that a hole has is not kept. */
function ours(parameters: RrdParameters, start: RrdStart, input: readonly RrdInput[]) {
  const model = new RrdHoltWinters(parameters, start);
  const rows = { prediction: [] as number[], deviation: [] as number[], failure: [] as number[] };
  for (const each of input) {
    if (typeof each === 'number') model.observe(each);
    else model.skip(each.hole);
    for (let i = 0; i < (typeof each === 'number' ? 1 : each.hole); i++) {
      rows.prediction.push(model.prediction);
      rows.deviation.push(model.deviation);
      rows.failure.push(model.failure ? 1 : 0);
    }
  }
  return { ...rows, seasonal: model.seasonal.values };
}

/** To rounding: a dump has eleven digits. */
function expectSame(parameters: RrdParameters, input: readonly RrdInput[]) {
  const theirs = askRrdtool(parameters, input);
  const mine = ours(parameters, theirs.start, input);
  const isFirstOfTwo = input.flatMap(each => (typeof each === 'number' ? [false] : holeOf(each.hole)));
  const far: string[] = [];
  for (const name of ['prediction', 'deviation', 'failure'] as const) {
    theirs[name].forEach((value, i) => {
      if (!isFirstOfTwo[i] && !isNear(mine[name][i] as number, value))
        far.push(`${name} ${i}: ${mine[name][i]}, ${value}`);
    });
  }
  expect(far).toEqual([]);
  const isLikeTheirs = (value: number) => theirs.seasonal.some(each => isNear(value, each));
  expect(mine.seasonal.every(isLikeTheirs)).toBe(true);
  return theirs;
}

function holeOf(steps: number): boolean[] {
  return Array.from({ length: steps }, (_, i) => steps === 2 && i === 0);
}

function isNear(mine: number, value: number): boolean {
  if (Number.isNaN(value)) return Number.isNaN(mine);
  return Math.abs(mine - value) <= 1e-9 * Math.max(1, Math.abs(value));
}

const share = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const parameters: fc.Arbitrary<RrdParameters> = fc.record({
  model: fc.constantFrom(additive, multiplicative),
  alpha: share(0.001, 0.9),
  beta: share(0, 0.5),
  gamma: share(0.01, 0.9),
  deviationGamma: share(0.01, 0.9),
  period: fc.integer({ min: 4, max: 48 }),
  smoothingWindow: fc.constantFrom(0, 0.05, 0.2, 0.5, 1),
  deviationSmoothingWindow: fc.constantFrom(0, 0.05, 0.3),
  threshold: fc.integer({ min: 1, max: 4 }),
  window: fc.integer({ min: 4, max: 9 }),
  deltaPositive: fc.constant(2),
  deltaNegative: fc.constant(2),
});
const value = share(1, 1000);
const input: fc.Arbitrary<RrdInput[]> = fc.array(
  fc.oneof(
    { weight: 40, arbitrary: value },
    { weight: 4, arbitrary: fc.constant(Number.NaN) },
    { weight: 1, arbitrary: fc.record({ hole: fc.integer({ min: 2, max: 60 }) }) },
  ),
  { minLength: 50, maxLength: 400, size: 'max' },
);

describe.skipIf(reason !== undefined)(`as rrdtool has it${skip}`, () => {
  test('predictions, deviations and failures of random series, with values unknown and holes', () => {
    fc.assert(
      fc.property(parameters, input, (given, series) => {
        expectSame(given, series);
      }),
      { numRuns: 60 },
    );
  });

  test.each([
    ['additive', additive],
    ['multiplicative', multiplicative],
  ])('twelve days in steps of five minutes with a flood, %s', (_, model) => {
    const series = days(12);
    const theirs = expectSame({ ...rrdDefaults, model, alpha: 0.01 }, series);
    expect(theirs.failure.reduce((sum, each) => sum + each, 0)).toBeGreaterThan(3);
    expect(theirs.prediction.filter(each => !Number.isNaN(each)).length).toBeGreaterThan(288 * 10);
  });
});

/** Traffic by day with noise, an hour without values, and a flood of an hour on the eleventh day. */
function days(count: number): number[] {
  let state = 1;
  const random = () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
  return Array.from({ length: count * 288 }, (_, i) => {
    if (i > 1000 && i < 1012) return Number.NaN;
    const usual = 100 + 60 * Math.sin((2 * Math.PI * i) / 288) + 10 * random();
    return i >= 288 * 10 + 100 && i < 288 * 10 + 112 ? 5 * usual : usual;
  });
}

test('a constant series is predicted as it is, and is no failure', () => {
  const model = new RrdHoltWinters({ ...rrdDefaults, period: 10 });
  for (let i = 0; i < 100; i++) model.observe(7);
  expect([model.prediction, model.deviation, model.failure]).toEqual([7, 0, false]);
});

test('nothing but unknown values: nothing is predicted', () => {
  const model = new RrdHoltWinters({ ...rrdDefaults, period: 10 });
  for (let i = 0; i < 100; i++) model.observe(Number.NaN);
  expect([model.prediction, model.deviation, model.failure]).toEqual([Number.NaN, Number.NaN, false]);
});
