import { expect, test } from 'vitest';
import type { ExporterStatus } from '../api/types.js';
import { mergeSessions } from './sessions.js';

function session(lastSeen: number, records: number, change: Partial<ExporterStatus> = {}): ExporterStatus {
  return {
    address: '192.0.2.1',
    observationDomainId: 1,
    transport: 'udp',
    firstSeen: lastSeen - 1000,
    lastSeen,
    messages: 1,
    records,
    octets: 100,
    lostRecords: 2,
    unknownTemplateSets: 0,
    malformedMessages: 0,
    templates: 4,
    ...change,
  };
}

test('two sessions of one exporter are one: counters add up, states are the newer', () => {
  const older = session(5000, 10, { statistics: { exportedFlowRecordTotalCount: 10, conntrackEntryCount: 900 } });
  const newer = session(9000, 4, { statistics: { exportedFlowRecordTotalCount: 4, conntrackEntryCount: 30 } });
  for (const order of [
    [older, newer],
    [newer, older],
  ]) {
    const [one, ...more] = mergeSessions(order);
    expect(more).toEqual([]);
    expect(one).toMatchObject({ firstSeen: 4000, lastSeen: 9000, records: 14, lostRecords: 4, messages: 2 });
    expect(one?.statistics).toEqual({ exportedFlowRecordTotalCount: 14, conntrackEntryCount: 30 });
  }
});

test('a new session without statistics yet keeps the counts, not the state of the old one', () => {
  const older = session(5000, 10, { statistics: { exportedFlowRecordTotalCount: 10, conntrackEntryCount: 900 } });
  expect(mergeSessions([older, session(9000, 0)])[0]?.statistics).toEqual({ exportedFlowRecordTotalCount: 10 });
});

test('other addresses and other Observation Domains stay apart', () => {
  const sessions = [session(1, 1), session(2, 1, { observationDomainId: 2 }), session(3, 1, { address: '192.0.2.2' })];
  expect(mergeSessions(sessions)).toEqual(sessions);
});
