import { expect, test } from 'vitest';
import { anomalyEvent } from './event.js';

const of = {
  key: 'octets of eth0',
  subject: { name: 'eth0 of 10.0.0.1', filter: 'in if eth0' },
  unit: 'bit/s',
} as const;

test('an event that goes on has no end, and keeps its id until it is over', () => {
  const going = anomalyEvent({ start: 60_000, size: 9e6, expected: 1e6 }, of);
  expect(going).toEqual({
    id: 'anomaly octets of eth0 60000',
    kind: 'anomaly',
    subject: of.subject,
    start: 60_000,
    size: 9e6,
    expected: 1e6,
    unit: 'bit/s',
    causes: [],
  });
  expect('end' in going).toBe(false);
  const over = anomalyEvent({ start: 60_000, end: 180_000, size: 1e7, expected: 1e6 }, of);
  expect([over.id, over.end]).toEqual([going.id, 180_000]);
});
