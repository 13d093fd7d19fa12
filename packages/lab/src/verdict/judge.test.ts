// Hand-made truths and records: each thing that an exporter can do wrong is caught by its own verdict, and by no other.
import { describe, expect, test } from 'vitest';
import type { ExportedRecord } from '../subjects/exported.js';
import type { TrueFlow } from '../truth/flow.js';
import { judge } from './judge.js';
import { begin, biflow, exact, truth, uniflows, verdict } from './testing/flows.js';

const interim = 2;
const right = (): ExportedRecord[] => truth.map(biflow);
const key42 = '6 fd77:1::2 30042 fd77:2::2 7000';

describe('exporters of connections', () => {
  test('a faultless one passes, and its figures are those of the truth', () => {
    expect(verdict(right())).toEqual({
      flows: 100,
      records: 100,
      lost: 0,
      duplicated: 0,
      invented: 0,
      octets: { median: 0, largest: 0 },
      packets: { median: 0, largest: 0 },
      start: { median: 3, largest: 3 },
      end: { median: 2, largest: 2 },
      malformed: 0,
      contradictions: [],
      failures: [],
    });
  });

  test('interim reports add up', () => {
    const records = right().flatMap(record => {
      const part = { octets: 300, packets: 3, reverseOctets: 100, reversePackets: 2 };
      const rest = Object.entries(part).map(([name, value]) => [name, record[name as 'octets']! - value]);
      return [
        { ...record, ...part, end: record.start! + 20, endReason: interim },
        { ...record, ...Object.fromEntries(rest), start: record.start! + 20 },
      ];
    });
    expect(verdict(records)).toMatchObject({ records: 200, failures: [], start: { largest: 3 }, end: { largest: 2 } });
  });

  test('a flow that is dropped', () => {
    const found = verdict(right().filter(({ sourcePort }) => sourcePort !== 30_042));
    expect(found).toMatchObject({ lost: 1, octets: { largest: 0 } });
    expect(found.failures).toEqual([`1 of 100 flows lost, expected 0: first ${key42}`]);
  });

  test('a counter that is doubled', () => {
    const records = right();
    records[42]!.octets! *= 2;
    const found = verdict(records);
    expect(found.octets).toEqual({ median: 0, largest: 1420 });
    expect(found.failures).toEqual([
      `the octets of 1 flow wrong by up to 1,420 (median 0), expected at most 0: worst ${key42}`,
    ]);
  });

  test('a clock that is shifted', () => {
    const records = right().map(record => ({ ...record, start: record.start! + 400, end: record.end! + 400 }));
    const found = verdict(records);
    expect(found).toMatchObject({ start: { median: 403, largest: 403 }, end: { median: 398, largest: 398 } });
    expect(found.failures.map(line => line.replace(/:.*/, ''))).toEqual([
      'the first packet of 100 flows wrong by up to 403 ms (median 403 ms), expected at most 20 ms',
      'the last packet of 100 flows wrong by up to 398 ms (median 398 ms), expected at most 20 ms',
    ]);
  });

  test('a flow that is told twice', () => {
    const found = verdict([...right(), biflow(truth[42]!)]);
    expect(found).toMatchObject({ duplicated: 1, lost: 0, invented: 0 });
    expect(found.failures).toEqual([`1 flow told more than once, expected 0: first ${key42}`]);
  });

  test('a flow that never was', () => {
    const found = verdict([...right(), { ...biflow(truth[42]!), sourcePort: 1 }]);
    expect(found.invented).toBe(1);
    expect(found.failures).toEqual([
      '1 record of flows that never were, expected 0: first 6 fd77:1::2 1 fd77:2::2 7000',
    ]);
  });

  test('a Biflow the wrong way round is another flow', () => {
    const records = right();
    const { source, destination, sourcePort, destinationPort } = records[42]!;
    Object.assign(records[42]!, { source: destination, destination: source });
    Object.assign(records[42]!, { sourcePort: destinationPort, destinationPort: sourcePort });
    expect(verdict(records)).toMatchObject({ lost: 1, invented: 1 });
  });

  test('what hosts say of their own accord is no flow', () => {
    const solicitation = {
      protocol: 58,
      source: 'fd77:1::1',
      destination: 'fd77:1::2',
      sourcePort: 0,
      destinationPort: 0,
    };
    const records = [
      { ...solicitation, icmpType: 135 },
      { ...solicitation, source: 'fe80::1' },
    ];
    expect(verdict([...right(), ...records])).toMatchObject({ records: 100, invented: 0 });
  });

  test('a tuple that came three times is told three times, in whatever order', () => {
    const flows = [1, 2, 3].map(i => ({ ...truth[42]!, octets: i * 1000, first: begin + i, last: begin + i }));
    const records = [flows[2]!, flows[0]!, flows[1]!].map(biflow);
    expect(verdict(records, { truth: flows })).toMatchObject({ flows: 3, lost: 0, failures: [] });
    expect(verdict(records.slice(1), { truth: flows })).toMatchObject({ lost: 1, octets: { largest: 0 } });
    records[1]!.octets! += 7;
    expect(verdict(records, { truth: flows })).toMatchObject({ lost: 0, octets: { largest: 7 } });
  });

  test('an exporter that tells no answers, and sums both directions, shows it in its errors', () => {
    const records = right().map(({ reverseOctets, reversePackets, ...record }) => ({
      ...record,
      octets: record.octets! + reverseOctets!,
    }));
    const found = verdict(records);
    expect(found).toMatchObject({
      lost: 0,
      duplicated: 0,
      invented: 0,
      octets: { largest: 1490 },
      packets: { largest: 104 },
    });
  });

  test('each direction by a record of its own is as good', () => {
    const records = truth.flatMap(uniflows).map(record => ({ ...record, endReason: 1 }));
    expect(verdict(records)).toMatchObject({ records: 200, lost: 0, duplicated: 0, failures: [] });
    expect(verdict([...records, records[1]!])).toMatchObject({ duplicated: 1, octets: { largest: 0 } });
  });

  test('a counter or a time that is not told is no error but a failure', () => {
    const found = verdict(right().map(({ octets, reverseOctets, start, ...record }) => record));
    expect(found).not.toHaveProperty('octets');
    expect(found.failures).toEqual(['the octets of flows: not told', 'the first packet of flows: not told']);
  });

  test('a truth without times judges none', () => {
    const found = verdict(right(), { truth: truth.map(({ first, last, ...flow }) => flow) });
    expect(found).not.toHaveProperty('start');
    expect(found.failures).toEqual([]);
  });
});

