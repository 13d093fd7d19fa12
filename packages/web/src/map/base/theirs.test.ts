import { expect, test } from 'vitest';
import { readTheirs } from './theirs.js';

const own = 'https://weir.example';
const url = 'https://tile.example/style.json';
const style = (more: object) => ({ version: 8, sources: {}, layers: [], ...more });
const read = (told: unknown) => readTheirs(told, url, own);

test('a style, and what says what tiles there are', () => {
  expect(read(style({}))).toEqual({ style: style({}) });
  expect(read({ tilejson: '3.0.0', tiles: [], vector_layers: [] })).toEqual({ tiles: 'vector' });
  expect(read({ tilejson: '2.2.0', tiles: [] })).toEqual({ tiles: 'raster' });
  for (const told of [undefined, null, 'no', {}, { version: 7, sources: {}, layers: [] }])
    expect(() => read(told)).toThrow('broken: https://tile.example/style.json');
});

test('a style may name its own server and this one, and no other', () => {
  const source = {
    type: 'vector',
    tiles: ['https://tile.example/{z}/{x}/{y}.pbf'],
    attribution: '<a href="https://osm.example">',
  };
  expect(read(style({ sources: { source }, sprite: 'https://weir.example/sprite' }))).toHaveProperty('style');
  const glyphs = 'https://fonts.example/{fontstack}/{range}.pbf';
  expect(() => read(style({ sources: { source }, glyphs }))).toThrow(`forbidden: ${glyphs}`);
});
