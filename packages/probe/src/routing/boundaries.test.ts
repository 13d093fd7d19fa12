import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareWords, fillHost, increment } from './address.js';
import { Boundaries } from './boundaries.js';

const word = fc.oneof(fc.constantFrom(0, 1, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff), fc.nat(0xffffffff));

describe.each([1, 4])('addresses of %i words', width => {
  const address = fc.array(word, { minLength: width, maxLength: width }).map(words => Uint32Array.from(words));
  const prefix = fc.tuple(address, fc.nat(32 * width));
  const floor = (boundaries: Boundaries, words: Uint32Array) => {
    const target = new Uint32Array(width);
    boundaries.floor(words, 0, target, 0);
    return target;
  };
  const matches = (words: Uint32Array, [base, length]: [Uint32Array, number]) => {
    const [a, b] = [words.slice(), base.slice()];
    fillHost(a, 0, width, length, false);
    fillHost(b, 0, width, length, false);
    return compareWords(a, 0, b, 0, width) === 0;
  };

  test('all addresses with the same floor match the same prefixes', () => {
    fc.assert(
      fc.property(fc.array(prefix, { maxLength: 30 }), fc.array(address, { maxLength: 20 }), (prefixes, others) => {
        const boundaries = new Boundaries(width, 30);
        for (const [base, length] of prefixes) expect(boundaries.add(base, 0, length)).toBe(true);
        boundaries.seal();
        // The prefixes' own addresses are the ones near the edges.
        for (const words of [...others, ...prefixes.map(([base]) => base)]) {
          const first = floor(boundaries, words);
          expect(compareWords(first, 0, words, 0, width)).toBeLessThanOrEqual(0);
          for (const each of prefixes) expect(matches(first, each)).toBe(matches(words, each));
        }
      }),
    );
  });

  test('beyond its capacity it says so', () => {
    const boundaries = new Boundaries(width, 2);
    const one = new Uint32Array(width).fill(5);
    expect([1, 2, 3].map(() => boundaries.add(one, 0, 32 * width))).toEqual([true, true, false]);
    boundaries.clear();
    expect(boundaries.add(one, 0, 32 * width)).toBe(true);
    expect(boundaries.prefixes).toBe(1);
  });

  test('the address behind the last one does not exist', () => {
    const last = new Uint32Array(width).fill(0xffffffff);
    expect(increment(last, 0, width)).toBe(false);
    const boundaries = new Boundaries(width, 1);
    boundaries.add(new Uint32Array(width).fill(0xffffffff), 0, 1);
    boundaries.seal();
    expect(floor(boundaries, new Uint32Array(width))).toEqual(new Uint32Array(width));
    expect(floor(boundaries, new Uint32Array(width).fill(0xffffffff))[0]).toBe(0x80000000);
  });
});
