import { expect, test } from 'vitest';
import { absoluteTiles, BASE_COLOURS, blankStyle, worldStyle } from './style.js';
import { vectorLayers } from './vector.js';

const colours = BASE_COLOURS.dark;

test('templates keep their braces, wherever the pages are', () => {
  expect(absoluteTiles('api/v1/mesh/tiles', 'https://mesh.example/weir/?page=map')).toBe(
    'https://mesh.example/weir/api/v1/mesh/tiles',
  );
  expect(absoluteTiles('https://t.example/{z}/{x}/{y}@2x.png?a={k}', 'http://x/')).toBe(
    'https://t.example/{z}/{x}/{y}@2x.png?a={k}',
  );
});

test('without tiles of the user nothing is asked of anyone: no glyphs, no sprites, only what is given', () => {
  for (const style of [worldStyle(colours, { land: '/land.json', places: '/places.json' }), blankStyle(colours)]) {
    expect(style.glyphs).toBeUndefined();
    expect(style.sprite).toBeUndefined();
    expect(JSON.stringify(style)).not.toMatch(/https?:/);
    expect(style.layers[0]!.type).toBe('background');
    for (const layer of style.layers.slice(1))
      expect(Object.keys(style.sources)).toContain((layer as { source: string }).source);
  }
});

test('the layers of vector tiles have names of their own', () => {
  const layers = vectorLayers('tiles', colours);
  expect(new Set(layers.map(({ id }) => id)).size).toBe(layers.length);
  expect(JSON.stringify(layers)).not.toContain('undefined');
  for (const layer of layers) expect(Object.values((layer as { paint: object }).paint)).not.toContain(undefined);
});
