import type { ExportedRecord } from '../../subjects/exported.js';
import { reversed, type TrueFlow } from '../../truth/flow.js';
import { type Case, judge } from '../judge.js';
import type { Tolerances, Verdict } from '../verdict.js';

/** What is held against hand-made records. */
export const exact: Tolerances = {
  lost: 0,
  duplicated: 0,
  invented: 0,
  octets: 0,
  packets: 0,
  start: 20,
  end: 20,
  malformed: 0,
};
export const begin = 1_700_000_000_000;

export const truth: TrueFlow[] = Array.from({ length: 100 }, (_, i) => ({
  protocol: i % 2 === 0 ? 6 : 17,
  source: i % 4 < 2 ? '10.77.1.2' : 'fd77:1::2',
  sourcePort: 30_000 + i,
  destination: i % 4 < 2 ? '10.77.2.2' : 'fd77:2::2',
  destinationPort: 7000,
  packets: 10 + i,
  octets: 1000 + 10 * i,
  reversePackets: 5 + i,
  reverseOctets: 500 + 10 * i,
  first: begin + 100 * i,
  last: begin + 100 * i + 50,
}));

/** What a faultless exporter of Biflows says. */
export function biflow({ first, last, ...flow }: TrueFlow): ExportedRecord {
  return { ...flow, start: first! + 3, end: last! - 2, endReason: 1 };
}

/** What a faultless exporter of packets says: each direction by itself. */
export function uniflows(flow: TrueFlow): ExportedRecord[] {
  const { packets, octets, reversePackets, reverseOctets, first, last, ...key } = flow;
  const times = { start: first!, end: last! };
  return [
    { ...key, ...times, packets: packets!, octets: octets! },
    { ...reversed(key), ...times, packets: reversePackets!, octets: reverseOctets! },
  ];
}

export function verdict(records: ExportedRecord[], more: Partial<Case> = {}): Verdict {
  return judge({ meters: 'connections', truth, records, tolerances: exact, malformed: 0, ...more }).verdict;
}
