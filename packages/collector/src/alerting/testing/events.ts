import type { TrafficEvent } from '../../analysis/events/event.js';

/** 2026-11-28 02:41 UTC. */
export const BEGIN = Date.UTC(2026, 10, 28, 2, 41);

export function scanOf(address: string, more: Partial<TrafficEvent> = {}): TrafficEvent {
  return {
    ...{ id: `scan-${address}`, kind: 'scan', unit: 'targets', size: 1204, expected: 12, start: BEGIN },
    subject: { name: address, filter: `host ${address}` },
    causes: [
      { name: 'port 22', filter: 'port 22', share: 0.834 },
      { name: 'port 23', filter: 'port 23', share: 0.1 },
    ],
    ...more,
  };
}
