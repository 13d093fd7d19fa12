import { describe, expect, test } from 'vitest';
import { MessageRing } from './message-ring.js';

/** A Message of that many octets, all but its header filled with `fill`. */
function message(octets: number, fill: number): Uint8Array {
  const bytes = new Uint8Array(octets).fill(fill);
  bytes.set([0, 10, octets >> 8, octets & 0xff]);
  return bytes;
}

describe('MessageRing', () => {
  test('gives back what was put, in order, round and round', () => {
    const ring = MessageRing.allocate(4096);
    const put: Uint8Array[] = [];
    const taken: Uint8Array[] = [];
    for (let i = 0; i < 1000; i++) {
      const next = message(16 + ((i * 37) % 700), i & 0xff);
      while (!ring.put(next, 0, next.length)) taken.push(ring.take(1500)!);
      put.push(next);
    }
    for (let rest = ring.take(1500); rest !== undefined; rest = ring.take(1500)) taken.push(rest);
    expect(Buffer.concat(taken).equals(Buffer.concat(put))).toBe(true);
    expect(ring.used).toBe(0);
  });

  test('takes whole Messages only, and one at least', () => {
    const ring = MessageRing.allocate(4096);
    for (let i = 0; i < 3; i++) ring.put(message(100, i), 0, 100);
    expect([ring.take(250)?.length, ring.take(10)?.length, ring.take(10)]).toEqual([200, 100, undefined]);
  });

  test('a full ring takes nothing, and does not forget', () => {
    const ring = MessageRing.allocate(256);
    expect([200, 57, 56].map(octets => ring.put(message(octets, 1), 0, octets))).toEqual([true, false, true]);
    expect(ring.take(1000)?.length).toBe(256);
  });

  test('the writer wakes a reader that found nothing, once', () => {
    const ring = MessageRing.allocate(256);
    expect(ring.mustWake()).toBe(false);
    ring.take(10);
    expect([ring.mustWake(), ring.mustWake()]).toEqual([true, false]);
  });
});
