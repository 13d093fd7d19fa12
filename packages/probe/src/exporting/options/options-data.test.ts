import { type DataSet, decodeRecords, MessageWriter, TransportSession } from '@weir/ipfix';
import { beforeEach, describe, expect, test } from 'vitest';
import { FlowRecord } from '../../metering/flow-record.js';
import type { OptionsRecord } from '../encoder.js';
import { parseFields } from '../field-selection.js';
import { FlowTemplates } from '../flow-templates.js';
import type { Statistics } from '../statistics.js';
import { optionsData } from './options-data.js';
import type { OptionsScheduler } from './scheduler.js';

const T0 = Date.parse('2026-01-02T03:04:05.000Z');
const STATISTICS: Statistics = {
  exportedMessageTotalCount: 1,
  exportedFlowRecordTotalCount: 2,
  exportedOctetTotalCount: 3,
  notSentFlowTotalCount: 0,
  observedFlowTotalCount: 5,
  conntrackEntryCount: 6,
  maxSessionEntries: 7,
  flowActiveTimeout: 60,
  deferredEventTotalCount: 9,
  counterResetTotalCount: 10,
  flowTableOverflowTotalCount: 11,
  unobservedEndTotalCount: 12,
};

let now: number;
let statistics: Statistics;
let ignored: number | undefined;
let templates: FlowTemplates;
let interfaces: { generation: number; names: string[]; list(): { index: number; name: string; description: string }[] };
let scheduler: OptionsScheduler;

beforeEach(() => {
  now = 0;
  statistics = STATISTICS;
  ignored = undefined;
  const fields = parseFields('sourceIPv4Address,flowId,conntrackMark,conntrackZone');
  templates = new FlowTemplates(fields);
  interfaces = {
    generation: 1,
    names: ['lo', 'eth0'],
    list: () => interfaces.names.map((name, i) => ({ index: i + 1, name, description: `the ${name}` })),
  };
  scheduler = optionsData(
    { monotonic: () => now, wall: () => T0 + now },
    {
      domain: 5,
      domainName: 'blue',
      fields,
      templates,
      interfaces,
      statistics: () => statistics,
      ignoredPackets: () => ignored,
    },
  );
});

/** What a collector reads of the records of one step. */
function step(): { scope: Record<string, unknown>; record: Record<string, unknown> }[] {
  const records: OptionsRecord[] = [];
  scheduler.step(record => records.push(record));
  const bytes = new Uint8Array(8192);
  const writer = new MessageWriter(bytes);
  writer.begin(5);
  for (const template of new Set(records.map(record => record.template)))
    expect(writer.addTemplate(template)).toBe(true);
  for (const { template, values } of records) expect(writer.addRecord(template, values)).toBe(true);
  const session = new TransportSession();
  const decoded: ReturnType<typeof step> = [];
  session.decode(bytes.subarray(0, writer.finish(0, 0)), {
    dataSet: (set: DataSet) => {
      for (const { scope, record } of decodeRecords(set)) decoded.push({ scope: scope ?? {}, record });
    },
  });
  expect(session.counters.malformedMessages).toBe(0);
  return decoded;
}

const interfaceNames = (told: ReturnType<typeof step>) =>
  told.map(({ record }) => record.interfaceName).filter(name => name !== undefined);

