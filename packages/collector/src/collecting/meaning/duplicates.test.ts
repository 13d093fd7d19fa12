import { describe, expect, test } from 'vitest';
import { messagesOf, type TestRecord } from '../../flow/testing/records.js';
import { Ingest } from '../ingest.js';
import { peerOfText } from '../peer.js';
import { FlowOwners } from './flow-owners.js';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const time = (seconds: number): string => new Date(NOW + seconds * 1000).toISOString();

const base: TestRecord = {
  sourceIPv4Address: '10.0.0.1',
  destinationIPv4Address: '198.51.100.7',
  sourceTransportPort: 40_000,
  destinationTransportPort: 443,
  protocolIdentifier: 6,
};
/** Both ways, from second to second; it has ended, where not said otherwise. */
function flow(begin: number, end: number, more: TestRecord = {}): TestRecord {
  return {
    ...base,
    flowStartMilliseconds: time(begin),
    flowEndMilliseconds: time(end),
    packetDeltaCount: 5,
    reversePacketDeltaCount: 5,
    flowEndReason: 3,
    ...more,
  };
}
const goesOn = { flowEndReason: 2 };
/** One way only. */
function half(begin: number, end: number, more: TestRecord = {}): TestRecord {
  const { reversePacketDeltaCount: _, ...rest } = flow(begin, end, more);
  return rest;
}
const back: TestRecord = {
  sourceIPv4Address: '198.51.100.7',
  destinationIPv4Address: '10.0.0.1',
  sourceTransportPort: 443,
  destinationTransportPort: 40_000,
};
const nat = (address: string, port: number): TestRecord => ({
  postNATSourceIPv4Address: address,
  postNAPTSourceTransportPort: port,
});
/** As it is told on the other side of a translation. */
const outside = (address: string, port: number): TestRecord => ({
  sourceIPv4Address: address,
  sourceTransportPort: port,
});

interface Options {
  readonly owners?: FlowOwners;
  readonly slots?: number;
}

/** Exporters that both have been heard of, so that they are compared. */
function collector({ slots, owners = new FlowOwners(FlowOwners.memory(slots), false) }: Options = {}) {
  const ingest = new Ingest({ capacity: 65_536, deliver: () => true, owners });
  const counts = new Map<string, number>();
  let sequence = 0;
  /** Whether an exporter's only record is marked; it is received at that second. */
  const told = (exporter: string, record: TestRecord, at = 0, domain = 1): boolean => {
    const address = peerOfText(`192.0.2.${exporter.charCodeAt(0)}`, 4739 + sequence++);
    for (const message of messagesOf([record], (NOW + at * 1000) / 1000, domain)) {
      ingest.datagram(message, address, NOW + at * 1000);
    }
    const marked = ingest.exporters.list().reduce((sum, each) => sum + (each.duplicateRecords ?? 0), 0);
    const before = counts.get('all') ?? 0;
    counts.set('all', marked);
    return marked > before;
  };
  const away = { sourceIPv4Address: '203.0.113.99', destinationIPv4Address: '203.0.113.98' };
  for (const exporter of ['A', 'B'])
    told(exporter, flow(-1, -1, { ...away, sourceTransportPort: exporter.charCodeAt(0) }), -1);
  return { told, ingest };
}

