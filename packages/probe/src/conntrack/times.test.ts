import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nanoseconds } from './times.js';

/** Of 2004 to 2039, when the last bit of milliseconds since the epoch stands for the same. */
const time = fc.bigInt({ min: (2n ** 40n + 1n) * 1_000_000n, max: (2n ** 41n - 1n) * 1_000_000n - 1n });

function milliseconds(time: bigint): number {
  return nanoseconds(Number(time >> 32n), Number(time & 0xffff_ffffn));
}

test('a time is in its own millisecond, also at the end of it', () => {
  fc.assert(
    fc.property(time, fc.integer({ min: 0, max: 300 }), (at, before) => {
      const whole = at / 1_000_000n;
      const late = (whole + 1n) * 1_000_000n - 1n - BigInt(before);
      expect([at, late, whole * 1_000_000n].map(each => Math.floor(milliseconds(each)))).toEqual(
        [whole, whole, whole].map(Number),
      );
      expect(milliseconds(whole * 1_000_000n)).toBe(Number(whole));
    }),
  );
});
