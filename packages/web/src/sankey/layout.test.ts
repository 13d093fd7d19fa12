import { describe, expect, test } from 'vitest';
import { layout, outline, type Pair } from './layout.js';

const SIZE = { most: 2, height: 100, gap: 10 };
const pair = (from: string, to: string, octets: number): Pair => ({ from, to, octets });

test('the largest come first, what is beyond them is with the others', () => {
  const pairs = [pair('a', 'x', 10), pair('b', 'x', 40), pair('c', 'y', 30), pair('d', 'z', 5)];
  const { left, right } = layout(pairs, 100, SIZE);
  expect(left.map(({ key, octets }) => [key, octets])).toEqual([
    ['b', 40],
    ['c', 30],
    [undefined, 30],
  ]);
  expect(right.map(({ key, octets }) => [key, octets])).toEqual([
    ['x', 50],
    ['y', 30],
    [undefined, 20],
  ]);
});

test('widths are octets, and nothing gets lost between the sides', () => {
  const pairs = [pair('a', 'x', 10), pair('a', 'y', 20), pair('b', 'y', 50), pair('c', 'z', 7)];
  const { left, right, bands } = layout(pairs, 100, SIZE);
  const perOctet = bands[0]!.width / bands[0]!.octets;
  for (const band of bands) expect(band.width).toBeCloseTo(band.octets * perOctet, 9);
  for (const [side, end] of [
    [left, 'from'],
    [right, 'to'],
  ] as const) {
    expect(side.reduce((sum, { octets }) => sum + octets, 0)).toBe(100);
    for (const bar of side) {
      const widths = bands.filter(band => band[end] === bar).reduce((sum, { width }) => sum + width, 0);
      expect(widths).toBeCloseTo(bar.height, 6);
    }
  }
});

test('all of it is within the height, with gaps for names', () => {
  const pairs = Array.from({ length: 30 }, (_, i) => pair(`s${i}`, `d${i % 7}`, 1000 / (i + 1)));
  const { left, right, bands } = layout(pairs, 10_000, { most: 8, height: 400, gap: 18 });
  for (const side of [left, right]) {
    expect(side.length).toBeLessThanOrEqual(9);
    for (const [i, bar] of side.entries()) {
      if (i > 0) expect(bar.top - side[i - 1]!.top - side[i - 1]!.height).toBeCloseTo(18, 6);
    }
    expect(side.at(-1)!.top + side.at(-1)!.height).toBeLessThanOrEqual(400 + side.length);
  }
  for (const { from, to, fromTop, toTop, width } of bands) {
    expect(fromTop).toBeGreaterThanOrEqual(from.top - 1e-6);
    expect(fromTop + width).toBeLessThanOrEqual(from.top + from.height + 1e-6);
    expect(toTop).toBeGreaterThanOrEqual(to.top - 1e-6);
    expect(toTop + width).toBeLessThanOrEqual(to.top + to.height + 1e-6);
  }
});

test('bands of one group do not cross each other', () => {
  const pairs = [pair('a', 'x', 10), pair('a', 'y', 20), pair('b', 'x', 30), pair('b', 'y', 40)];
  const { bands } = layout(pairs, 100, SIZE);
  for (const one of bands) {
    for (const other of bands) {
      if (one.from === other.from && one.to.top < other.to.top) expect(one.fromTop).toBeLessThan(other.fromTop);
      if (one.to === other.to && one.from.top < other.from.top) expect(one.toTop).toBeLessThan(other.toTop);
    }
  }
});

describe('where there is nothing', () => {
  test('nothing is drawn', () => expect(layout([], 0, SIZE)).toEqual({ left: [], right: [], bands: [] }));

  test('pairs of no octets are not drawn', () => expect(layout([pair('a', 'x', 0)], 0, SIZE).bands).toEqual([]));

  test('all may be others', () => {
    const { left, right, bands } = layout([], 50, SIZE);
    expect([left[0]!.key, right[0]!.key, bands[0]!.octets]).toEqual([undefined, undefined, 50]);
  });
});

test('an outline is closed, and begins and ends at both sides', () => {
  const { bands } = layout([pair('a', 'x', 10)], 10, SIZE);
  expect(outline(bands[0]!, 0, 50)).toMatch(/^M0\.0 0\.0C25\.0 .* 50\.0 0\.0V100\.0C.*Z$/);
});