describe('a record of another exporter', () => {
  test('about the same time is marked; the owner itself never is', () => {
    const { told, ingest } = collector();
    expect(told('A', flow(-10, 0))).toBe(false);
    expect(told('B', flow(-10, 0))).toBe(true);
    expect(told('B', flow(-9.5, 0.5), 30)).toBe(true);
    expect(told('A', flow(-10, 0))).toBe(false);
    expect(ingest.exporters.list().map(({ address, duplicateRecords }) => [address, duplicateRecords])).toEqual([
      ['192.0.2.65', undefined],
      ['192.0.2.66', 2],
    ]);
  });

  test('of another time is not, and makes it the owner', () => {
    const { told } = collector();
    told('A', flow(-10, 0));
    expect(told('B', flow(150, 160), 160)).toBe(false);
    expect(told('A', flow(150, 160), 161)).toBe(true);
    // What ended before the owner's began.
    expect(told('A', flow(-10, 0), 162)).toBe(false);
    expect(told('B', flow(155, 165), 165)).toBe(false);
  });

  test('is marked in all reports of a Flow that goes on', () => {
    const { told } = collector();
    const report = (from: number, to: number) =>
      flow(-600, to, { ...goesOn, monitoringIntervalStartMilliSeconds: time(from) });
    told('A', report(0, 60), 60);
    for (let minute = 0; minute < 5; minute++) {
      expect(told('B', report(minute * 60 + 20, minute * 60 + 80), minute * 60 + 80)).toBe(true);
      expect(told('A', report(minute * 60 + 60, minute * 60 + 120), minute * 60 + 120)).toBe(false);
    }
  });

  test.each<[string, TestRecord]>([
    ['another port', { sourceTransportPort: 40_001 }],
    ['another protocol', { protocolIdentifier: 17 }],
    ['another address', { destinationIPv4Address: '198.51.100.8' }],
  ])('with %s is another Flow', (_, more) => {
    const { told } = collector();
    told('A', flow(-10, 0));
    expect(told('B', flow(-10, 0, more))).toBe(false);
  });

  test('of another Observation Domain of the same exporter is marked, of another port of it not', () => {
    const { told } = collector();
    told('A', flow(-10, 0));
    expect(told('A', flow(-10, 0), 0, 1)).toBe(false);
    expect(told('A', flow(-10, 0), 0, 2)).toBe(true);
  });
});

describe('an owner', () => {
  test('that falls silent as a whole loses its Flows', () => {
    const { told } = collector();
    told('A', flow(-60, 0, goesOn), 0);
    expect(told('B', flow(-60, 60, goesOn), 60)).toBe(true);
    expect(told('B', flow(-60, 120, { ...goesOn, monitoringIntervalStartMilliSeconds: time(60) }), 120)).toBe(false);
    expect(told('A', flow(-60, 180, { ...goesOn, monitoringIntervalStartMilliSeconds: time(120) }), 180)).toBe(true);
  });

  test('that tells no more of one Flow loses it', () => {
    const { told } = collector();
    told('A', flow(-60, 0, goesOn), 0);
    const other = { sourceTransportPort: 1 };
    for (let at = 60; at < 480; at += 60) told('A', flow(at, at, other), at);
    const report = (from: number) =>
      flow(-60, from + 60, { ...goesOn, monitoringIntervalStartMilliSeconds: time(from) });
    expect(told('B', report(300), 360)).toBe(true);
    expect(told('B', report(420), 480)).toBe(false);
  });
});

describe('directions', () => {
  test('two halves by one exporter are both its own', () => {
    const { told } = collector();
    expect(told('A', half(-10, 0))).toBe(false);
    expect(told('A', half(-10, 0, back))).toBe(false);
    expect(told('B', half(-10, 0))).toBe(true);
    expect(told('B', half(-10, 0, back))).toBe(true);
    expect(told('C', flow(-10, 0))).toBe(true);
  });

  test('the way there by one exporter and the way back by another are told once each', () => {
    const { told } = collector();
    expect(told('A', half(-10, 0))).toBe(false);
    expect(told('B', half(-10, 0, back))).toBe(false);
    expect(told('A', half(-5, 2))).toBe(false);
    expect(told('B', half(-5, 2, back))).toBe(false);
    expect(told('C', flow(-10, 0))).toBe(true);
  });

  test('who tells of both ways counts, and not who tells of one', () => {
    const { told } = collector();
    told('A', half(-10, 0, goesOn));
    expect(told('B', flow(-10, 0, goesOn))).toBe(false);
    expect(told('A', half(0, 10, goesOn), 10)).toBe(true);
    expect(told('B', flow(0, 10, goesOn), 10)).toBe(false);
  });

  test('a biflow without an answer is the way there; the initiator may be the other end', () => {
    const { told } = collector();
    told('A', flow(-10, 0));
    expect(told('B', flow(-10, 0, { reversePacketDeltaCount: 0 }))).toBe(true);
    expect(told('B', flow(-10, 0, back))).toBe(true);
  });

  test('an interval in which packets came one way only does not give the other away', () => {
    const { told } = collector();
    told('A', flow(-10, 0, goesOn));
    for (const at of [60, 300, 540]) {
      told('A', flow(-10, at, { ...goesOn, reversePacketDeltaCount: 0 }), at);
      expect(told('B', flow(-10, at, { ...goesOn, monitoringIntervalStartMilliSeconds: time(at - 60) }), at)).toBe(
        true,
      );
    }
  });
});

