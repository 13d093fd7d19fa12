import { expect, test } from 'vitest';
import { committed, generate } from './generate.js';

test.each(await generate())('$path is what it is made of; if not, run `npm run generate`', module => {
  expect(committed(module)).toBe(module.content);
});
