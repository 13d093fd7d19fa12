import { expect, test } from 'vitest';
import type { SessionStatistics } from '../../api/types.js';
import { endParts, handshakeParts } from './sessions.js';

const STATISTICS: SessionStatistics = {
  ...{ flows: 20, oneSided: 0, stalls: { watched: 0, flows: 0, count: 0 } },
  handshakes: { established: 15, unanswered: 4, rejected: 0, halfOpen: 1 },
  ends: { initiator: 3, responder: 0, both: 9, reset: 0, timeout: 0, unknown: 0, ongoing: 3 },
};

test('shares of handshakes are of all, those of ends of what was established', () => {
  expect(handshakeParts(STATISTICS).map(({ share }) => share)).toEqual([0.75, 0.2, 0, 0.05]);
  expect(endParts(STATISTICS)).toEqual([
    { name: 'initiator', flows: 3, share: 0.2 },
    { name: 'both', flows: 9, share: 0.6 },
    { name: 'ongoing', flows: 3, share: 0.2 },
  ]);
});

test('where there is nothing there are no shares', () => {
  const none = { established: 0, unanswered: 0, rejected: 0, halfOpen: 0 };
  expect(handshakeParts({ ...STATISTICS, handshakes: none })).toEqual([]);
});
