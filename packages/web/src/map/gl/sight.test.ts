import { expect, test } from 'vitest';
import { covers, noSight, type Sight } from './sight.js';

const view: Sight = { ...noSight(), x: 0.001, y: -0.002, scale: 100_000, width: 800, height: 600 };
/** A quarter more to each side: 200 and 150 pixels. */
const taken: Sight = { ...view, width: 1200, height: 900 };
const moved = (right: number, down: number): Sight => ({
  ...view,
  x: view.x + right / view.scale,
  y: view.y + down / view.scale,
});

test('a picture is enough until the view leaves it, on each side', () => {
  expect(covers(taken, view)).toBe(true);
  for (const sight of [moved(200, 0), moved(-200, 0), moved(0, 150), moved(0, -150), moved(200, 150)])
    expect(covers(taken, sight)).toBe(true);
  for (const sight of [moved(201, 0), moved(-201, 0), moved(0, 151), moved(0, -151)])
    expect(covers(taken, sight)).toBe(false);
});

test('seen from afar it becomes too small, from near too coarse', () => {
  const zoomed = (by: number): Sight => ({ ...view, scale: view.scale * by });
  expect(covers(taken, zoomed(0.67))).toBe(true);
  expect(covers(taken, zoomed(0.66))).toBe(false);
  expect(covers(taken, zoomed(2))).toBe(true);
  expect(covers(taken, zoomed(2.1))).toBe(false);
  // Nearer, it reaches further: 200 pixels at twice the scale are more than 800 beside.
  expect(covers(taken, { ...moved(390, 0), scale: view.scale * 2 })).toBe(true);
});

test('where there is no picture it covers nothing', () => {
  expect(covers(noSight(), view)).toBe(false);
});