describe('what is told', () => {
  test('the statistics of both processes, each with its scope', () => {
    const told = step();
    expect(told).toContainEqual({
      scope: { observationDomainId: 5, meteringProcessId: 5 },
      record: {
        exportedMessageTotalCount: 1,
        exportedFlowRecordTotalCount: 2,
        exportedOctetTotalCount: 3,
        observedFlowTotalCount: 5,
        conntrackEntryCount: 6,
        maxSessionEntries: 7,
        flowActiveTimeout: 60,
      },
    });
    expect(told).toContainEqual({
      scope: { observationDomainId: 5, meteringProcessId: 5 },
      record: {
        deferredEventTotalCount: 9,
        counterResetTotalCount: 10,
        flowTableOverflowTotalCount: 11,
        unobservedEndTotalCount: 12,
      },
    });
    expect(told).toContainEqual({ scope: { exportingProcessId: 5 }, record: { notSentFlowTotalCount: 0 } });
  });

  test('losses with the time of the first and of the last', () => {
    step();
    for (const [at, lost] of [
      [5000, 3],
      [10_000, 3],
      [15_000, 8],
    ] as const) {
      now = at;
      ignored = lost;
      statistics = { ...STATISTICS, notSentFlowTotalCount: lost };
      const told = step();
      const last = lost === 3 ? '2026-01-02T03:04:10.000Z' : '2026-01-02T03:04:20.000Z';
      const times = { flowStartMilliseconds: '2026-01-02T03:04:10.000Z', flowEndMilliseconds: last };
      expect(told).toContainEqual({
        scope: { exportingProcessId: 5 },
        record: { notSentFlowTotalCount: lost, ...times },
      });
      expect(
        told.some(({ record }) => record.ignoredPacketTotalCount === lost && record.flowEndMilliseconds === last),
      ).toBe(true);
    }
  });

  test('private elements, interfaces, the name of the domain', () => {
    const told = step();
    expect(told.map(({ record }) => record.informationElementName).filter(Boolean)).toEqual([
      'conntrackMark',
      'conntrackZone',
      'conntrackEntryCount',
      'deferredEventTotalCount',
      'counterResetTotalCount',
      'flowTableOverflowTotalCount',
      'unobservedEndTotalCount',
    ]);
    expect(told).toContainEqual({
      scope: { ingressInterface: 2 },
      record: { interfaceName: 'eth0', interfaceDescription: 'the eth0' },
    });
    expect(told).toContainEqual({ scope: { observationDomainId: 5 }, record: { observationDomainName: 'blue' } });
  });

  test('that every packet counts', () => {
    expect(step()).toContainEqual({
      scope: { observationDomainId: 5 },
      record: { selectorAlgorithm: 1, samplingPacketInterval: 1, samplingPacketSpace: 0 },
    });
  });

  test('which fields are Flow Keys, of each Template as it appears', () => {
    const keys = () =>
      step().flatMap(({ scope, record }) => (scope.templateId ? [[scope.templateId, record.flowKeyIndicator]] : []));
    expect(keys()).toEqual([]);
    const record = new FlowRecord();
    templates.templateOf(record.kind);
    // sourceIPv4Address, flowId
    expect(keys()).toEqual([[288, 0b01]]);
    expect(keys()).toEqual([]);
    Object.assign(record, { mark: 1, zone: 2 });
    templates.templateOf(record.kind);
    // sourceIPv4Address, flowId, conntrackMark, conntrackZone
    expect(keys()).toEqual([
      [288, 0b01],
      [289, 0b1001],
    ]);
  });
});

describe('when it is told', () => {
  test('at the start, then by time, and at once when it has changed', () => {
    expect(interfaceNames(step())).toEqual(['lo', 'eth0']);
    expect([step(), scheduler.wait()]).toEqual([[], 5000]);
    now = 5000;
    expect(step().length).toBe(3);
    interfaces.names.push('ppp0');
    interfaces.generation++;
    expect(interfaceNames(step())).toEqual(['lo', 'eth0', 'ppp0']);
    now = 59_999;
    expect(interfaceNames(step())).toEqual([]);
    now = 65_000;
    expect(interfaceNames(step())).toEqual(['lo', 'eth0', 'ppp0']);
  });

  test('all of it once more for a new Transport Session', () => {
    const all = step();
    scheduler.repeat();
    expect(step()).toEqual(all);
  });

  test('paced where it is much, and complete', () => {
    interfaces.names = Array.from({ length: 1000 }, (_, i) => `veth${i}`);
    const names: unknown[] = [];
    let steps = 0;
    for (let told = step(); told.length > 0; told = step(), steps++) {
      expect(told.length).toBeLessThanOrEqual(32);
      names.push(...interfaceNames(told));
    }
    expect(names).toEqual(interfaces.names);
    expect(steps).toBeGreaterThan(30);
  });
});