describe('translation', () => {
  const inside = flow(-10, 0);
  const translated = flow(-10, 0, nat('203.0.113.1', 61_000));
  const beyond = flow(-10, 0, outside('203.0.113.1', 61_000));

  test.each<[string, TestRecord, TestRecord]>([
    ['who translates, who sees what comes out', translated, beyond],
    ['who sees what comes out, who translates', beyond, translated],
    ['who sees what goes in, who translates', inside, translated],
    ['who translates, who sees what goes in', translated, inside],
    ['both tell the same translation', translated, translated],
  ])('%s', (_, first, second) => {
    const { told } = collector();
    expect(told('A', first)).toBe(false);
    expect(told('B', second)).toBe(true);
  });

  test('only who translates joins both sides, from then on', () => {
    const { told } = collector();
    told('A', { ...inside, ...goesOn });
    expect(told('C', { ...beyond, ...goesOn })).toBe(false);
    expect(told('B', { ...translated, ...goesOn })).toBe(true);
    expect(told('C', { ...beyond, ...goesOn })).toBe(true);
    expect(told('A', { ...inside, ...goesOn })).toBe(false);
  });

  test('two in a row: each joins its sides', () => {
    const { told } = collector();
    const again = flow(-10, 0, { ...outside('203.0.113.1', 61_000), ...nat('198.18.0.1', 7) });
    expect(told('A', translated)).toBe(false);
    expect(told('B', again)).toBe(true);
    expect(told('C', flow(-10, 0, outside('198.18.0.1', 7)))).toBe(true);
    expect(told('C', inside)).toBe(true);
  });

  test('of the same private addresses to different ones: two sites', () => {
    const { told } = collector();
    const other = flow(-10, 0, nat('203.0.113.2', 61_000));
    for (let round = 0; round < 3; round++) {
      expect(told('A', translated)).toBe(false);
      expect(told('B', other)).toBe(false);
    }
    expect(told('C', beyond)).toBe(true);
    expect(told('C', flow(-10, 0, outside('203.0.113.2', 61_000)))).toBe(true);
  });

  test('of different addresses to the same private one: two sites', () => {
    const { told } = collector();
    const to = (address: string) =>
      flow(-10, 0, { destinationIPv4Address: address, postNATDestinationIPv4Address: '10.9.9.9' });
    expect(told('A', to('203.0.113.1'))).toBe(false);
    expect(told('B', to('203.0.113.2'))).toBe(false);
  });

  test('the next Flow of a tuple may be translated otherwise', () => {
    const { told } = collector();
    told('A', translated);
    expect(told('A', flow(1, 2, nat('203.0.113.1', 61_001)))).toBe(false);
    expect(told('B', flow(1, 2))).toBe(true);
  });

  test('that changes nothing is none', () => {
    const { told } = collector();
    told('A', flow(-10, 0, nat('10.0.0.1', 40_000)));
    expect(told('B', translated)).toBe(true);
  });
});

describe('sampling', () => {
  test('of two exporters the one that samples less counts', () => {
    const { told } = collector();
    expect(told('A', flow(-10, 0, { samplingInterval: 1000 }))).toBe(false);
    expect(told('B', flow(-10, 0))).toBe(false);
    expect(told('A', flow(-10, 0, { samplingInterval: 1000 }))).toBe(true);
    expect(told('C', flow(-10, 0, { samplingInterval: 64 }))).toBe(true);
  });

  test('of two that sample alike the first counts', () => {
    const { told } = collector();
    expect(told('A', flow(-10, 0, { samplingInterval: 64 }))).toBe(false);
    expect(told('B', flow(-10, 0, { samplingInterval: 50 }))).toBe(true);
  });
});

