import type { Spread, Verdict } from '../verdict/verdict.js';

/** A figure of a verdict in a table. */
export interface Column {
  head: string;
  /** What the head means, unit included. */
  meaning: string;
  /** Undefined where it was not measured. */
  text(verdict: Verdict): string | undefined;
}

const whole = (value: number): string => Math.round(value).toLocaleString('en');
const three = (value: number): string => (value >= 100 ? whole(value) : String(Number(value.toPrecision(3))));
const spread = (value: Spread | undefined, text: (value: number) => string): string | undefined =>
  value === undefined ? undefined : `${text(value.median)} / ${text(value.largest)}`;
const optional = (value: number | undefined, text = three): string | undefined =>
  value === undefined ? undefined : text(value);

export const columns: readonly Column[] = [
  { head: 'flows', meaning: 'flows that were', text: ({ flows }) => whole(flows) },
  { head: 'records', meaning: 'Flow Records that came', text: ({ records }) => whole(records) },
  { head: 'lost', meaning: 'flows without a record', text: ({ lost }) => whole(lost) },
  { head: 'dup.', meaning: 'flows told more than once', text: ({ duplicated }) => whole(duplicated) },
  { head: 'inv.', meaning: 'records of flows that never were', text: ({ invented }) => whole(invented) },
  {
    head: 'octets',
    meaning: 'error of one flow and direction, median / largest, octets',
    text: ({ octets }) => spread(octets, whole),
  },
  {
    head: 'packets',
    meaning: 'error of one flow and direction, median / largest, packets',
    text: ({ packets }) => spread(packets, whole),
  },
  {
    head: 'start ms',
    meaning: 'error of the first packet’s time, median / largest',
    text: ({ start }) => spread(start, three),
  },
  {
    head: 'end ms',
    meaning: 'error of the last packet’s time, median / largest',
    text: ({ end }) => spread(end, three),
  },
  {
    head: 'lump',
    meaning: 'largest second of a steady flow by the median one, as told; 1 is even',
    text: ({ smoothness }) => optional(smoothness),
  },
  { head: 'bad', meaning: 'datagrams that tshark complains of', text: ({ malformed }) => whole(malformed) },
  {
    head: 'us/flow',
    meaning: 'processor time of the subject, microseconds a flow',
    text: ({ subjectTimePerFlow }) => optional(subjectTimePerFlow),
  },
  {
    head: 'all us/flow',
    meaning: 'processor time of the whole machine, the traffic’s own too, microseconds a flow',
    text: ({ machineTimePerFlow }) => optional(machineTimePerFlow),
  },
  {
    head: 'all us/pkt',
    meaning: 'the same, microseconds a packet',
    text: ({ machineTimePerPacket }) => optional(machineTimePerPacket),
  },
  {
    head: 'MB',
    meaning: 'resident memory of the subject at the end of the traffic, 10^6 octets',
    text: ({ residentMemory }) => optional(residentMemory && residentMemory / 1e6),
  },
  {
    head: 'Gbit/s',
    meaning: 'throughput without the subject > with it',
    text: ({ throughput }) => throughput && `${three(throughput.without)} > ${three(throughput.with)}`,
  },
];
