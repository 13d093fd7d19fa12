import { afterEach, beforeEach, expect, test } from 'vitest';
import { libbpf } from './libbpf.js';
import * as libc from './libc.js';
import { OwnEntries } from './own-entries.js';
import { mapOf, noMaps } from './testing/maps.js';

let maps: number[] = [];

beforeEach(({ skip }) => {
  const reason = noMaps();
  skip(reason !== undefined, reason);
  maps = [mapOf(8, 4), mapOf(8, 4)];
});

afterEach(() => {
  for (const map of maps.splice(0)) libc.close(map);
});

const key = (index: number) => new Uint8Array(Uint32Array.of(4711, index).buffer);
const value = Uint8Array.of(1, 2, 3, 4);

/** Is there such an entry? Asking removes it. */
const has = (map: number, index: number) => libbpf().mapDelete(map, key(index)) === 0;

test('what one has put into shared maps it takes away, and nothing of another one', () => {
  const [vlans, neighbours] = maps;
  const [own, other] = [new OwnEntries(), new OwnEntries()];
  own.put(vlans, key(1), value);
  own.put(vlans, key(1), value);
  own.put(neighbours, key(1), value);
  other.put(neighbours, key(2), value);
  own.close();
  expect([has(vlans, 1), has(neighbours, 1), has(neighbours, 2)]).toEqual([false, false, true]);
});

test('what it has removed, and what another one has put there since, it leaves alone', () => {
  const [vlans] = maps;
  const own = new OwnEntries();
  own.put(vlans, key(1), value);
  own.put(vlans, key(1), undefined);
  new OwnEntries().put(vlans, key(1), value);
  own.close();
  expect(has(vlans, 1)).toBe(true);
});

test('what finds no room is not used, and ends nothing', () => {
  const own = new OwnEntries();
  for (let index = 0; index < 65; index++) own.put(maps[0], key(index), value);
  expect([has(maps[0], 63), has(maps[0], 64)]).toEqual([true, false]);
});
