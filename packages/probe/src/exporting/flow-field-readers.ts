import {
  DESTINATION,
  type FlowRecord,
  NAT_DESTINATION,
  NAT_SOURCE,
  OCTETS,
  PACKETS,
  REVERSE_OCTETS,
  REVERSE_PACKETS,
  SOURCE,
} from '../metering/flow-record.js';
import { statusOf } from './flow-offload.js';
import { get16, get32, get64 } from './get.js';

/** Takes the value of one field of a Data Record into a record of its kind: the inverse of FlowField.write. */
export type FieldReader = (record: FlowRecord, bytes: Uint8Array, at: number) => void;

const delta =
  (word: number): FieldReader =>
  (record, bytes, at) =>
    takeCounter(record.counters, word, bytes, at);
const total =
  (word: number): FieldReader =>
  (record, bytes, at) =>
    takeCounter(record.totals, word, bytes, at);
const address4 =
  (from: number): FieldReader =>
  (record, bytes, at) =>
    takeIPv4(record.addresses, from, bytes, at);
const address6 =
  (from: number): FieldReader =>
  (record, bytes, at) =>
    take(record.addresses, from, 16, bytes, at);

const icmpTypeCode: FieldReader = (record, bytes, at) => {
  record.icmpTypeCode = get16(bytes, at);
};

