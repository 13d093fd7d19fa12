import { describe, expect, test } from 'vitest';
import { putU16, putU32 } from './put.js';
import { Reader } from './reader.js';

describe('Reader', () => {
  test('reads big-endian integers in turn', () => {
    const reader = new Reader(Uint8Array.of(1, 2, 3, 0xff, 0, 0, 4, 9));
    expect([reader.u8(), reader.u16(), reader.u32()]).toEqual([1, 0x0203, 0xff000004]);
    expect(reader.remaining).toBe(1);
    expect(reader.failed).toBe(false);
  });

  test('a read past the end fails for good, and reads 0', () => {
    const reader = new Reader(Uint8Array.of(1, 2, 3, 4), 0, 3);
    reader.skip(2);
    expect(reader.u16()).toBe(0);
    expect([reader.failed, reader.u8(), reader.offset, reader.remaining]).toEqual([true, 0, 2, 0]);
  });

  test.each([-1, Number.NaN, 2 ** 40])('skip(%d) never moves outside', n => {
    const reader = new Reader(new Uint8Array(4), 1, 99);
    expect(reader.end).toBe(4);
    reader.skip(n);
    expect(reader.failed).toBe(true);
    expect(reader.offset).toBe(1);
  });

  test('reads what was put', () => {
    const bytes = new Uint8Array(6);
    putU16(bytes, 0, 0xfedc);
    putU32(bytes, 2, 2 ** 32 - 2);
    const reader = new Reader(bytes);
    expect([reader.u16(), reader.u32()]).toEqual([0xfedc, 2 ** 32 - 2]);
  });
});
