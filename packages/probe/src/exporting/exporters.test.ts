import { recordCount, TransportSession } from '@weir/ipfix';
import { describe, expect, test } from 'vitest';
import { DESTINATION, SOURCE } from '../metering/flow-record.js';
import { setAddress } from '../metering/testing/records.js';
import { Exporter } from './exporter.js';
import { type Distribution, Exporters, flowKeyHash } from './exporters.js';
import { parseFields } from './field-selection.js';
import { FlowTemplates } from './flow-templates.js';
import { IpfixEncoder } from './ipfix-encoder.js';
import { flow, KeepingSink, ManualClock, STATISTICS_TEMPLATE } from './testing/fakes.js';

const REFRESH = { milliseconds: 10_000, messages: 1000 };

function three(distribution: Distribution) {
  const clock = new ManualClock();
  const sinks = [new KeepingSink(), new KeepingSink(), new KeepingSink()];
  const each = sinks.map(
    sink => new Exporter(new IpfixEncoder(5, new FlowTemplates(parseFields('default'))), sink, clock, REFRESH),
  );
  const exporters = new Exporters(each, distribution, clock);
  /** Data Records that each sink has got since the last call; each has a session of its own. */
  const sessions = sinks.map(() => new TransportSession());
  const received = () =>
    sinks.map((sink, i) => {
      let records = 0;
      const visitor = { dataSet: (set: Parameters<typeof recordCount>[0]) => (records += recordCount(set)) };
      for (const message of sink.messages.splice(0)) sessions[i]!.decode(message, visitor);
      return records;
    });
  const exportSome = (count: number) => {
    exporters.refresh();
    for (let i = 0; i < count; i++) exporters.export(flow({ sourcePort: i, flowId: i }));
    exporters.flush();
  };
  return { clock, sinks, exporters, sessions, received, exportSome };
}

describe('all', () => {
  test('every collector gets every record, in a Transport Session of its own', () => {
    const { exportSome, received, sessions, exporters } = three('all');
    exportSome(100);
    expect(received()).toEqual([100, 100, 100]);
    expect(sessions.map(({ counters }) => counters.lostRecords)).toEqual([0, 0, 0]);
    expect(exporters.counters).toMatchObject({ flowRecords: 300, unsentRecords: 0 });
  });

  test('one that is away holds nothing up, and what is lost to it is counted', () => {
    const { sinks, exporters, exportSome, received } = three('all');
    sinks[0]!.refused = true;
    exporters.refresh();
    expect([exporters.hasCredit(1), exporters.isWaiting()]).toEqual([true, false]);
    exportSome(10);
    expect(received().slice(1)).toEqual([10, 10]);
    expect(exporters.each.map(({ counters }) => counters.unsentRecords)).toEqual([10, 0, 0]);
    expect(exporters.each.map(({ counters }) => counters.away)).toEqual([true, false, false]);
  });

  test('all are waited for while none is there', () => {
    const { sinks, exporters, clock } = three('all');
    for (const sink of sinks) sink.connected = false;
    exporters.refresh();
    expect([exporters.isWaiting(), exporters.hasCredit(1)]).toEqual([true, false]);
    clock.now = 15_000;
    expect([exporters.isWaiting(), exporters.hasCredit(1)]).toEqual([false, true]);
  });

  test('one that is slow holds the others up for 15 seconds, and then a tenth of the time', () => {
    const { sinks, exporters, clock, exportSome, received } = three('all');
    sinks[1]!.space = 0;
    const heldUp = (seconds: number) => {
      let held = 0;
      for (let i = 0; i < seconds * 10; i++) {
        clock.now += 100;
        if (!exporters.hasCredit(1)) held += 100;
      }
      return held;
    };
    expect(heldUp(60)).toBeCloseTo(15_000, -3);
    exportSome(10);
    expect(received()).toEqual([10, 0, 10]);
    expect(exporters.each[1]!.counters.unsentRecords).toBe(10);
    sinks[1]!.space = 1000;
    heldUp(50);
    sinks[1]!.space = 0;
    expect(heldUp(60)).toBeCloseTo(5000, -3);
  });

  test('a single collector that reads slowly is waited for as long as it reads at all', () => {
    const clock = new ManualClock();
    const sink = new KeepingSink();
    const exporters = new Exporters(
      [new Exporter(new IpfixEncoder(5, new FlowTemplates(parseFields('default'))), sink, clock, REFRESH)],
      'all',
      clock,
    );
    for (let i = 0; i < 100; i++) {
      sink.space = 0;
      clock.now += 10_000;
      expect(exporters.hasCredit(1)).toBe(false);
      sink.space = 10;
      clock.now += 1000;
      expect(exporters.hasCredit(1)).toBe(true);
    }
  });
});

describe('failover', () => {
  test('the first that is there gets the records, and gets them again when it returns', () => {
    const { sinks, exportSome, received } = three('failover');
    exportSome(10);
    expect(received()).toEqual([10, 0, 0]);
    sinks[0]!.connected = false;
    exportSome(10);
    expect(received()).toEqual([0, 10, 0]);
    sinks[1]!.connected = false;
    exportSome(10);
    expect(received()).toEqual([0, 0, 10]);
    sinks[0]!.connected = true;
    exportSome(10);
    expect(received()).toEqual([10, 0, 0]);
  });

  test('where none is there, the first that keeps what it is sent', () => {
    const { sinks, exportSome, received } = three('failover');
    for (const sink of sinks) sink.connected = false;
    sinks[1]!.keeps = true;
    exportSome(10);
    expect(received()).toEqual([0, 10, 0]);
  });

  test('Options Data goes to all', () => {
    const { sinks, exporters } = three('failover');
    const names = ['observationDomainId'];
    exporters.exportOptions({
      template: { ...STATISTICS_TEMPLATE, fields: STATISTICS_TEMPLATE.fields.slice(0, names.length + 1) },
      values: { observationDomainId: 5, exportedMessageTotalCount: 1 },
    });
    exporters.flush();
    expect(sinks.map(({ messages }) => messages.length)).toEqual([1, 1, 1]);
  });
});

describe('balance', () => {
  test('each Flow goes to one collector, always the same, and about as many to each', () => {
    const { exportSome, received } = three('balance');
    exportSome(3000);
    const first = received();
    exportSome(3000);
    expect(received()).toEqual(first);
    expect(first.reduce((a, b) => a + b)).toBe(3000);
    for (const count of first) expect(count).toBeGreaterThan(900);
  });

  test('the Flows of one that is away go to the others, and theirs stay', () => {
    const { sinks, exportSome, received } = three('balance');
    exportSome(3000);
    const before = received();
    sinks[0]!.connected = false;
    exportSome(3000);
    const after = received();
    expect(after[0]).toBe(0);
    expect(after[1]).toBeGreaterThan(before[1]! + 350);
    expect(after[2]).toBeGreaterThan(before[2]! + 350);
    expect(after[1]! + after[2]!).toBe(3000);
  });

  test('the two directions of a Flow have the same hash', () => {
    const forward = flow();
    const reverse = flow({ sourcePort: 443, destinationPort: 40_000 });
    setAddress(reverse, SOURCE, [192, 0, 2, 9]);
    setAddress(reverse, DESTINATION, [10, 0, 0, 2]);
    expect(flowKeyHash(reverse)).toBe(flowKeyHash(forward));
    expect(flowKeyHash(flow({ sourcePort: 40_001 }))).not.toBe(flowKeyHash(forward));
  });
});
