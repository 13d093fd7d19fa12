import { expect, test } from 'vitest';
import { KnownPaths, P_EGRESS, PATH_WORDS } from './known-paths.js';
import { WordMap } from './word-map.js';

function path(egress: number): Uint32Array {
  const words = new Uint32Array(PATH_WORDS);
  words[P_EGRESS] = egress;
  return words;
}

const egressOf = (paths: KnownPaths, number: number): number => {
  const at = paths.find(number);
  return at < 0 ? -1 : paths.words[at + P_EGRESS];
};

test('the same path has the same number, and 0 is none', () => {
  const paths = new KnownPaths(8);
  const [one, two] = [paths.numberOf(path(1)), paths.numberOf(path(2))];
  expect([paths.numberOf(path(1)), paths.numberOf(path(2))]).toEqual([one, two]);
  expect([egressOf(paths, one), egressOf(paths, two), egressOf(paths, 0), egressOf(paths, 3)]).toEqual([1, 2, -1, -1]);
});

test('the oldest paths are forgotten and never taken for others; one in use stays', () => {
  const paths = new KnownPaths(8);
  let used = paths.numberOf(path(1000));
  const numbers = Array.from({ length: 100 }, (_, i) => {
    const number = paths.numberOf(path(i));
    used = paths.numberOf(path(1000));
    expect(egressOf(paths, used)).toBe(1000);
    return number;
  });
  const told = numbers.map(number => egressOf(paths, number));
  const kept = told.filter(egress => egress >= 0);
  expect(kept.length).toBeGreaterThanOrEqual(4);
  expect(kept.length).toBeLessThanOrEqual(7);
  expect(told).toEqual(told.map((egress, i) => (egress < 0 ? -1 : i)));
  expect(told.slice(-4)).toEqual([96, 97, 98, 99]);
});

test('the map finds what was added, up to its capacity, and nothing after it was emptied', () => {
  const map = new WordMap(1000, 2, 1);
  const key = (i: number) => Uint32Array.of(i, i & 3);
  for (let i = 0; i < 1000; i++) map.values[map.add(key(i))] = 7 * i;
  expect(map.add(key(1000))).toBe(-1);
  for (let i = 0; i < 1000; i++) expect(map.values[map.find(key(i))]).toBe(7 * i);
  expect([map.find(key(1000)), map.size]).toEqual([-1, 1000]);
  map.clear();
  expect([map.find(key(5)), map.size, map.add(key(1000))]).toEqual([-1, 0, 0]);
});
