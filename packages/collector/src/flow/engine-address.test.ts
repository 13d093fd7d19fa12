import { parseAddress } from '@weir/flow';
import { expect, test } from 'vitest';
import { engineAddress, plainAddress } from './engine-address.js';

test('texts of the engine', () => {
  expect(engineAddress(parseAddress('2001:db8::1')!)).toBe('2001:0db8:0000:0000:0000:0000:0000:0001');
  expect(plainAddress('::ffff:10.0.0.1')).toBe('10.0.0.1');
  expect(plainAddress('::ffff:0:1')).toBe('::ffff:0:1');
});
