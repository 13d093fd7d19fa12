import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { mapSettings } from './map.js';

const defaults = { 'public-map': false, 'map-clients': false };
const tilesOf = (text: string) => mapSettings({ ...defaults, 'map-tiles': text }).mapTiles;

test('nothing is public, and nothing fetched, unless it is set', () => {
  expect(mapSettings(defaults)).toEqual({ publicMap: false, mapClients: false });
});

test('tiles are told apart by their address', () => {
  const raster = 'https://tile.example.org/a/{z}/{x}/{y}.png?key=1';
  expect(tilesOf(raster)).toEqual({ kind: 'raster', url: raster });
  const vector = 'http://127.0.0.1:8080/{z}/{x}/{y}.pbf';
  expect(tilesOf(vector)).toEqual({ kind: 'vector', url: vector });
  expect(tilesOf('https://example.org/a.pmtiles')).toEqual({ kind: 'pmtiles', url: 'https://example.org/a.pmtiles' });
  expect(tilesOf('https://example.org/style.json')).toEqual({ kind: 'style', url: 'https://example.org/style.json' });
  expect(tilesOf('maps/a.pmtiles')).toEqual({ kind: 'pmtiles', file: resolve('maps/a.pmtiles') });
});

test.each([
  'https://example.org/tiles',
  'https://{s}.example.org/{z}/{x}/{y}.png',
  'https://example.org/{z}/{x}.png',
  "https://e.org; script-src 'unsafe-inline'/{z}/{x}/{y}.png",
  'javascript:alert(1)//{z}/{x}/{y}',
  'a.mbtiles',
])('%s is no base map', text => {
  expect(() => tilesOf(text)).toThrow(/map-tiles: .* is no base map; write https:/);
});

test('a picture has its edges', () => {
  const imageOf = (text: string) => mapSettings({ ...defaults, 'map-image': text }).mapImage;
  expect(imageOf('plans/a=1.PNG=53.08,8.8, 53.07,8.82')).toEqual({
    ...{ file: resolve('plans/a=1.PNG'), type: 'image/png' },
    ...{ north: 53.08, west: 8.8, south: 53.07, east: 8.82 },
  });
  for (const text of ['a.png', 'a.gif=2,1,1,2', 'a.png=1,1,2,2', 'a.png=2,1,1', 'a.png=2,,1,2', 'a.png=91,1,1,2'])
    expect(() => imageOf(text)).toThrow(/map-image: .* is no picture with its edges/);
});
