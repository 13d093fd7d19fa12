import { expect, test } from 'vitest';
import { groupsOf, same, textOf, typed } from './fields.js';

const schema = {
  properties: {
    collector: { type: 'array', description: 'Where to export to.' },
    distribute: { anyOf: [{ const: 'all' }, { const: 'failover' }], description: 'Who gets it.' },
    'active-timeout': { type: 'number', minimum: 1, maximum: 86_400 },
    'spool-size': { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER },
    reliable: { type: 'boolean' },
    filter: { type: 'string' },
    'of-a-newer-probe': { type: 'string' },
  },
};

test('each setting is asked for as its schema says, and none is left out', () => {
  const groups = groupsOf(schema);
  expect(groups.map(({ name, fields }) => [name, fields.map(({ key }) => key)])).toEqual([
    ['export', ['collector', 'distribute', 'spool-size']],
    ['metering', ['active-timeout', 'reliable']],
    ['records', ['filter']],
    ['operation', ['of-a-newer-probe']],
  ]);
  const kinds = Object.fromEntries(groups.flatMap(({ fields }) => fields.map(({ key, kind }) => [key, kind])));
  expect(kinds).toMatchObject({ collector: 'list', distribute: 'choice', reliable: 'switch', filter: 'text' });
  expect(groups[0]!.fields[1]!.choices).toEqual(['all', 'failover']);
  expect(groups[1]!.fields[0]).toMatchObject({ least: 1, most: 86_400, kind: 'number' });
  expect(groups[0]!.fields[2]).not.toHaveProperty('most');
});

test('a schema that is none has no settings', () => {
  for (const nothing of [undefined, null, {}, 'text'])
    expect(groupsOf(nothing).flatMap(each => each.fields)).toEqual([]);
});

test('what was typed', () => {
  expect(typed({ kind: 'number' }, ' 12.5 ')).toBe(12.5);
  // The probe says what is wrong with it.
  expect(typed({ kind: 'number' }, 'ten')).toBe('ten');
  expect(typed({ kind: 'text' }, ' 12 ')).toBe('12');
  expect(typed({ kind: 'text' }, '  ')).toBeNull();
});

test('what is the same, and how it is said', () => {
  expect(same(undefined, null)).toBe(true);
  expect(same(['a'], ['a'])).toBe(true);
  expect(same(1, '1')).toBe(false);
  expect(textOf(['a', 'b'])).toBe('a, b');
  expect(textOf(null)).toBe('');
  expect(textOf(false)).toBe('false');
});
