import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { coalesce } from './coalesce.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('coalesce', () => {
  test('runs at once, then once more for any number of calls in between', async () => {
    let runs = 0;
    const c = coalesce(async () => void runs++, 100);
    c.trigger();
    expect(runs).toBe(1);
    c.trigger();
    c.trigger();
    await vi.advanceTimersByTimeAsync(99);
    expect(runs).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(runs).toBe(2);
    await vi.advanceTimersByTimeAsync(1000);
    expect(runs).toBe(2);
  });

  test('never runs twice at the same time', async () => {
    let running = 0;
    let most = 0;
    const c = coalesce(async () => {
      most = Math.max(most, ++running);
      await new Promise(resolve => setTimeout(resolve, 500));
      running--;
    }, 10);
    for (let i = 0; i < 20; i++) {
      c.trigger();
      await vi.advanceTimersByTimeAsync(90);
    }
    expect(most).toBe(1);
  });

  test('runs again after it failed, until it succeeds, and not after stop', async () => {
    let runs = 0;
    const c = coalesce(async () => {
      if (++runs < 3) throw new Error('away');
    }, 10);
    c.trigger();
    await vi.advanceTimersByTimeAsync(100);
    expect(runs).toBe(3);
    c.stop();
    c.trigger();
    await vi.advanceTimersByTimeAsync(100);
    expect(runs).toBe(3);
  });
});
