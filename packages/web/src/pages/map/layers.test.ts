import { expect, test } from 'vitest';
import { type Layering, parseLayers, printLayers, strengthsOf } from './layers.js';

test('layers survive the address, whatever they are called', () => {
  const layers = new Map<string, Layering>([
    ['olsr', 'dim'],
    ['city, north', 'off'],
    ['a.dim', 'off'],
    ['ümlaut|x', 'dim'],
  ]);
  const text = printLayers(layers);
  expect(text).toMatch(/^[\w.,%!~*'()-]+$/);
  expect(parseLayers(text)).toEqual(layers);
});

test('on is what nobody has to say', () => {
  expect(printLayers(new Map([['olsr', 'on']]))).toBe('');
  expect([...strengthsOf(['a', 'b', 'c'], parseLayers('a.dim,c.off')).values()]).toEqual([0.3, 1, 0]);
});

test('nonsense is no layer', () => expect(parseLayers('x,.dim,%E0%A4%A.dim').size).toBe(0));
