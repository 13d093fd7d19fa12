import { expect, test } from 'vitest';
import { committed, generate } from './generate.js';

test('the generated module is what registry/ says; if not, run `npm run generate`', () => {
  expect(committed()).toBe(generate());
});
