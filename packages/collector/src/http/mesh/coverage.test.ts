import { expect, test } from 'vitest';
import type { SpansAsked } from '../../store/mesh/spans.js';
import { coverageOf } from './coverage.js';

const DAY = 86_400_000;
const now = 2_000 * DAY;

/** A history with looks since a month, which remembers what flows it is asked for. */
function history() {
  const asked: SpansAsked[] = [];
  const looks = new Map([
    ['city', [[now - 30 * DAY, now - 20 * DAY] as const, [now - 10 * DAY, now] as const]],
    ['gone', [[now - 90 * DAY, now - 80 * DAY] as const]],
  ]);
  return {
    asked,
    looks: ({ from, to }: SpansAsked) =>
      Promise.resolve(
        new Map([...looks].map(([name, spans]) => [name, spans.filter(([begin, end]) => end > from && begin < to)])),
      ),
    flows: (span: SpansAsked) => {
      asked.push(span);
      return Promise.resolve([[span.from, span.to] as const]);
    },
  };
}

test('reaches back to the first look at a topology that is shown', async () => {
  const past = history();
  const { sources } = await coverageOf(past, ['city'], { to: now });
  expect(past.asked).toEqual([{ from: now - 30 * DAY, to: now }]);
  expect(sources.map(({ name, spans }) => [name, spans.length])).toEqual([
    ['city', 2],
    ['flows', 1],
  ]);
});

test('or as far as was asked, or an hour', async () => {
  const past = history();
  await coverageOf(past, ['city'], { from: now - DAY, to: now });
  await coverageOf(past, ['new'], { to: now });
  expect(past.asked).toEqual([
    { from: now - DAY, to: now },
    { from: now - 3_600_000, to: now },
  ]);
});
