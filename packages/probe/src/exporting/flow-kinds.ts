import type { FlowRecord } from '../metering/flow-record.js';

/**
 * What a Flow Record has, one bit each: its kind. Each combination that occurs gets a Template of its own, so that a field that
 * nobody knows is left out and not zeroed.
 */
export const IPV6 = 1 << 0;
export const PORTS = 1 << 1;
export const ICMP = 1 << 2;
export const NAT = 1 << 3;
export const COUNTERS = 1 << 4;
export const TOTALS = 1 << 5;
export const START = 1 << 6;
/** The counters cover the time since an interim report, not the whole Flow. */
export const INTERVAL = 1 << 7;
export const NAT_EVENT = 1 << 8;
export const MARK = 1 << 9;
export const ZONE = 1 << 10;
export const LABELS = 1 << 11;
export const HELPER = 1 << 12;
export const MASTER = 1 << 13;
export const TCP_STATE = 1 << 14;
export const TCP_HISTORY = 1 << 15;
export const RESPONDER_ROUND_TRIP = 1 << 16;
export const INITIATOR_ROUND_TRIP = 1 << 17;
export const INGRESS = 1 << 18;
export const EGRESS = 1 << 19;
export const NEXT_HOP = 1 << 20;
export const SOURCE_MAC = 1 << 21;
export const DESTINATION_MAC = 1 << 22;
export const INGRESS_VLAN = 1 << 23;
export const EGRESS_VLAN = 1 << 24;
export const SOURCE_AS = 1 << 25;
export const DESTINATION_AS = 1 << 26;
/** Times, counters and flowEndReason: all but a record that tells of a translation only. */
export const TRAFFIC = 1 << 27;
export const CLASS_OF_SERVICE = 1 << 28;
export const ALL_KINDS = -1;

/**
 * The inverse of fillImage's kind: the record is of this kind, and what the kind lacks is not known. What the kind has, the fields of the Data
 * Record fill; of an array behind a flag that is false, nothing means anything.
 */
export function setKind(record: FlowRecord, kind: number): void {
  record.family = (kind & IPV6) !== 0 ? 6 : 4;
  record.hasPorts = (kind & PORTS) !== 0;
  record.translated = (kind & NAT) !== 0;
  record.hasLabels = (kind & LABELS) !== 0;
  record.hasMaster = (kind & MASTER) !== 0;
  record.hasCounters = (kind & COUNTERS) !== 0;
  record.hasTotals = (kind & TOTALS) !== 0;
  record.hasNextHop = (kind & NEXT_HOP) !== 0;
  record.hasSourceMac = (kind & SOURCE_MAC) !== 0;
  record.hasDestinationMac = (kind & DESTINATION_MAC) !== 0;
  forget(record);
}

function forget(record: FlowRecord): void {
  record.protocol = record.flowId = record.flowEndReason = record.natEvent = 0;
  record.sourcePort = record.destinationPort = record.natSourcePort = record.natDestinationPort = 0;
  record.icmpTypeCode = 0;
  record.end = record.observationTime = 0;
  record.start = record.intervalStart = Number.NaN;
  record.zone = record.mark = record.status = 0;
  record.helper = '';
  record.masterProtocol = record.masterSourcePort = record.masterDestinationPort = 0;
  record.tcpState = record.tcpStateHistory = 0;
  record.responderRoundTrip = record.initiatorRoundTrip = Number.NaN;
  record.classOfService = -1;
  record.ingressInterface = record.egressInterface = 0;
  record.ingressVlan = record.egressVlan = 0;
  record.sourceAs = record.destinationAs = -1;
}
