import { expect, test } from 'vitest';
import { committed, generate } from './generate.js';

test.each(generate())('$path is what registry/ says; if not, run `npm run generate`', module => {
  expect(committed(module)).toBe(module.content);
});
