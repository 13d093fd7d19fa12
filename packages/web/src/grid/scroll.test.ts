import { describe, expect, test } from 'vitest';
import { placeAfter, placeShowing, rowByKey, rowsAt, scrolledHeight, scrolledTo } from './scroll.js';

const ROW = 34;

describe('few rows', () => {
  const extent = { all: 1000 * ROW, seen: 600 };

  test('are where the browser scrolls to', () => {
    expect(scrolledHeight(extent.all)).toBe(34_000);
    expect(placeAfter(extent, 0, 0, 17)).toBe(17);
    expect(placeAfter(extent, 17, 17, 20_000)).toBe(20_000);
    expect(scrolledTo(extent, 20_000)).toBe(20_000);
  });

  test('that fit do not scroll', () => {
    expect(scrolledTo({ all: 100, seen: 600 }, 0)).toBe(0);
    expect(placeAfter({ all: 100, seen: 600 }, 0, 0, 0)).toBe(0);
  });
});

describe('more rows than a browser can scroll', () => {
  const extent = { all: 2_000_000 * ROW, seen: 600 };
  const most = extent.all - extent.seen;

  test('move with the finger in small steps', () => {
    expect(placeAfter(extent, 34_000_000, 7_000_000, 7_000_100)).toBe(34_000_100);
    expect(placeAfter(extent, 34_000_000, 7_000_000, 6_999_950)).toBe(33_999_950);
  });

  test('are all within reach of the scroll bar', () => {
    const physical = scrolledHeight(extent.all) - extent.seen;
    expect(physical).toBeLessThan(17_000_000);
    expect(placeAfter(extent, 0, 0, physical)).toBe(most);
    expect(placeAfter(extent, 0, 0, physical / 2)).toBeCloseTo(most / 2, 3);
    expect(placeAfter(extent, most, physical, 0)).toBe(0);
  });

  test('come to an end when the browser does', () => {
    for (const place of [0, 12_345_678, most]) {
      const at = scrolledTo(extent, place);
      expect(placeAfter(extent, 0, at + 1_000_000, at)).toBeCloseTo(place, 3);
    }
  });
});

test('drawn is what is seen and a little beyond', () => {
  expect(rowsAt(0, 600, ROW, 1_000_000)).toEqual({ first: 0, last: 26 });
  expect(rowsAt(34_000, 600, ROW, 1_000_000)).toEqual({ first: 992, last: 1026 });
  expect(rowsAt(34_000, 600, ROW, 1010)).toEqual({ first: 992, last: 1010 });
  expect(rowsAt(0, 600, ROW, 0)).toEqual({ first: 0, last: 0 });
});

test('a row is brought into sight by the shortest way', () => {
  expect(placeShowing(10, 0, 600, ROW)).toBe(0);
  expect(placeShowing(30, 0, 600, ROW)).toBe(31 * ROW - 600);
  expect(placeShowing(2, 1000, 600, ROW)).toBe(2 * ROW);
});

test('keys move among the rows and not beyond', () => {
  expect(rowByKey('ArrowDown', -1, 100, 10)).toBe(0);
  expect(rowByKey('ArrowUp', 0, 100, 10)).toBe(0);
  expect(rowByKey('PageDown', 95, 100, 10)).toBe(99);
  expect(rowByKey('PageDown', -1, 100, 10)).toBe(10);
  expect(rowByKey('PageUp', 25, 100, 10)).toBe(15);
  expect(rowByKey('Home', 50, 100, 10)).toBe(0);
  expect(rowByKey('End', 50, 100, 10)).toBe(99);
  expect(rowByKey('x', 50, 100, 10)).toBeUndefined();
});
