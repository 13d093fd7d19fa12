import { expect, test } from 'vitest';
import { cameraOf, fitting, parseLook, printLook, project, seenBy } from './camera.js';
import { toDegrees, toWorld } from './mercator.js';

test('degrees survive the world', () => {
  for (const [longitude, latitude] of [
    [13.4, 52.5],
    [-179.9, -80],
    [0, 0],
  ] as const) {
    const back = toDegrees(toWorld(longitude, latitude));
    expect(back.longitude).toBeCloseTo(longitude, 9);
    expect(back.latitude).toBeCloseTo(latitude, 9);
  }
  expect(toWorld(0, 90).y).toBeCloseTo(0, 4);
});

test('a view that is fitted shows the whole box, and fills the room', () => {
  const [a, b] = [toWorld(10, 53), toWorld(11, 52)];
  const box = { left: a.x, right: b.x, top: a.y, bottom: b.y };
  const camera = cameraOf(fitting(box, 800, 600), 800, 600);
  const [left, top] = project(camera, a.x, a.y);
  const [right, bottom] = project(camera, b.x, b.y);
  expect(left).toBeGreaterThan(20);
  expect(top).toBeGreaterThan(20);
  expect(right).toBeLessThan(780);
  expect(bottom).toBeLessThan(580);
  expect(Math.max((right - left) / 800, (bottom - top) / 600)).toBeGreaterThan(0.7);
  const seen = seenBy(camera);
  expect(seen.left < box.left && seen.right > box.right && seen.top < box.top && seen.bottom > box.bottom).toBe(true);
});

test('one node is not looked at from nowhere', () => {
  const { x, y } = toWorld(10, 50);
  const { zoom } = fitting({ left: x, right: x, top: y, bottom: y }, 800, 600);
  expect(zoom).toBeGreaterThan(10);
  expect(zoom).toBeLessThan(19);
});

test('where one looks survives the address, and nonsense is nowhere', () => {
  const look = { zoom: 12.34, latitude: -52.517, longitude: 13.389 };
  expect(parseLook(printLook(look))).toEqual(look);
  for (const text of ['', '12', '99/1/2', '3/91/0', '3/10/999', 'a/b/c']) expect(parseLook(text)).toBeUndefined();
});
