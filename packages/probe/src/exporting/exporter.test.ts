import { type DataSet, decodeRecords, TransportSession } from '@weir/ipfix';
import { describe, expect, test } from 'vitest';
import type { MessageSink } from '../host/host.js';
import { FlowRecord } from '../metering/flow-record.js';
import { Exporter } from './exporter.js';
import type { Statistics } from './statistics.js';

const T0 = Date.parse('2026-01-02T03:04:05.678Z');

/** Keeps what is sent, and takes at most `takes` Messages a call. */
class KeepingSink implements MessageSink {
  readonly messages: Uint8Array[] = [];
  refused = false;
  constructor(private readonly takes = Number.POSITIVE_INFINITY) {}

  send(bytes: Uint8Array, slotOctets: number, lengths: Uint32Array, count: number): number {
    const taken = Math.min(count, this.takes);
    for (let i = 0; i < taken; i++) this.messages.push(bytes.slice(i * slotOctets, i * slotOctets + lengths[i]));
    return taken;
  }

  wasRefused(): boolean {
    const { refused } = this;
    this.refused = false;
    return refused;
  }

  close(): void {}
}

class ManualClock {
  now = 0;
  wall = () => T0 + this.now;
  monotonic = () => this.now;
}

function decode(messages: readonly Uint8Array[]) {
  const session = new TransportSession();
  const records: { record: Record<string, unknown>; scope?: Record<string, unknown> }[] = [];
  for (const message of messages)
    session.decode(message, { dataSet: (set: DataSet) => records.push(...decodeRecords(set)) });
  return { records, counters: session.counters };
}

function flow(change: Partial<FlowRecord> = {}): FlowRecord {
  const record = new FlowRecord();
  record.protocol = 6;
  record.hasPorts = true;
  record.flowId = 77;
  record.addresses.set([10, 0, 0, 2], 0);
  record.addresses.set([192, 0, 2, 9], 16);
  record.addresses.set([198, 51, 100, 1], 32);
  record.addresses.set([192, 0, 2, 9], 48);
  record.counters.set([1000, 0, 10, 0, 2, 1, 20, 0]);
  return Object.assign(record, {
    hasCounters: true,
    sourcePort: 40_000,
    destinationPort: 443,
    natSourcePort: 50_000,
    natDestinationPort: 443,
    start: T0,
    end: T0 + 1500,
    flowEndReason: 3,
    ...change,
  });
}

function exported(...records: FlowRecord[]) {
  const sink = new KeepingSink();
  const exporter = new Exporter([sink], new ManualClock(), 5);
  for (const record of records) exporter.export(record);
  exporter.flush();
  return decode(sink.messages);
}

describe('Data Records', () => {
  test('a translated TCP biflow, every field', () => {
    expect(exported(flow({ translated: true })).records).toEqual([
      {
        record: {
          sourceIPv4Address: '10.0.0.2',
          destinationIPv4Address: '192.0.2.9',
          protocolIdentifier: 6,
          sourceTransportPort: 40_000,
          destinationTransportPort: 443,
          postNATSourceIPv4Address: '198.51.100.1',
          postNATDestinationIPv4Address: '192.0.2.9',
          postNAPTSourceTransportPort: 50_000,
          postNAPTDestinationTransportPort: 443,
          octetDeltaCount: 1000,
          packetDeltaCount: 10,
          reverseOctetDeltaCount: 4_294_967_298,
          reversePacketDeltaCount: 20,
          flowStartMilliseconds: '2026-01-02T03:04:05.678Z',
          flowEndMilliseconds: '2026-01-02T03:04:07.178Z',
          flowId: 77,
          flowEndReason: 3,
          biflowDirection: 1,
          flowOffload: 0,
        },
      },
    ]);
  });

  test('what is not known is left out, not zeroed', () => {
    const { records } = exported(flow({ hasCounters: false, start: Number.NaN, protocol: 47 }));
    expect(Object.keys(records[0].record)).toEqual([
      'sourceIPv4Address',
      'destinationIPv4Address',
      'protocolIdentifier',
      'flowEndMilliseconds',
      'flowId',
      'flowEndReason',
      'biflowDirection',
      'flowOffload',
    ]);
  });

  test('ICMP has type and code, an interim report the start of its interval', () => {
    const { records } = exported(flow({ protocol: 1, icmpTypeCode: 2048, intervalStart: T0 + 1000 }));
    expect(records[0].record).toMatchObject({
      icmpTypeCodeIPv4: 2048,
      monitoringIntervalStartMilliSeconds: '2026-01-02T03:04:06.678Z',
    });
    expect(records[0].record).not.toHaveProperty('sourceTransportPort');
  });

  test('IPv6', () => {
    const record = flow({ family: 6 });
    record.addresses.fill(0).set([0x20, 1, 0x0d, 0xb8], 0);
    expect(exported(record).records[0].record).toMatchObject({
      sourceIPv6Address: '2001:db8::',
      destinationIPv6Address: '::',
    });
  });
});

test('ports that nobody knows are left out', () => {
  const [{ record }] = exported(flow({ protocol: 33, hasPorts: false })).records;
  expect(record).not.toHaveProperty('sourceTransportPort');
});

