import { expect, test } from 'vitest';
import { ConnectionIndex } from './connection-index.js';
import { Observation, WORD_ID, WORD_PORTS } from './observation.js';

function connection(id: number, ports = 0): Observation {
  const o = new Observation();
  o.words[WORD_ID] = id;
  o.words[WORD_PORTS] = ports;
  return o;
}

test('finds what it has and nothing else, also where ids are the same', () => {
  const index = new ConnectionIndex(1024);
  const places = Array.from({ length: 5 }, (_, port) => index.take(connection(77, port), 1));
  expect(places.map((_, port) => index.find(connection(77, port)))).toEqual(places);
  expect(new Set(places).size).toBe(5);
  expect(index.find(connection(77, 9))).toBe(-1);
  index.remove(places[2]);
  expect([index.find(connection(77, 2)), index.find(connection(77, 3)), index.size]).toEqual([-1, places[3], 4]);
});

test('where a set is full the lowest stamp gives way, and is counted', () => {
  const index = new ConnectionIndex(8);
  for (let id = 1; id <= 8; id++) index.take(connection(id), 100 + id);
  index.setStamp(index.find(connection(1)), 1000);
  index.take(connection(9), 109);
  const found = Array.from({ length: 9 }, (_, i) => index.find(connection(i + 1)) >= 0);
  expect(found).toEqual([true, false, true, true, true, true, true, true, true]);
  expect([index.size, index.evicted]).toEqual([8, 1]);
});
