import { type DataSet, decodeRecords, TransportSession } from '@weir/ipfix';
import { describe, expect, test } from 'vitest';
import type { FlowRecord } from '../metering/flow-record.js';
import { Exporter } from './exporter.js';
import { type Distribution, Exporters } from './exporters.js';
import { parseFields } from './field-selection.js';
import { FlowTemplates } from './flow-templates.js';
import { IpfixEncoder } from './ipfix-encoder.js';
import { NetflowV9Encoder } from './netflow-v9.js';
import { batchOf, partOf } from './testing/batches.js';
import { flow, GatheringSink, KeepingSink, ManualClock, STATISTICS_TEMPLATE } from './testing/fakes.js';

const REFRESH = { milliseconds: 10_000, messages: 50 };

function exporterTo(sink: KeepingSink, clock = new ManualClock()): Exporter {
  return new Exporter(new IpfixEncoder(5, new FlowTemplates(parseFields('default'))), sink, clock, REFRESH);
}

/** Flow Records of several kinds, one of them of variable length. */
function flows(count: number): FlowRecord[] {
  const changes: Partial<FlowRecord>[] = [
    {},
    { translated: true },
    { protocol: 1 },
    { helper: 'ftp' },
    { classOfService: 0 },
    { family: 6 },
  ];
  return Array.from({ length: count }, (_, i) => flow({ flowId: i, ...changes[(i >> 3) % changes.length] }));
}

function decode(messages: readonly Uint8Array[]) {
  const session = new TransportSession();
  const ids: unknown[] = [];
  for (const message of messages)
    session.decode(message, { dataSet: (set: DataSet) => ids.push(...decodeRecords(set).map(r => r.record.flowId)) });
  const { lostRecords, malformedMessages, unknownTemplateSets, templates } = session.counters;
  return { ids, templates, wrong: lostRecords + malformedMessages + unknownTemplateSets };
}

const hex = (messages: readonly Uint8Array[]): string[] => messages.map(each => Buffer.from(each).toString('hex'));

/** What `act` exports of these records, given from one to another: record by record, copied, and gathered. */
function threeWays(
  octets: number,
  records: readonly FlowRecord[],
  act: (exporter: Exporter, give: (from: number, to: number) => void) => void,
) {
  const batch = batchOf(records);
  return (['record by record', 'copied', 'gathered'] as const).map(way => {
    const sink = way === 'gathered' ? new GatheringSink() : new KeepingSink();
    sink.messageOctets = octets;
    const exporter = exporterTo(sink);
    act(exporter, (from, to) => {
      if (way !== 'record by record') exporter.exportRecords(partOf(batch, from, to));
      else for (const record of records.slice(from, to)) exporter.export(record);
    });
    exporter.flush();
    const { messages, octets: sum, flowRecords, unsentRecords } = exporter.counters;
    return { sent: sink.messages, hex: hex(sink.messages), counters: { messages, sum, flowRecords, unsentRecords } };
  });
}

describe('the same Messages record by record, copied and gathered', () => {
  test.each([
    ['of the usual size', 1400],
    ['that take few records', 512],
    ['of more parts than the kernel takes', 65_507],
  ])('%s', (_, octets) => {
    const records = flows(3000);
    const [one, copied, gathered] = threeWays(octets, records, (exporter, give) => {
      give(0, 1000);
      give(1000, 3000);
      exporter.flush();
      give(0, 10);
    });
    expect(copied.hex).toEqual(one.hex);
    expect(gathered.hex).toEqual(one.hex);
    expect([copied.counters, gathered.counters]).toEqual([one.counters, one.counters]);
    expect(Math.max(...gathered.sent.map(({ length }) => length))).toBeLessThanOrEqual(octets);
    const expected = [...records, ...records.slice(0, 10)].map(record => record.flowId);
    expect(decode(gathered.sent)).toMatchObject({ ids: expected, wrong: 0 });
  });

  test('with Options Data, Flow Records and Templates between them', () => {
    const [one, copied, gathered] = threeWays(1400, flows(100), (exporter, give) => {
      for (let i = 0; i < 5; i++) {
        give(20 * i, 20 * i + 20);
        exporter.export(flow({ flowId: 1000 + i }));
        exporter.exportOptions({
          template: { ...STATISTICS_TEMPLATE, fields: STATISTICS_TEMPLATE.fields.slice(0, 2) },
          values: { observationDomainId: 5, exportedMessageTotalCount: i },
        });
        exporter.refresh();
      }
    });
    expect(copied.hex).toEqual(one.hex);
    expect(gathered.hex).toEqual(one.hex);
  });
});

