import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { apart, linear, SIGHTS } from './testing/sight.js';

const css = readFileSync(new URL('../app.css', import.meta.url), 'utf8');

/** The colours of app.css in one look, by token. */
function colours(look: 'light' | 'dark'): Map<string, string> {
  const pairs = css.matchAll(/--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);/g);
  return new Map([...pairs].map(([, name, light, dark]) => [name!, (look === 'light' ? light : dark)!]));
}

/** Relative luminance, as WCAG 2.2 defines it. */
function luminance(colour: string): number {
  const [red, green, blue] = linear(colour);
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

function contrast(a: string, b: string): number {
  const [less, more] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (more! + 0.05) / (less! + 0.05);
}

const BACKS = ['page', 'surface', 'surface-2'];
/** What is written on what: WCAG 2.2, 1.4.3. */
const TEXT = [
  ...['text', 'text-2', 'text-3', 'accent', 'ok', 'warning', 'problem', 'in', 'out'].flatMap(text =>
    BACKS.map(back => [text, back] as const),
  ),
  ...['ok', 'warning', 'problem'].map(text => [text, `${text}-back`] as const),
  ...['warning-back', 'problem-back'].map(back => ['text', back] as const),
  ...['text', 'text-2', 'text-3', 'accent', 'ok', 'problem'].map(text => [text, 'chosen'] as const),
  ['surface', 'problem'],
  ['surface', 'accent'],
] as const;
/** Edges of fields and lines of plots on what they stand: 1.4.11. */
const GROUPS = [...Array.from({ length: 8 }, (_, i) => `group-${i + 1}`), 'group-others'];
const GRAPHICS = ['field', 'in', 'out', 'accent', ...GROUPS].flatMap(name =>
  ['surface', 'surface-2'].map(back => [name, back] as const),
);

describe.each(['light', 'dark'] as const)('in the %s look', look => {
  const tokens = colours(look);
  const ratio = (name: string, back: string): number => contrast(tokens.get(name)!, tokens.get(back)!);

  test.each(TEXT)('--%s can be read on --%s', (text, back) => expect(ratio(text, back)).toBeGreaterThanOrEqual(4.5));

  // What is hardly noticed is 0.02 apart.
  test.each(Object.keys(SIGHTS))('%s tell neighbours in a stack of groups from each other', sight => {
    for (const [i, name] of GROUPS.slice(1).entries()) {
      expect(apart(tokens.get(GROUPS[i]!)!, tokens.get(name)!, sight), name).toBeGreaterThan(0.12);
    }
  });

  test.each(GRAPHICS)('--%s can be seen on --%s', (name, back) => expect(ratio(name, back)).toBeGreaterThanOrEqual(3));
});

test('contrast is computed as WCAG does', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
});