describe('smoothness', () => {
  const flow: TrueFlow = { ...truth[0]!, octets: 10_000, first: begin, last: begin + 10_000 };
  const parts = (octets: number[]): ExportedRecord[] =>
    octets.map((each, i) => ({
      ...biflow(flow),
      ...{ octets: each, reverseOctets: 0, packets: 0, reversePackets: 0 },
      ...{ start: begin + 2000 * i, end: begin + 2000 * (i + 1), endReason: i + 1 < octets.length ? interim : 1 },
    }));
  const smooth = (records: ExportedRecord[]) =>
    judge({ meters: 'connections', truth: [flow], records, tolerances: { ...exact, smoothness: 1.3 }, malformed: 0 });

  test('equal parts are smooth', () => {
    expect(smooth(parts([2000, 2000, 2000, 2000, 2000])).verdict.smoothness).toBeCloseTo(1, 5);
  });

  test('records that tell when the flow began count from the one before them', () => {
    const records = parts([2000, 2000, 2000, 2000, 2000]).map(record => ({ ...record, start: begin }));
    expect(smooth(records).verdict.smoothness).toBeCloseTo(1, 5);
  });

  test('a lump at the end is none', () => {
    const { verdict: found, plots } = smooth(parts([1000, 1000, 1000, 1000, 6000]));
    expect(found.smoothness).toBeCloseTo(6, 5);
    expect(found.failures).toContain('the largest bucket is 6 times the median, expected at most 1.3');
    expect(plots.told!.values.reduce((sum, each) => sum + each / 10, 0)).toBeCloseTo(10_000, 5);
  });

  test('one record tells nothing of it', () => {
    expect(smooth([biflow(flow)]).verdict.failures).toContain(
      'smoothness: no flow is told by several records with times',
    );
  });
});

test('datagrams that tshark complains of, and what it all took', () => {
  const costs = { subjectSeconds: 0.001, machineSeconds: 0.01, residentMemory: 50e6 };
  const found = verdict(right(), { malformed: 2, costs });
  expect(found.failures).toEqual(['tshark complains of 2 datagrams, expected 0']);
  expect(found.subjectTimePerFlow).toBeCloseTo(10, 6);
  expect(found.machineTimePerFlow).toBeCloseTo(100, 6);
  expect(found.machineTimePerPacket).toBeCloseTo(
    10_000 / truth.reduce((sum, { packets, reversePackets }) => sum + packets! + reversePackets!, 0),
    6,
  );
});