test('records in one memory are sent before those in another', () => {
  const sink = new GatheringSink();
  const exporter = exporterTo(sink);
  const records = flows(30);
  exporter.exportRecords(batchOf(records.slice(0, 20)));
  exporter.exportRecords(batchOf(records.slice(20)));
  expect(sink.gathered).toBe(20);
  exporter.flush();
  expect(decode(sink.messages)).toMatchObject({ ids: records.map(record => record.flowId), wrong: 0 });
});

test('nothing is copied where the transport gathers, and nothing refers to the batch once all is sent', () => {
  const sink = new GatheringSink();
  const exporter = exporterTo(sink);
  const batch = batchOf(flows(500));
  exporter.exportRecords(batch);
  exporter.flush();
  expect(sink.gathered).toBe(500);
  exporter.export(flow());
  exporter.flush();
  expect(sink.gathered).toBe(500);
});

test('Templates are announced once, and again when they are due', () => {
  const sink = new GatheringSink();
  const clock = new ManualClock();
  const exporter = exporterTo(sink, clock);
  const batch = batchOf(flows(48));
  const give = () => {
    exporter.refresh();
    exporter.exportRecords(batch);
    exporter.flush();
    return decode(sink.messages.splice(0));
  };
  expect(give()).toMatchObject({ templates: 6, wrong: 0 });
  // A session that knows none of them: all but what is exported before the Templates is read.
  expect(give()).toMatchObject({ templates: 0, ids: [] });
  clock.now = 10_000;
  expect(give()).toMatchObject({ templates: 6, ids: Array.from({ length: 48 }, (_, i) => i) });
});

test('bits of a kind that the fields do not tell apart make no Template', () => {
  const templates = new FlowTemplates(parseFields('flowId'));
  const encoder = new IpfixEncoder(5, templates);
  encoder.begin(new Uint8Array(1400));
  expect([encoder.reserveData(0, 4), encoder.reserveData(1 << 9, 4)]).toEqual([32, 36]);
  expect(templates.all.length).toBe(1);
});

test('what a transport does not take is counted, and so is what fits no Message', () => {
  const batch = batchOf(flows(100));
  const refusing = exporterTo(new GatheringSink(0));
  refusing.exportRecords(batch);
  refusing.flush();
  expect(refusing.counters).toMatchObject({ flowRecords: 100, unsentRecords: 100 });
  const small = new GatheringSink();
  small.messageOctets = 60;
  const narrow = exporterTo(small);
  narrow.exportRecords(batch);
  narrow.flush();
  expect(narrow.counters).toMatchObject({ flowRecords: 0, unsentRecords: 100 });
  expect(small.messages).toEqual([]);
});

describe('several collectors', () => {
  function two(distribution: Distribution, isNetflow = false) {
    const clock = new ManualClock();
    const sinks = [new GatheringSink(), new KeepingSink()];
    const second = isNetflow ? new NetflowV9Encoder(5, clock) : undefined;
    const exporters = new Exporters(
      [
        exporterTo(sinks[0], clock),
        second ? new Exporter(second, sinks[1], clock, REFRESH) : exporterTo(sinks[1], clock),
      ],
      distribution,
      clock,
    );
    return { sinks, exporters };
  }

  test('all get all, whether they gather or not', () => {
    const { sinks, exporters } = two('all');
    exporters.exportRecords(batchOf(flows(300)));
    exporters.flush();
    expect(sinks[1].messages).toEqual(sinks[0].messages);
    expect(decode(sinks[0].messages).ids.length).toBe(300);
    expect(exporters.counters).toMatchObject({ flowRecords: 600, unsentRecords: 0 });
  });

  test('failover: the first one that is there', () => {
    const { sinks, exporters } = two('failover');
    sinks[0].connected = false;
    exporters.refresh();
    exporters.exportRecords(batchOf(flows(30)));
    exporters.flush();
    expect(sinks.map(({ messages }) => decode(messages).ids.length)).toEqual([0, 30]);
  });

  test('records are taken where all speak IPFIX and the Flow Key does not decide', () => {
    expect(two('all').exporters.takesRecords).toBe(true);
    expect(two('failover').exporters.takesRecords).toBe(true);
    expect(two('balance').exporters.takesRecords).toBe(false);
    expect(two('all', true).exporters.takesRecords).toBe(false);
  });
});
