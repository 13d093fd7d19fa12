import { type FlowRecord, OCTETS, PACKETS, REVERSE_OCTETS, REVERSE_PACKETS } from '../metering/flow-record.js';

// NetFlow knows no Biflows: what was counted in each direction is a record of its own.
export const FORWARD = 1;
export const REVERSE = 2;

/** Type of the message that answers an ICMP (RFC 792, 950) or ICMPv6 (RFC 4443, 4620) message, as in the kernel's nf_conntrack_proto_icmp. */
const ICMP_ANSWERS: ReadonlyMap<number, number> = new Map([
  [8, 0],
  [13, 14],
  [15, 16],
  [17, 18],
]);
const ICMPV6_ANSWERS: ReadonlyMap<number, number> = new Map([
  [128, 129],
  [139, 140],
]);

/** The directions that records are due for: one in which nothing was counted has none, as long as the other has. */
export function directionsOf(record: FlowRecord): number {
  if (record.natEvent !== 0 || !record.hasCounters) return FORWARD;
  if (!isCounted(record, REVERSE_OCTETS, REVERSE_PACKETS)) return FORWARD;
  return isCounted(record, OCTETS, PACKETS) ? FORWARD | REVERSE : REVERSE;
}

/** Whether any direction has counted something. */
export function hasCounted(record: FlowRecord): boolean {
  return isCounted(record, OCTETS, PACKETS) || isCounted(record, REVERSE_OCTETS, REVERSE_PACKETS);
}

function isCounted({ counters }: FlowRecord, octets: number, packets: number): boolean {
  return (counters[octets] | counters[octets + 1] | counters[packets] | counters[packets + 1]) !== 0;
}

/** ICMP type << 8 | code of a direction: the reverse one answers. */
export function icmpTypeCodeOf(record: FlowRecord, isForward: boolean): number {
  if (isForward) return record.icmpTypeCode;
  const answers = record.family === 6 ? ICMPV6_ANSWERS : ICMP_ANSWERS;
  const answer = answers.get(record.icmpTypeCode >> 8);
  return answer === undefined ? record.icmpTypeCode : answer << 8;
}

/** Start of what the counters cover, NaN where it is not known: NetFlow has no other interval than the record's. */
export function startOf(record: FlowRecord): number {
  return record.intervalStart > 0 ? record.intervalStart : record.start;
}
