import type { KernelFlow } from '../truth/conntrack.js';

/** One line of `weir query --format json` without `--by`; keys of `record` are IANA names. */
export interface QueriedRecord {
  exportTime: string;
  observationDomainId: number;
  templateId: number;
  record: Record<string, string | number>;
}

/** Octets and packets of both directions. */
export interface Counters {
  packets: number;
  octets: number;
  reversePackets: number;
  reverseOctets: number;
}

/** flowEndReason of an interim report (RFC 5102 section 5.11.3: active timeout). */
export const activeTimeout = 2;

/** Sums of the records of one Flow, and how many there were of each kind. */
export interface FlowSum extends Counters {
  interimReports: number;
  finalReports: number;
  natSource: string;
}

/** The Flow Key as text, for both sides to meet. ICMP flows differ in their addresses only: a lab sends one each. */
export function kernelKey({ protocol, original }: KernelFlow): string {
  return [
    protocol,
    original.source,
    original.sourcePort ?? 0,
    original.destination,
    original.destinationPort ?? 0,
  ].join(' ');
}

/** The source after translation as the kernel tells it: where replies are sent. */
export function kernelNatSource({ reply }: KernelFlow): string {
  return `${reply.destination} ${reply.destinationPort ?? 0}`;
}

/** The kernel's counters; a counter that is absent fails the test by NaN. */
export function kernelCounters({ original, reply }: KernelFlow): Counters {
  return {
    packets: original.packets ?? Number.NaN,
    octets: original.octets ?? Number.NaN,
    reversePackets: reply.packets ?? Number.NaN,
    reverseOctets: reply.octets ?? Number.NaN,
  };
}

/** Sums Flow Records by Flow Key. */
export function sumByFlow(records: readonly Pick<QueriedRecord, 'record'>[]): Map<string, FlowSum> {
  const sums = new Map<string, FlowSum>();
  for (const { record } of records) {
    const key = recordKey(record);
    let sum = sums.get(key);
    if (sum === undefined) sums.set(key, (sum = emptySum()));
    sum.packets += Number(record.packetDeltaCount ?? 0);
    sum.octets += Number(record.octetDeltaCount ?? 0);
    sum.reversePackets += Number(record.reversePacketDeltaCount ?? 0);
    sum.reverseOctets += Number(record.reverseOctetDeltaCount ?? 0);
    if (record.flowEndReason === activeTimeout) sum.interimReports++;
    else sum.finalReports++;
    sum.natSource = natSource(record);
  }
  return sums;
}

/** The Flow Key of a Flow Record, as {@link kernelKey}. */
export function recordKey(record: Record<string, string | number>): string {
  return [
    record.protocolIdentifier,
    record.sourceIPv4Address ?? record.sourceIPv6Address,
    record.sourceTransportPort ?? 0,
    record.destinationIPv4Address ?? record.destinationIPv6Address,
    record.destinationTransportPort ?? 0,
  ].join(' ');
}

function natSource(record: Record<string, string | number>): string {
  const address = record.postNATSourceIPv4Address ?? record.postNATSourceIPv6Address;
  return `${address} ${record.postNAPTSourceTransportPort ?? 0}`;
}

function emptySum(): FlowSum {
  return {
    packets: 0,
    octets: 0,
    reversePackets: 0,
    reverseOctets: 0,
    interimReports: 0,
    finalReports: 0,
    natSource: '',
  };
}