const READERS: Readonly<Record<string, FieldReader>> = {
  observationTimeMilliseconds: (record, bytes, at) => {
    record.observationTime = get64(bytes, at);
  },
  natEvent: (record, bytes, at) => {
    record.natEvent = bytes[at];
  },
  sourceIPv4Address: address4(SOURCE),
  sourceIPv6Address: address6(SOURCE),
  destinationIPv4Address: address4(DESTINATION),
  destinationIPv6Address: address6(DESTINATION),
  protocolIdentifier: (record, bytes, at) => {
    record.protocol = bytes[at];
  },
  sourceTransportPort: (record, bytes, at) => {
    record.sourcePort = get16(bytes, at);
  },
  destinationTransportPort: (record, bytes, at) => {
    record.destinationPort = get16(bytes, at);
  },
  icmpTypeCodeIPv4: icmpTypeCode,
  icmpTypeCodeIPv6: icmpTypeCode,
  postNATSourceIPv4Address: address4(NAT_SOURCE),
  postNATSourceIPv6Address: address6(NAT_SOURCE),
  postNATDestinationIPv4Address: address4(NAT_DESTINATION),
  postNATDestinationIPv6Address: address6(NAT_DESTINATION),
  postNAPTSourceTransportPort: (record, bytes, at) => {
    record.natSourcePort = get16(bytes, at);
  },
  postNAPTDestinationTransportPort: (record, bytes, at) => {
    record.natDestinationPort = get16(bytes, at);
  },
  octetDeltaCount: delta(OCTETS),
  packetDeltaCount: delta(PACKETS),
  reverseOctetDeltaCount: delta(REVERSE_OCTETS),
  reversePacketDeltaCount: delta(REVERSE_PACKETS),
  octetTotalCount: total(OCTETS),
  packetTotalCount: total(PACKETS),
  reverseOctetTotalCount: total(REVERSE_OCTETS),
  reversePacketTotalCount: total(REVERSE_PACKETS),
  flowStartMilliseconds: (record, bytes, at) => {
    record.start = get64(bytes, at);
  },
  monitoringIntervalStartMilliSeconds: (record, bytes, at) => {
    record.intervalStart = get64(bytes, at);
  },
  flowEndMilliseconds: (record, bytes, at) => {
    record.end = get64(bytes, at);
  },
  flowId: (record, bytes, at) => {
    record.flowId = get32(bytes, at);
  },
  flowEndReason: (record, bytes, at) => {
    record.flowEndReason = bytes[at];
  },
  // A Flow Record's forward direction is the initiator's always.
  biflowDirection: () => {},
  tcpState: (record, bytes, at) => {
    record.tcpState = bytes[at];
  },
  tcpStateHistory: (record, bytes, at) => {
    record.tcpStateHistory = get16(bytes, at);
  },
  initiatorRoundTripMicroseconds: (record, bytes, at) => {
    record.initiatorRoundTrip = get32(bytes, at);
  },
  responderRoundTripMicroseconds: (record, bytes, at) => {
    record.responderRoundTrip = get32(bytes, at);
  },
  ingressInterface: (record, bytes, at) => {
    record.ingressInterface = get32(bytes, at);
  },
  egressInterface: (record, bytes, at) => {
    record.egressInterface = get32(bytes, at);
  },
  ipNextHopIPv4Address: (record, bytes, at) => takeIPv4(record.nextHop, 0, bytes, at),
  ipNextHopIPv6Address: (record, bytes, at) => take(record.nextHop, 0, 16, bytes, at),
  sourceMacAddress: (record, bytes, at) => take(record.sourceMac, 0, 6, bytes, at),
  postDestinationMacAddress: (record, bytes, at) => take(record.destinationMac, 0, 6, bytes, at),
  vlanId: (record, bytes, at) => {
    record.ingressVlan = get16(bytes, at);
  },
  postVlanId: (record, bytes, at) => {
    record.egressVlan = get16(bytes, at);
  },
  bgpSourceAsNumber: (record, bytes, at) => {
    record.sourceAs = get32(bytes, at);
  },
  bgpDestinationAsNumber: (record, bytes, at) => {
    record.destinationAs = get32(bytes, at);
  },
  conntrackMark: (record, bytes, at) => {
    record.mark = get32(bytes, at);
  },
  conntrackZone: (record, bytes, at) => {
    record.zone = get16(bytes, at);
  },
  conntrackLabels: (record, bytes, at) => take(record.labels, 0, 16, bytes, at),
  conntrackStatus: (record, bytes, at) => {
    record.status = get32(bytes, at);
  },
  flowOffload: (record, bytes, at) => {
    // Where the status is exported too, this repeats two bits of it.
    if (record.status === 0) record.status = statusOf(bytes[at]);
  },
  masterProtocolIdentifier: (record, bytes, at) => {
    record.masterProtocol = bytes[at];
  },
  masterSourceIPv4Address: (record, bytes, at) => takeIPv4(record.masterAddresses, 0, bytes, at),
  masterSourceIPv6Address: (record, bytes, at) => take(record.masterAddresses, 0, 16, bytes, at),
  masterDestinationIPv4Address: (record, bytes, at) => takeIPv4(record.masterAddresses, 16, bytes, at),
  masterDestinationIPv6Address: (record, bytes, at) => take(record.masterAddresses, 16, 16, bytes, at),
  masterSourceTransportPort: (record, bytes, at) => {
    record.masterSourcePort = get16(bytes, at);
  },
  masterDestinationTransportPort: (record, bytes, at) => {
    record.masterDestinationPort = get16(bytes, at);
  },
  ipClassOfService: (record, bytes, at) => {
    record.classOfService = bytes[at];
  },
  conntrackHelper: (record, bytes, at) => {
    record.helper = String.fromCharCode(...bytes.subarray(at + 1, at + 1 + bytes[at]));
  },
};

/** The reader of a field of FLOW_FIELDS. */
export function fieldReader(name: string): FieldReader {
  return READERS[name];
}

function take(into: Uint8Array, from: number, octets: number, bytes: Uint8Array, at: number): void {
  for (let i = 0; i < octets; i++) into[from + i] = bytes[at + i];
}

/** An IPv4 address has the first four of sixteen octets, the others are 0. */
function takeIPv4(into: Uint8Array, from: number, bytes: Uint8Array, at: number): void {
  take(into, from, 4, bytes, at);
  for (let i = from + 4; i < from + 16; i++) into[i] = 0;
}

function takeCounter(into: Uint32Array, word: number, bytes: Uint8Array, at: number): void {
  into[word + 1] = get32(bytes, at);
  into[word] = get32(bytes, at + 4);
}