describe('Messages', () => {
  test('1,000 records of two kinds arrive once each, and the sequence numbers agree', () => {
    const records = Array.from({ length: 1000 }, (_, i) => flow({ flowId: i, translated: i % 2 === 0 }));
    const { records: decoded, counters } = exported(...records);
    expect(decoded.map(({ record }) => record.flowId)).toEqual(records.map(record => record.flowId));
    expect(counters).toMatchObject({ records: 1000, lostRecords: 0, unknownTemplateSets: 0, malformedMessages: 0 });
  });

  test('Templates come again when a collector was away', () => {
    const sink = new KeepingSink();
    const exporter = new Exporter([sink], new ManualClock(), 5);
    exporter.refreshTemplates();
    exporter.export(flow());
    exporter.flush();
    sink.messages.length = 0;
    sink.refused = true;
    exporter.refreshTemplates();
    exporter.export(flow());
    exporter.flush();
    expect(decode(sink.messages).records.length).toBe(1);
  });

  test('records wait for a collector that is away, and are given up and counted when it stays away', () => {
    const sink = new KeepingSink();
    const clock = new ManualClock();
    const exporter = new Exporter([sink], clock, 5);
    sink.refused = true;
    exporter.refreshTemplates();
    while (!exporter.hasCredit(1)) {
      exporter.refreshTemplates();
      exporter.flush();
      sink.refused = true;
      clock.now += 100;
    }
    expect(clock.now).toBe(15_000);
    expect(sink.messages.length).toBeLessThan(100);
    exporter.export(flow());
    exporter.flush();
    expect(exporter.counters.unsentRecords).toBe(1);
  });

  test('a collector that is back gets Templates and records within a second', () => {
    const sink = new KeepingSink();
    const clock = new ManualClock();
    const exporter = new Exporter([sink], clock, 5);
    exporter.export(flow());
    exporter.flush();
    sink.refused = true;
    exporter.refreshTemplates();
    exporter.flush();
    expect(exporter.hasCredit(1)).toBe(false);
    sink.messages.length = 0;
    for (; !exporter.hasCredit(1) && clock.now < 1000; clock.now += 20) {
      exporter.refreshTemplates();
      exporter.flush();
    }
    exporter.export(flow());
    exporter.flush();
    expect(decode(sink.messages).records.length).toBe(1);
    expect(clock.now).toBeLessThan(1000);
    expect(exporter.counters.unsentRecords).toBe(0);
  });

  test('of two collectors one that is away holds nothing up', () => {
    const sinks = [new KeepingSink(), new KeepingSink()];
    const exporter = new Exporter(sinks, new ManualClock(), 5);
    sinks[0]!.refused = true;
    exporter.refreshTemplates();
    expect(exporter.hasCredit(1)).toBe(true);
  });

  test('Templates come again for a collector that came late', () => {
    const sink = new KeepingSink();
    const clock = new ManualClock();
    const exporter = new Exporter([sink], clock, 5);
    exporter.export(flow());
    exporter.flush();
    sink.messages.length = 0;
    clock.now = 31_000;
    exporter.refreshTemplates();
    exporter.export(flow());
    exporter.flush();
    expect(decode(sink.messages).records.length).toBe(1);
  });

  test('what a transport does not take is counted, and the next collector gets it all the same', () => {
    const broken = new KeepingSink(0);
    const good = new KeepingSink();
    const exporter = new Exporter([broken, good], new ManualClock(), 5);
    for (let i = 0; i < 100; i++) exporter.export(flow());
    exporter.flush();
    expect(exporter.counters).toMatchObject({ flowRecords: 100, unsentRecords: 100 });
    expect(decode(good.messages).records.length).toBe(100);
  });

  test('pacing: credit is spent by Messages and earned by time', () => {
    const clock = new ManualClock();
    const exporter = new Exporter([new KeepingSink()], clock, 5);
    expect(exporter.hasCredit(26)).toBe(true);
    for (let i = 0; i < 2000; i++) exporter.export(flow());
    exporter.flush();
    expect(exporter.hasCredit(26)).toBe(false);
    clock.now = 20;
    expect(exporter.hasCredit(26)).toBe(true);
  });
});

test('statistics are an Options Data Record with the Observation Domain as scope', () => {
  const sink = new KeepingSink();
  const exporter = new Exporter([sink], new ManualClock(), 5);
  const statistics: Statistics = {
    exportedMessageTotalCount: 1,
    exportedFlowRecordTotalCount: 2,
    exportedOctetTotalCount: 2 ** 40,
    notSentFlowTotalCount: 3,
    observedFlowTotalCount: 4,
    conntrackEntryCount: 5,
    maxSessionEntries: 6,
    flowActiveTimeout: 60,
    deferredEventTotalCount: 7,
    counterResetTotalCount: 8,
    flowTableOverflowTotalCount: 9,
    unobservedEndTotalCount: 10,
  };
  exporter.refreshTemplates();
  exporter.exportStatistics(statistics);
  exporter.flush();
  expect(decode(sink.messages).records).toEqual([{ scope: { observationDomainId: 5 }, record: statistics }]);
});
