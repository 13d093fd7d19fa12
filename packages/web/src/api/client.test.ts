import { expect, test } from 'vitest';
import { ApiError, apiUrl, refusesFilter, troubleOf } from './client.js';

test('addresses are relative, and parameters are escaped or left out', () => {
  expect(apiUrl('live')).toBe('api/v1/live');
  expect(apiUrl('flows', { limit: 100, filter: '', to: undefined })).toBe('api/v1/flows?limit=100');
  expect(apiUrl('flows', { filter: 'a & b = "c"' })).toBe('api/v1/flows?filter=a+%26+b+%3D+%22c%22');
});

test('only a 400 to a question with a filter is about the filter', () => {
  expect(refusesFilter(new ApiError('expected a host', 400, 5), 'src')).toBe(true);
  expect(refusesFilter(new ApiError('too large', 400), '')).toBe(false);
  expect(refusesFilter(new ApiError('store is down', 503), 'src')).toBe(false);
  expect(refusesFilter(new TypeError('network'), 'src')).toBe(false);
});

test('trouble is what the collector says beside the filter', () => {
  expect(troubleOf(new ApiError('store is down', 503), 'src')).toBe('store is down');
  expect(troubleOf(new ApiError('too large', 400), '')).toBe('too large');
  expect(troubleOf(new ApiError('expected a host', 400, 5), 'src')).toBeUndefined();
  expect(troubleOf(new TypeError('network'), '')).toBeUndefined();
});
