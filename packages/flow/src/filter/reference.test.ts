import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fields } from '../fields.js';
import { FilterError } from './error.js';
import { parseFilter } from './parser.js';

const page = readFileSync(new URL('../../../../docs/reference/filter.md', import.meta.url), 'utf8');
const examples = [...page.matchAll(/```filter\n([^`]+)```/g)].flatMap(match => match[1]!.trim().split('\n'));

test.each(examples)('the example %s means something', example => {
  expect(parseFilter(example).kind).toBeTypeOf('string');
});

test('the page has examples, and every short name', () => {
  expect(examples.length).toBeGreaterThan(20);
  const told = new Set([...page.matchAll(/`([a-z]+)`/g)].map(match => match[1]));
  expect(fields.flatMap(field => field.names).filter(name => !told.has(name))).toEqual([]);
});

test('the error on the page is the one that is given', () => {
  const shown = /weir: (filter, column .*)/.exec(page)?.[1];
  expect(() => parseFilter('proto foo')).toThrow(FilterError);
  expect(() => parseFilter('proto foo')).toThrow(shown);
});
