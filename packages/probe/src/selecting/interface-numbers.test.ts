import { expect, test } from 'vitest';
import { interfaceNumbers } from './interface-numbers.js';

test('names are looked up anew when interfaces come, go or are renamed', () => {
  let reads = 0;
  let now = [{ index: 2, name: 'eth0' }];
  const interfaces = {
    generation: 0,
    list: () => {
      reads++;
      return now;
    },
  };
  const numberOf = interfaceNumbers(interfaces);
  expect([numberOf('eth0'), numberOf('wan'), numberOf('eth0')]).toEqual([2, 0, 2]);
  expect(reads).toBe(1);
  now = [
    { index: 2, name: 'wan' },
    { index: 7, name: 'eth0' },
  ];
  interfaces.generation++;
  expect([numberOf('eth0'), numberOf('wan')]).toEqual([7, 2]);
  expect(reads).toBe(2);
});
