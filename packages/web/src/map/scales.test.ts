import { describe, expect, test } from 'vitest';
import { apart, SIGHTS } from '../format/testing/sight.js';
import { QUALITY_STOPS, qualityColour, radiusOf, rgbOf, speedOf, UNKNOWN_QUALITY, WIDTHS, widthOf } from './scales.js';

test('more traffic is wider, up to a bound, and none is nothing', () => {
  const rates = [1, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e12];
  const widths = rates.map(widthOf);
  expect(widths).toEqual([...widths].sort((a, b) => a - b));
  expect(widths[0]).toBe(WIDTHS.narrow);
  expect(widths.at(-1)).toBe(WIDTHS.wide);
  expect(widthOf(1e7) - widthOf(1e6)).toBeCloseTo(widthOf(1e8) - widthOf(1e7), 9);
  expect([0, -1, Number.NaN].map(widthOf)).toEqual([0, 0, 0]);
  expect(speedOf(0)).toBe(0);
  expect(speedOf(1e8)).toBeGreaterThan(speedOf(1e6));
});

test('the colour of a quality is one of its scale, and unknown is none of it', () => {
  for (const look of ['light', 'dark'] as const) {
    expect(qualityColour(0, look)).toEqual(QUALITY_STOPS[look][0]);
    expect(qualityColour(1, look)).toEqual(QUALITY_STOPS[look].at(-1));
    expect(qualityColour(2, look)).toEqual(QUALITY_STOPS[look].at(-1));
    expect(qualityColour(0.5, look)).toEqual(QUALITY_STOPS[look][2]);
    expect(qualityColour(undefined, look)).toEqual(UNKNOWN_QUALITY[look]);
  }
});

const hex = (colour: readonly number[]): string =>
  `#${colour.map(part => part.toString(16).padStart(2, '0')).join('')}`;

describe.each(['light', 'dark'] as const)('in the %s look', look => {
  test.each(Object.keys(SIGHTS))('%s tell bad links from good ones, and steps from each other', sight => {
    const stops = QUALITY_STOPS[look].map(hex);
    expect(apart(stops[0]!, stops.at(-1)!, sight)).toBeGreaterThan(0.2);
    expect(apart(stops[1]!, stops[3]!, sight)).toBeGreaterThan(0.1);
    for (const [i, stop] of stops.slice(1).entries()) expect(apart(stops[i]!, stop, sight), stop).toBeGreaterThan(0.06);
  });
});

test('more users are a larger node, a gateway is larger than one without', () => {
  expect(radiusOf(20, false)).toBeGreaterThan(radiusOf(2, false));
  expect(radiusOf(undefined, true)).toBeGreaterThan(radiusOf(undefined, false));
  expect(radiusOf(1e6, false)).toBeLessThan(20);
});

test('hexadecimal colours', () => expect(rgbOf('#0aff80')).toEqual([10, 255, 128]));
