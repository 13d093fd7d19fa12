import { expect, test } from 'vitest';
import { RateHistory } from './rates.js';

const sample = (at: number, records: number, era = 'a') => {
  return { at, era, interimReports: records / 2, ends: records / 4, records, octets: records * 100 };
};

test('rates are those between the oldest and the newest sample', () => {
  const history = new RateHistory();
  expect(history.rates()).toBeUndefined();
  history.add(sample(0, 0));
  expect(history.rates()).toBeUndefined();
  history.add(sample(1000, 30));
  history.add(sample(10_000, 400));
  expect(history.rates()).toEqual({ seconds: 10, interimReports: 20, ends: 10, records: 40, octets: 4000 });
});

test('another configuration, and a probe that was started again, are counted anew', () => {
  const history = new RateHistory();
  history.add(sample(0, 0));
  history.add(sample(1000, 1000));
  history.add(sample(2000, 1001, 'b'));
  expect(history.rates()).toBeUndefined();
  history.add(sample(3000, 1003, 'b'));
  expect(history.rates()).toMatchObject({ seconds: 1, records: 2 });
  history.add(sample(4000, 5, 'b'));
  expect(history.rates()).toBeUndefined();
});

test('what is older than five minutes is forgotten', () => {
  const history = new RateHistory();
  history.add(sample(0, 0));
  history.add(sample(100_000, 1000));
  history.add(sample(350_000, 1000));
  expect(history.rates()).toMatchObject({ seconds: 250, records: 0 });
});
