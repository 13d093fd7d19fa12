import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Account } from './account.js';
import { monthNamed } from './months.js';
import { percentile, percentilesOf } from './percentile.js';
import { quotaUse } from './quota.js';
import { csvOf } from './rows.js';
import { SAMPLE, type Samples } from './samples.js';
import { changeSince, statementOf } from './statement.js';

const account: Account = {
  ...{ name: 'office', definition: { inside: { kind: 'networks', values: ['10.0.0.0/8'] }, filter: '' } },
  ...{ timeZone: 'Europe/Berlin', firstDay: 1, percentile: 95, percentileOf: 'max', closeAfter: 24 },
  quota: { octets: 1000n, of: 'sum', warn: [50, 100] },
};
const october = monthNamed(account, '2026-10')!;
const known = { definedAt: 0, countedFrom: 0 };

function samplesOf(rows: readonly (readonly [time: number, ofIn: number, ofOut: number, within?: number])[]): Samples {
  return {
    times: rows.map(([time]) => time),
    in: rows.map(row => BigInt(row[1])),
    out: rows.map(row => BigInt(row[2])),
    within: rows.map(row => BigInt(row[3] ?? 0)),
  };
}

describe('the percentile', () => {
  test.each([
    // Of a hundred the five largest go.
    [Array.from({ length: 100 }, (_, i) => i + 1), 100, 95, 95],
    // Samples that are missing are zero: of 8,940 samples 447 go, and 448 were above zero.
    [Array.from({ length: 448 }, (_, i) => i + 1), 8940, 95, 1],
    [Array.from({ length: 447 }, (_, i) => i + 1), 8940, 95, 0],
    [[7], 1, 95, 7],
    [[], 0, 95, 0],
    [[3, 1, 2], 3, 100, 3],
    [[3, 1, 2], 3, 1, 1],
  ])('case %#', (values, count, percent, expected) => {
    expect(percentile(values.map(BigInt), count, percent)).toBe(BigInt(expected));
  });

  test('so many percent of all samples are not above it, and fewer are below it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.bigInt({ min: 0n, max: 50n }), { maxLength: 200 }),
        fc.nat(50),
        fc.integer({ min: 1, max: 100 }),
        (values, empty, percent) => {
          const all = [...values, ...Array<bigint>(empty).fill(0n)];
          const found = percentile(values, all.length, percent);
          const notAbove = all.filter(value => value <= found).length;
          const below = all.filter(value => value < found).length;
          expect(notAbove * 100).toBeGreaterThanOrEqual(all.length * percent);
          if (all.length > 0) expect(below * 100).toBeLessThan(all.length * percent);
        },
      ),
    );
  });

  test('of both directions: the larger percentile, and that of the sums', () => {
    // They peak at different times.
    const samples = samplesOf([
      [0, 300_000, 0],
      [SAMPLE, 0, 600_000],
    ]);
    expect(percentilesOf(samples, 2, 100)).toEqual({ in: 8000, out: 16_000, max: 16_000, sum: 16_000 });
    expect(percentilesOf(samples, 2, 50)).toEqual({ in: 0, out: 0, max: 0, sum: 8000 });
  });
});

describe('a quota', () => {
  const samples = samplesOf([
    [0, 200, 200],
    [SAMPLE, 100, 0],
    [2 * SAMPLE, 0, 900],
  ]);
  test('warns when it was used so far, and tells what of it is used', () => {
    expect(quotaUse({ octets: 1000n, of: 'sum', warn: [50, 100, 140, 150] }, samples)).toEqual({
      used: 1400n,
      warnings: [
        { percent: 50, at: 2 * SAMPLE },
        { percent: 100, at: 3 * SAMPLE },
        { percent: 140, at: 3 * SAMPLE },
      ],
    });
  });
  test.each([
    ['in', 300n],
    ['out', 1100n],
    ['max', 1100n],
  ] as const)('of %s', (of, used) => {
    expect(quotaUse({ octets: 1000n, of, warn: [] }, samples).used).toBe(used);
  });
});

describe('a statement', () => {
  test('adds up day by day, at clocks of the zone', () => {
    const samples = samplesOf([
      [october.from, 1, 2, 3],
      [Date.parse('2026-10-25T22:55:00Z'), 10, 20],
      [Date.parse('2026-10-25T23:00:00Z'), 100, 200],
      [october.to - SAMPLE, 1000, 2000],
    ]);
    const statement = statementOf(account, known, october, samples, october.to + 1);
    expect(statement).toMatchObject({
      ...{ account: 'office', month: '2026-10', until: october.to, samples: 8940, emptySamples: 8936 },
      octets: { in: 1111, out: 2222, within: 3 },
      quota: { octets: 1000, used: 3333, share: 3.333 },
    });
    expect(statement.days.filter(day => day.in !== 0)).toEqual([
      { date: '2026-10-01', in: 1, out: 2, within: 3 },
      { date: '2026-10-25', in: 10, out: 20, within: 0 },
      { date: '2026-10-26', in: 100, out: 200, within: 0 },
      { date: '2026-10-31', in: 1000, out: 2000, within: 0 },
    ]);
  });

  test('of a month that goes on counts the samples that have begun', () => {
    const statement = statementOf(account, known, october, samplesOf([]), october.from + 10 * SAMPLE + 1);
    expect(statement).toMatchObject({ samples: 11, emptySamples: 11, until: october.from + 10 * SAMPLE + 1 });
    expect(statement.days).toHaveLength(1);
  });

  test('is exact where a JSON number is not', () => {
    const samples: Samples = { times: [october.from], in: [2n ** 64n], out: [1n], within: [0n] };
    const { octets } = statementOf(account, known, october, samples, october.to);
    expect(octets).toEqual({ in: '18446744073709551616', out: 1, within: 0 });
    expect(changeSince({ in: 5, out: 2, within: 0 }, octets)).toEqual({
      in: '18446744073709551611',
      out: -1,
      within: 0,
    });
  });
});

test('CSV quotes what has commas and quotes', () => {
  expect(csvOf([{ a: 1, b: 'x,"y"' }])).toBe('a,b\r\n1,"x,""y"""\r\n');
  expect(csvOf([])).toBe('');
});
