import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const css = readFileSync(new URL('../app.css', import.meta.url), 'utf8');

/** The colours of app.css in one look, by token. */
function colours(look: 'light' | 'dark'): Map<string, string> {
  const pairs = css.matchAll(/--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);/g);
  return new Map([...pairs].map(([, name, light, dark]) => [name!, (look === 'light' ? light : dark)!]));
}

/** The parts of a colour as light has them: linear. */
function linear(colour: string): number[] {
  return [1, 3, 5].map(at => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
}

/** How much of each part the others see as the first, second and third (Machado, Oliveira and Fernandes 2009, complete). */
const SIGHTS: Readonly<Record<string, readonly (readonly number[])[]>> = {
  everybody: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopes: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopes: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopes: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** Lightness and two opponent colours: distances in them are as they look (Oklab). */
function seen(colour: string, sight: string): number[] {
  const light = linear(colour);
  const [r, g, b] = SIGHTS[sight]!.map(row =>
    Math.max(
      0,
      row.reduce((sum, part, i) => sum + part * light[i]!, 0),
    ),
  );
  const l = Math.cbrt(0.4122214708 * r! + 0.5363325363 * g! + 0.0514459929 * b!);
  const m = Math.cbrt(0.2119034982 * r! + 0.6806995451 * g! + 0.1073969566 * b!);
  const s = Math.cbrt(0.0883024619 * r! + 0.2817188376 * g! + 0.6299787005 * b!);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

const apart = (a: string, b: string, sight: string): number =>
  Math.hypot(...seen(a, sight).map((value, i) => value - seen(b, sight)[i]!));

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
