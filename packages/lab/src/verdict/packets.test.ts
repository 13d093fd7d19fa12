import { describe, expect, test } from 'vitest';
import type { ExportedRecord } from '../subjects/exported.js';
import { begin, biflow, truth, uniflows, verdict } from './testing/flows.js';

describe('exporters of packets', () => {
  const packets = (records: ExportedRecord[]) => verdict(records, { meters: 'packets' });
  const told = (): ExportedRecord[] => truth.flatMap(uniflows);

  test('a faultless one passes, by records of one direction, of both, or of parts', () => {
    expect(packets(told())).toMatchObject({
      records: 200,
      failures: [],
      octets: { largest: 0 },
      start: { largest: 0 },
    });
    expect(packets(truth.map(biflow))).toMatchObject({ records: 100, failures: [] });
    const halves = told().flatMap(record => [
      { ...record, octets: 100, packets: 1 },
      { ...record, octets: record.octets! - 100, packets: record.packets! - 1 },
    ]);
    expect(packets(halves)).toMatchObject({ records: 400, failures: [] });
  });

  test('a flow that is dropped, and one told twice', () => {
    expect(packets(told().slice(2))).toMatchObject({
      lost: 1,
      octets: { largest: 0 },
      failures: [expect.stringMatching(/lost/)],
    });
    const twice = packets([...told(), told()[0]!]);
    expect(twice).toMatchObject({
      duplicated: 1,
      octets: { largest: 0 },
      failures: [expect.stringMatching(/more than once/)],
    });
  });

  test('packets that were missed are errors of both counters', () => {
    const records = told();
    records[0]!.packets! -= 1;
    records[0]!.octets! -= 100;
    expect(packets(records)).toMatchObject({
      lost: 0,
      duplicated: 0,
      octets: { largest: 100 },
      packets: { largest: 1 },
    });
  });

  test('both sides pinged each other', () => {
    const ping = { protocol: 1, source: '10.77.1.2', destination: '10.77.2.2', sourcePort: 0, destinationPort: 0 };
    const counters = { packets: 2, octets: 200, reversePackets: 2, reverseOctets: 200, first: begin, last: begin };
    const flows = [
      { ...ping, ...counters },
      { ...ping, ...counters, source: ping.destination, destination: ping.source },
    ];
    const found = verdict(flows.flatMap(uniflows), { truth: flows, meters: 'packets' });
    expect(found).toMatchObject({ lost: 0, duplicated: 0, invented: 0, failures: [] });
  });
});