describe('never marked are records', () => {
  const { sourceTransportPort: _, ...noSourcePort } = flow(-10, 0);
  const { sourceIPv4Address: __, ...noSource } = flow(-10, 0);
  const { protocolIdentifier: ___, ...noProtocol } = flow(-10, 0);
  const { flowStartMilliseconds: ____, flowEndMilliseconds: _____, ...noTime } = flow(-10, 0);
  test.each<[string, TestRecord]>([
    ['without a port', noSourcePort],
    ['without an address', noSource],
    ['without a protocol', noProtocol],
    ['without a time', noTime],
    ['with ports of 0, as of fragments', flow(-10, 0, { sourceTransportPort: 0, destinationTransportPort: 0 })],
    ['of a protocol without ports', flow(-10, 0, { protocolIdentifier: 47 })],
    ['of a multicast address', flow(-10, 0, { destinationIPv4Address: '224.0.0.251' })],
    ['of a broadcast', flow(-10, 0, { destinationIPv4Address: '255.255.255.255' })],
    ['of no address', flow(-10, 0, { sourceIPv4Address: '0.0.0.0' })],
    ['of a link-local address', flow(-10, 0, { sourceIPv4Address: '169.254.7.7' })],
    ['of a broken clock, behind', flow(-90_000, -90_000)],
    ['of a broken clock, ahead', flow(3600, 3600)],
  ])('%s', (_, record) => {
    const { told } = collector();
    expect(told('A', record)).toBe(false);
    expect(told('B', record)).toBe(false);
  });

  test.each([
    ['2001:db8::1', '2001:db8::2', true],
    ['2001:db8::1', 'ff02::fb', false],
    ['fe80::1', '2001:db8::2', false],
    ['::', '2001:db8::2', false],
    ['::1', '::1', false],
  ])('of IPv6 %s to %s: %s', (sourceIPv6Address, destinationIPv6Address, marked) => {
    const { told } = collector();
    const { sourceIPv4Address: _4, destinationIPv4Address: _5, ...rest } = flow(-10, 0);
    const record = { ...rest, sourceIPv6Address, destinationIPv6Address };
    told('A', record);
    expect(told('B', record)).toBe(marked);
  });

  test('of ICMP of another type; of the same it is', () => {
    const { told } = collector();
    const { sourceTransportPort: _1, destinationTransportPort: _2, ...rest } = flow(-10, 0);
    const icmp = (icmpTypeCodeIPv4: number) => ({ ...rest, protocolIdentifier: 1, icmpTypeCodeIPv4 });
    told('A', icmp(0x800));
    expect(told('B', icmp(0x301))).toBe(false);
    expect(told('B', icmp(0x800))).toBe(true);
  });
});

test('an exporter that is alone is not compared with one of long ago', () => {
  const owners = new FlowOwners(FlowOwners.memory(64), false);
  expect([owners.hear(32, 1000), owners.hear(32, 1001), owners.hear(64, 1002), owners.hear(32, 1003)]).toEqual([
    false,
    false,
    true,
    true,
  ]);
  expect(owners.hear(32, 1303)).toBe(false);
  expect(owners.hear(96, 1304)).toBe(true);
  expect(owners.hear(128, 1305)).toBe(true);
});

test('what has no room is forgotten, those first that ended first, and counted', () => {
  const { told, ingest } = collector({ slots: 8 });
  const ports = (first: number) => Array.from({ length: 6 }, (_, i) => ({ sourceTransportPort: first + i }));
  // Beside the one that is known already.
  for (const port of ports(1)) told('A', flow(-300, -290, port));
  for (const port of ports(1000)) told('A', flow(-10, 0, port));
  expect(ingest.counters.forgottenFlows).toBe(0);
  for (const port of ports(2000)) told('A', flow(-10, 1, port));
  expect(ingest.counters.forgottenFlows).toBe(5);
  expect(ports(2000).map(port => told('B', flow(-10, 1, port)))).toEqual(Array(6).fill(true));
  expect(told('B', flow(-10, 0, { sourceTransportPort: 1001 }))).toBe(false);
});
