import { describe, expect, test } from 'vitest';
import type { FlowRecord } from '../metering/flow-record.js';
import { SOURCE } from '../metering/flow-record.js';
import { setAddress } from '../metering/testing/records.js';
import type { MessageEncoder } from './encoder.js';
import { Exporter, NO_REFRESH } from './exporter.js';
import { parseFields } from './field-selection.js';
import { FlowTemplates } from './flow-templates.js';
import { IpfixEncoder } from './ipfix-encoder.js';
import type { Statistics } from './statistics.js';
import { decode, exporterTo } from './testing/exporter.js';
import { flow, KeepingSink, ManualClock, STATISTICS_TEMPLATE, T0 } from './testing/fakes.js';

function exported(...records: FlowRecord[]) {
  const sink = new KeepingSink();
  const exporter = exporterTo(sink);
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
    setAddress(record, SOURCE, [0x20, 1, 0x0d, 0xb8]);
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

  test('Templates come again for a collector that came late', () => {
    const sink = new KeepingSink();
    const clock = new ManualClock();
    const exporter = exporterTo(sink, clock);
    exporter.export(flow());
    exporter.flush();
    sink.messages.length = 0;
    clock.now = 31_000;
    exporter.refresh();
    exporter.export(flow());
    exporter.flush();
    expect(decode(sink.messages).records.length).toBe(1);
  });

  test('Templates come again after as many Messages as configured', () => {
    const sink = new KeepingSink();
    const exporter = exporterTo(sink);
    const templatesIn = (): number => decode(sink.messages.splice(0)).counters.templates;
    const messages = (count: number) => {
      for (let i = 0; i < count; i++) {
        exporter.refresh();
        exporter.export(flow());
        exporter.flush();
      }
    };
    messages(50);
    expect(templatesIn()).toBe(1);
    messages(50);
    expect(templatesIn()).toBe(1);
  });

  test('a session that is set up keeps its Templates: they are never repeated', () => {
    const sink = new KeepingSink();
    const clock = new ManualClock();
    const exporter = new Exporter(
      new IpfixEncoder(5, new FlowTemplates(parseFields('default'))),
      sink,
      clock,
      NO_REFRESH,
    );
    for (let i = 0; i < 100; i++) {
      clock.now += 10_000;
      exporter.refresh();
      exporter.export(flow());
      exporter.flush();
    }
    expect(decode(sink.messages).counters).toMatchObject({ templates: 1, records: 100 });
  });

  test('what a transport does not take is counted', () => {
    const exporter = exporterTo(new KeepingSink(0));
    for (let i = 0; i < 100; i++) exporter.export(flow());
    exporter.flush();
    expect(exporter.counters).toMatchObject({ flowRecords: 100, unsentRecords: 100 });
  });

  test('Messages follow the largest size that the transport takes', () => {
    const sink = new KeepingSink();
    const exporter = exporterTo(sink);
    for (const octets of [1400, 512, 9000]) {
      sink.messageOctets = octets;
      for (let i = 0; i < 300; i++) exporter.export(flow());
      exporter.flush();
      const lengths = sink.messages.splice(0).map(({ length }) => length);
      expect(Math.max(...lengths)).toBeLessThanOrEqual(octets);
      expect(Math.max(...lengths)).toBeGreaterThan(octets - 100);
    }
  });

  test('a Flow that needs several Messages gets them', () => {
    const sink = new KeepingSink();
    let parts = 0;
    const encoder: MessageEncoder = {
      templateCount: 0,
      records: 1,
      begin: () => {},
      addFlow: () => ++parts % 3 === 0,
      addOptions: () => true,
      addTemplate: () => true,
      finish: () => 20,
    };
    const exporter = new Exporter(encoder, sink, new ManualClock(), NO_REFRESH);
    exporter.export(flow());
    exporter.flush();
    expect(sink.messages.length).toBe(3);
    expect(exporter.counters).toMatchObject({ flowRecords: 1, unsentRecords: 0 });
  });

  test('where not even a Template fits, records are counted as not sent', () => {
    const sink = new KeepingSink();
    sink.messageOctets = 60;
    const exporter = exporterTo(sink);
    exporter.export(flow());
    exporter.flush();
    expect(exporter.counters).toMatchObject({ flowRecords: 0, unsentRecords: 1 });
  });

  test('pacing: credit is spent by Messages and earned by time', () => {
    const clock = new ManualClock();
    const exporter = exporterTo(new KeepingSink(), clock);
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
  const exporter = exporterTo(sink);
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
  exporter.exportOptions({ template: STATISTICS_TEMPLATE, values: { ...statistics, observationDomainId: 5 } });
  exporter.flush();
  expect(decode(sink.messages).records).toEqual([{ scope: { observationDomainId: 5 }, record: statistics }]);
});
