import { Value } from 'typebox/value';
import { expect, test } from 'vitest';
import { type ProbeConfig, probeSchema } from '../config/schema.js';
import { changesOf } from './changes.js';

const before = Value.Default(probeSchema, {}) as ProbeConfig;

test('nothing changed', () => {
  expect(changesOf(before, { ...before })).toEqual({ applied: [], needRestart: [] });
});

test('what takes effect at once, and what needs a restart; also where a key is new or gone', () => {
  const next: ProbeConfig = { ...before, collector: ['file:-'], 'active-timeout': 5, domain: 2, state: '/tmp/x' };
  expect(changesOf(before, next)).toEqual({
    applied: ['collector', 'active-timeout'],
    needRestart: ['domain', 'state'],
  });
  expect(changesOf(next, before).needRestart).toEqual(['domain', 'state']);
});
