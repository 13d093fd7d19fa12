import { beforeEach, expect, test } from 'vitest';
import { ExportedUntil, type LastExport } from './exported-until.js';

const T0 = 1_767_323_045_678;
const AGE = 30_000;
const SILENCE = 60_000;

let told: LastExport[];
beforeEach(() => {
  told = [];
});

const after = (former = 0) => new ExportedUntil(former, last => told.push(last));
const last = () => told.at(-1)!;

test('a connection that was reported began before what is told, whenever the process is killed', () => {
  const until = after();
  for (let now = T0; now < T0 + 120_000; now += 130) {
    until.report(now, AGE, SILENCE);
    // The next report may come so much later.
    expect(last().until).toBeGreaterThan(now + 130 - AGE);
    // One that began later than that has had none: it is not to be lost.
    expect(last().until).toBeLessThanOrEqual(now + 2000 - AGE);
  }
  // It is told about once a second.
  expect(told.length).toBeGreaterThan(100);
  expect(told.length).toBeLessThan(130);
  expect(new Set(told.map(({ silence }) => silence))).toEqual(new Set([SILENCE]));
});

test('what a former probe has reported stays reported, also when this one is killed at once', () => {
  const until = after(T0);
  until.begin(SILENCE);
  expect(told).toEqual([{ until: T0, silence: SILENCE }]);
  until.report(T0 + 1000, AGE, SILENCE);
  expect(told).toHaveLength(1);
  until.report(T0 + 40_000, AGE, SILENCE);
  expect(last().until).toBe(T0 + 12_000);
});

test('a longer active timeout takes nothing back', () => {
  const until = after();
  until.report(T0, 1000, 2000);
  const { until: before } = last();
  until.report(T0 + 500, AGE, SILENCE);
  expect(last().until).toBe(before);
});

test('a clock that is set back: what began before that lies in the future, and is told of', () => {
  const until = after();
  until.report(T0, AGE, SILENCE);
  until.report(T0 - 3_600_000, AGE, SILENCE);
  expect(last().until).toBeGreaterThanOrEqual(T0);
  until.stop(T0 - 3_500_000);
  expect(last()).toEqual({ until: T0, silence: 0 });
});

test('at a stop all have been reported, and none that begins after it', () => {
  const until = after();
  until.report(T0, 500, 1000);
  expect(last().until).toBe(T0 + 1500);
  until.stop(T0 + 100);
  expect(last()).toEqual({ until: T0 + 100, silence: 0 });
});
