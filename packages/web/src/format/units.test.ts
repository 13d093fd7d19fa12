import { describe, expect, test } from 'vitest';
import {
  formatBitRate,
  formatCount,
  formatCounted,
  formatExact,
  formatOctets,
  formatRate,
  formatShare,
  withoutZeros,
} from './units.js';

const PACKET = { one: 'packet', other: 'packets' };

describe('octets', () => {
  test.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.00 kB'],
    [9994, '9.99 kB'],
    [9996, '10.0 kB'],
    [99_960, '100 kB'],
    [999_499, '999 kB'],
    [999_600, '1.00 MB'],
    [1.5e12, '1.50 TB'],
    [2 ** 53, '9.01 PB'],
    [1.8e19, '18.0 EB'],
  ])('%d octets are %s', (octets, text) => expect(formatOctets(octets)).toBe(text));
});

describe('rates, counts and shares', () => {
  test('a rate in octets is said in bits', () => {
    expect(formatBitRate(0)).toBe('0 bit/s');
    expect(formatBitRate(0.1)).toBe('1 bit/s');
    expect(formatBitRate(12.5e6)).toBe('100 Mbit/s');
    expect(formatBitRate(125e6)).toBe('1.00 Gbit/s');
  });

  test('rates keep a fraction when small, counts never', () => {
    expect(formatRate(0.3)).toBe('0.30');
    expect(formatRate(12)).toBe('12');
    expect(formatRate(1200)).toBe('1.20 k');
    expect(formatCount(123_456)).toBe('123,456');
    expect(formatCount(1_234_567)).toBe('1.23 M');
    expect(formatCounted(1, PACKET)).toBe('1 packet');
    expect(formatCounted(2000, PACKET)).toBe('2,000 packets');
  });

  test('round numbers lose their zeros, others keep their digits', () => {
    expect(withoutZeros('50.0 Mbit/s')).toBe('50 Mbit/s');
    expect(withoutZeros('1.50 Mbit/s')).toBe('1.5 Mbit/s');
    expect(withoutZeros('1.00 Gbit/s')).toBe('1 Gbit/s');
    expect(withoutZeros('200 bit/s')).toBe('200 bit/s');
    expect(withoutZeros('1.05 kB')).toBe('1.05 kB');
  });

  test('a share that is not zero never reads as zero', () => {
    expect(formatShare(0)).toBe('0%');
    expect(formatShare(0.0001)).toBe('<0.1%');
    expect(formatShare(0.042)).toBe('4.2%');
    expect(formatShare(0.87)).toBe('87%');
    expect(formatShare(1)).toBe('100%');
  });
});

test('an exact number has every digit', () => {
  expect(formatExact(4_294_967_295)).toBe('4,294,967,295');
  expect(formatExact(0)).toBe('0');
});
