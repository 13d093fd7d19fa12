import { expect, test } from 'vitest';
import { resolveConfig } from '../config.js';

const capacitiesOf = (capacities: unknown[]) => resolveConfig({ capacities }).capacities;

test('what goes out is as much as what comes in where nothing is said', () => {
  expect(
    capacitiesOf([
      { interface: 'wan0', in: '100M' },
      { interface: '3', exporter: '10.0.0.1', in: '16M', out: '1.5M' },
    ]),
  ).toEqual([
    { interface: 'wan0', in: 100e6, out: 100e6 },
    { interface: '3', exporter: '10.0.0.1', in: 16e6, out: 1.5e6 },
  ]);
  expect(capacitiesOf([{ interface: 'wan0', out: '2G' }])).toEqual([{ interface: 'wan0', out: 2e9 }]);
});

test.each([
  [{ interface: 'wan0' }, /nothing is said of "wan0"; give in, out or both/],
  [{ interface: 'wan0', in: '100 Mbit' }, /capacities/],
  [{ in: '100M' }, /capacities/],
])('%j is refused', (capacity, message) => {
  expect(() => capacitiesOf([capacity])).toThrow(message);
});
