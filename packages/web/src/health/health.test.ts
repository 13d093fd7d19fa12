import { describe, expect, test } from 'vitest';
import type { ExporterStatus, Status } from '../api/types.js';
import { collectorFindings, exporterFindings, healthOf } from './health.js';
import { totalsOf } from './totals.js';

const NOW = 1_800_000_000_000;

function exporter(change: Partial<ExporterStatus> = {}): ExporterStatus {
  return {
    address: '127.0.0.1',
    observationDomainId: 1,
    transport: 'udp',
    firstSeen: NOW - 3_600_000,
    lastSeen: NOW - 500,
    messages: 100,
    records: 2000,
    octets: 150_000,
    lostRecords: 0,
    unknownTemplateSets: 0,
    malformedMessages: 0,
    templates: 6,
    statistics: {
      exportedFlowRecordTotalCount: 2000,
      notSentFlowTotalCount: 0,
      conntrackEntryCount: 50,
      maxSessionEntries: 1000,
    },
    ...change,
  };
}

function status(...exporters: ExporterStatus[]): Status {
  const store = { url: 'chdb:/x', healthy: true, restarts: 0, rows: 1, octetsOnDisk: 1, pendingBatches: 0 };
  return {
    version: '0.1.0',
    now: NOW,
    startedAt: NOW,
    listening: ['udp://127.0.0.1:4739'],
    databases: [],
    store,
    spool: { rawOctets: 0, blockOctets: 0 },
    dropped: { records: 0, datagrams: 0 },
    exporters,
  };
}

test('what is not well is either the collector or one exporter', () => {
  const both = { ...status(exporter({ lostRecords: 3 })), dropped: { records: 5, datagrams: 0 } };
  const parts = [...collectorFindings(both), ...exporterFindings(both.exporters[0]!, NOW)];
  expect(parts).toHaveLength(2);
  expect(healthOf(both, 'live').findings).toEqual(parts);
});

test('what the collector itself dropped is loud, and records of it count as lost', () => {
  const lossy = { ...status(exporter()), dropped: { records: 5, datagrams: 2 } };
  expect(totalsOf(lossy).lost).toBe(5);
  expect(healthOf(lossy, 'live').findings.map(finding => finding.title)).toEqual(['Flows lost', 'Datagrams lost']);
});

describe('health', () => {
  test('all well', () => {
    expect(healthOf(status(exporter()), 'live')).toEqual({ level: 'ok', headline: 'Metering', findings: [] });
  });

  test('no exporter is waiting, not a problem', () => {
    expect(healthOf(status(), 'live').level).toBe('waiting');
  });

  test('without a connection the last status does not count as health', () => {
    expect(healthOf(status(exporter()), 'lost').level).toBe('problem');
    expect(healthOf(status(exporter()), 'token').findings[0]?.action).toContain('?token=');
  });

  test.each<[string, Partial<ExporterStatus>, string, string]>([
    ['records lost on the way', { lostRecords: 3 }, 'problem', '3 Data Records'],
    ['datagrams without room', { droppedDatagrams: 7 }, 'problem', '7 datagrams'],
    ['one not sent', { statistics: { notSentFlowTotalCount: 1 } }, 'problem', '1 Flow Record '],
    ['a table nearly full', { statistics: { conntrackEntryCount: 800, maxSessionEntries: 1000 } }, 'warning', '80%'],
    ['a full table', { statistics: { conntrackEntryCount: 1000, maxSessionEntries: 1000 } }, 'problem', '100%'],
    ['a reset', { statistics: { counterResetTotalCount: 2 } }, 'warning', '2 times'],
    ['a flow table overflow', { statistics: { flowTableOverflowTotalCount: 9 } }, 'problem', '9 times'],
    ['an unknown Template', { unknownTemplateSets: 4 }, 'warning', '4 Data Sets'],
    ['a clock that is behind', { clockBehind: 61_000 }, 'warning', '1 min'],
    ['a clock that is ahead', { clockBehind: -3_600_000 }, 'warning', 'ahead'],
    ['a malformed Message', { malformedMessages: 5 }, 'warning', '5 Messages'],
    ['silence', { lastSeen: NOW - 300_000 }, 'warning', '5 min ago'],
  ])('%s is said with its number', (_name, change, level, text) => {
    const health = healthOf(status(exporter(change)), 'live');
    expect(health.level).toBe(level);
    expect(health.findings).toHaveLength(1);
    expect(health.findings[0]?.what).toContain(text);
    expect(health.findings[0]?.action).not.toBe('');
  });

  test('a store that is down comes before warnings', () => {
    const ill = status(exporter({ malformedMessages: 5 }));
    ill.store.healthy = false;
    const health = healthOf(ill, 'live');
    expect(health.headline).toBe('Store is down');
    expect(health.findings).toHaveLength(2);
  });
});

describe('totals', () => {
  test('loss is what was not sent and what did not come, over all exporters', () => {
    const lossy = exporter({ lostRecords: 3, statistics: { notSentFlowTotalCount: 4 } });
    expect(totalsOf(status(lossy, exporter({ lostRecords: 10 }))).lost).toBe(17);
  });

  test('what no exporter says is absent, not zero', () => {
    const { statistics, ...silent } = exporter();
    expect(statistics).toBeDefined();
    const totals = totalsOf(status(silent));
    expect(totals).toEqual({ lost: 0, activeTimeout: 60_000 });
  });

  test('an exporter that went away is not tracked now', () => {
    const gone = exporter({ lastSeen: NOW - 1_000_000 });
    expect(totalsOf(status(exporter(), gone))).toMatchObject({ tracked: 50, capacity: 1000, exported: 4000 });
  });

  test('the longest active timeout counts', () => {
    const fast = exporter({ statistics: { flowActiveTimeout: 5 } });
    expect(totalsOf(status(fast)).activeTimeout).toBe(5000);
    expect(totalsOf(status(fast, exporter({ statistics: { flowActiveTimeout: 90 } }))).activeTimeout).toBe(90_000);
  });
});
