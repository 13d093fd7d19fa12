import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bars, curves, heat, ticksTo } from './charts.js';

const frame = { label: 'Traffic "<by day>"', format: String };

test('ticks are round, and reach just above the most', () => {
  expect(ticksTo(0)).toEqual([0, 1]);
  expect(ticksTo(84)).toEqual([0, 50, 100]);
  expect(ticksTo(100)).toEqual([0, 50, 100]);
  fc.assert(
    fc.property(fc.double({ min: 1e-6, max: 1e18, noNaN: true }), most => {
      const ticks = ticksTo(most);
      expect(ticks.at(-1)! / most).toBeGreaterThanOrEqual(1 - 1e-9);
      expect(ticks.length).toBeGreaterThanOrEqual(3);
      expect(ticks.length).toBeLessThanOrEqual(6);
    }),
  );
});

test('bars stand on each other, with a mark of what was before', () => {
  const svg = bars([{ label: 'Mon', parts: [50, 25], before: 100 }], frame);
  const heights = [...svg.matchAll(/<rect class="part-\d".*? height="([\d.]+)"/g)].map(([, height]) => Number(height));
  // The room between the top and the labels is 162.
  expect(heights).toEqual([81, 40.5]);
  expect(svg).toContain('class="line before" points="127.8,8 654.2,8"');
  expect(svg).toContain('aria-label="Traffic &quot;&lt;by day&gt;&quot;"');
});

test('a curve has a gap where nothing is known', () => {
  const svg = curves([{ kind: 'p50', values: [1, 2, null, 2, 1], isFilled: true }], [[0, 'Mon']], frame);
  expect(svg.match(/class="line p50"/g)).toHaveLength(2);
  expect(svg.match(/class="area p50"/g)).toHaveLength(2);
});

test('nothing, and hours without traffic, are drawn without numbers that are none', () => {
  for (const svg of [
    bars([], frame),
    curves([{ kind: 'p50', values: [] }], [], frame),
    curves([{ kind: 'p50', values: [null, 0] }], [[0, 'x']], frame),
    heat([{ label: 'Mon', values: new Array(24).fill(0) }], 'When'),
  ])
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
});

test('the darkest hour is that with the most', () => {
  const svg = heat([{ label: 'Mon', values: [1, 4, 2] }], 'When');
  expect([...svg.matchAll(/fill-opacity="([\d.]+)"/g)].map(([, strength]) => Number(strength))).toEqual([0.25, 1, 0.5]);
});
