import { expect, test } from 'vitest';
import { BaseError, baseTroubleOf } from './trouble.js';

const page = 'https://weir.example/?page=map';
const tiles = 'https://tile.example:8443/{z}/{x}/{y}.pbf';
const host = 'tile.example:8443';
const of = (error: unknown, asked = tiles) => baseTroubleOf(error, asked, page);

test('an answer that is an error', () => {
  const error = Object.assign(new Error('AJAXError: Forbidden (403)'), {
    status: 403,
    url: 'https://tile.example:8443/1/0/0.pbf',
  });
  expect(of(error)).toEqual({ kind: 'refused', status: 403, host });
  expect(of(new Error('Bad response code: 404'), 'api/v1/mesh/tiles')).toEqual({ kind: 'refused', status: 404 });
});

test.each(['Failed to fetch', 'NetworkError when attempting to fetch resource.', 'Load failed'])(
  'no answer: %s',
  text => {
    expect(of(new TypeError(text))).toEqual({ kind: 'silent', host });
    expect(of(Object.assign(new Error(text), { status: 0, url: 'https://other.example/a.json' }))).toEqual({
      ...{ kind: 'forbidden', host: 'other.example' },
    });
  },
);

test('what is not as it should be', () => {
  expect(of(new Error('Wrong magic number for PMTiles archive'))).toEqual({ kind: 'broken', host });
  expect(of(new Error('Server returned no content-length header. Check that it supports HTTP Byte Serving.'))).toEqual({
    ...{ kind: 'whole', host },
  });
  expect(of(new BaseError({ kind: 'forbidden' }, 'https://other.example/a'))).toEqual({
    ...{ kind: 'forbidden', host: 'other.example' },
  });
});
