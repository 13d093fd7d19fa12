import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chooseScale, fromScale, type Scale, scales, shareOnScale, toScale } from './scale.js';
import { synthetic } from './testing/synthetic.js';

const scale = fc.constantFrom<Scale>(...scales);
const unit = fc.double({ min: 1e-3, max: 1e6, noNaN: true });

test('there and back', () => {
  fc.assert(
    fc.property(scale, unit, fc.double({ min: -1e15, max: 1e15, noNaN: true }), (given, of, value) => {
      const back = fromScale(given, toScale(given, value, of), of);
      expect(Math.abs(back - value)).toBeLessThanOrEqual(1e-9 * (Math.abs(value) + of));
    }),
  );
});

test('a share of a value and an amount beside, on each scale', () => {
  fc.assert(
    fc.property(scale, unit, fc.double({ min: 1, max: 1e12, noNaN: true }), (given, of, value) => {
      const scaled = toScale(given, value, of);
      const moved = fromScale(given, scaled + shareOnScale(given, scaled, 0.1, 5, of), of);
      expect(moved / (value * 1.1 + 5)).toBeCloseTo(1, 6);
    }),
  );
});

describe('the scale that a series calls for', () => {
  test('logarithms for a host whose values are far above their middle, roots for counts and for a steady link', () => {
    const of = (kind: 'host' | 'counts' | 'link') => chooseScale(synthetic(kind, 5, 14).value);
    expect(of('host').scale).toBe('log');
    expect(of('link').scale).toBe('root');
    expect(of('counts').scale).not.toBe('log');
    expect(of('link').unit).toBeGreaterThan(1e4);
  });

  test('values that scatter evenly as they are stay so', () => {
    const noise = Array.from({ length: 5000 }, (_, i) => (i * 0.618034) % 1);
    expect(chooseScale(noise).scale).toBe('linear');
  });

  test.each<[string, number[]]>([
    ['nothing', []],
    ['too little', [1, 2, 3]],
    ['zeros', new Array(5000).fill(0)],
    ['a constant', new Array(5000).fill(7)],
    ['nothing known', new Array(5000).fill(Number.NaN)],
  ])('%s: roots', (_, values) => {
    const chosen = chooseScale(values);
    expect(chosen.scale).toBe('root');
    expect(chosen.unit).toBeGreaterThan(0);
  });
});
