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
import * as K from './flow-kinds.js';
import { offloadOf } from './flow-offload.js';
import { put8, put16, put32, put64 } from './put.js';

/** RFC 5103 section 6.3: the forward direction is the initiator's. */
const BIFLOW_DIRECTION_INITIATOR = 1;

/** One Information Element that the probe can fill. */
export interface FlowField {
  readonly name: string;
  /** Octets on the wire, where they are not those of the element's type (RFC 7011 section 6.2). */
  readonly length?: number;
  /** Bits that a record's kind must have, and must not have, for the field to be known. */
  readonly needs: number;
  readonly lacks: number;
  readonly write: (record: FlowRecord, bytes: Uint8Array, at: number) => void;
  /** Octets of a value of variable length, its length octet among them. */
  readonly octets?: (record: FlowRecord) => number;
}

type Write = FlowField['write'];

function known(name: string, needs: number, write: Write): FlowField {
  return { name, needs, lacks: 0, write };
}

/** The pair of elements of an address, one for each family. */
function addresses(before: string, after: string, needs: number, octets: (record: FlowRecord) => Uint8Array, from = 0) {
  const copy =
    (length: number): Write =>
    (record, bytes, at) => {
      const address = octets(record);
      for (let i = 0; i < length; i++) bytes[at + i] = address[from + i];
    };
  return [
    { name: `${before}IPv4Address${after}`, needs, lacks: K.IPV6, write: copy(4) },
    { name: `${before}IPv6Address${after}`, needs: needs | K.IPV6, lacks: 0, write: copy(16) },
  ];
}

function delta(name: string, word: number): FlowField {
  return known(name, K.COUNTERS, ({ counters }, bytes, at) => {
    put32(bytes, at, counters[word + 1]);
    put32(bytes, at + 4, counters[word]);
  });
}

function total(name: string, word: number): FlowField {
  return known(name, K.TOTALS, ({ totals }, bytes, at) => {
    put32(bytes, at, totals[word + 1]);
    put32(bytes, at + 4, totals[word]);
  });
}

const own = (record: FlowRecord): Uint8Array => record.addresses;
const masters = (record: FlowRecord): Uint8Array => record.masterAddresses;

function putMac(mac: Uint8Array, bytes: Uint8Array, at: number): void {
  for (let i = 0; i < 6; i++) bytes[at + i] = mac[i];
}

/** A name of at most 16 octets (NF_CT_HELPER_NAME_LEN), in ASCII as kernel modules name themselves, behind its length (RFC 7011 section 7). */
function putHelper(record: FlowRecord, bytes: Uint8Array, at: number): void {
  put8(bytes, at, record.helper.length);
  for (let i = 0; i < record.helper.length; i++) bytes[at + 1 + i] = record.helper.charCodeAt(i);
}

/** All that the probe can fill, in the order of a record. */
export const FLOW_FIELDS: readonly FlowField[] = [
  known('observationTimeMilliseconds', K.NAT_EVENT, (record, bytes, at) => put64(bytes, at, record.observationTime)),
  known('natEvent', K.NAT_EVENT, (record, bytes, at) => put8(bytes, at, record.natEvent)),
  ...addresses('source', '', 0, own, SOURCE),
  ...addresses('destination', '', 0, own, DESTINATION),
  known('protocolIdentifier', 0, (record, bytes, at) => put8(bytes, at, record.protocol)),
  known('sourceTransportPort', K.PORTS, (record, bytes, at) => put16(bytes, at, record.sourcePort)),
  known('destinationTransportPort', K.PORTS, (record, bytes, at) => put16(bytes, at, record.destinationPort)),
  {
    name: 'icmpTypeCodeIPv4',
    needs: K.ICMP,
    lacks: K.IPV6,
    write: (record, bytes, at) => put16(bytes, at, record.icmpTypeCode),
  },
  {
    name: 'icmpTypeCodeIPv6',
    needs: K.ICMP | K.IPV6,
    lacks: 0,
    write: (record, bytes, at) => put16(bytes, at, record.icmpTypeCode),
  },
  ...addresses('postNATSource', '', K.NAT, own, NAT_SOURCE),
  ...addresses('postNATDestination', '', K.NAT, own, NAT_DESTINATION),
  known('postNAPTSourceTransportPort', K.NAT | K.PORTS, (record, bytes, at) => put16(bytes, at, record.natSourcePort)),
  known('postNAPTDestinationTransportPort', K.NAT | K.PORTS, (record, bytes, at) =>
    put16(bytes, at, record.natDestinationPort),
  ),
  delta('octetDeltaCount', OCTETS),
  delta('packetDeltaCount', PACKETS),
  delta('reverseOctetDeltaCount', REVERSE_OCTETS),
  delta('reversePacketDeltaCount', REVERSE_PACKETS),
  total('octetTotalCount', OCTETS),
  total('packetTotalCount', PACKETS),
  total('reverseOctetTotalCount', REVERSE_OCTETS),
  total('reversePacketTotalCount', REVERSE_PACKETS),
  known('flowStartMilliseconds', K.START, (record, bytes, at) => put64(bytes, at, record.start)),
  known('monitoringIntervalStartMilliSeconds', K.INTERVAL, (record, bytes, at) =>
    put64(bytes, at, record.intervalStart),
  ),
  known('flowEndMilliseconds', K.TRAFFIC, (record, bytes, at) => put64(bytes, at, record.end)),
  // The kernel's id has 32 bits.
  { ...known('flowId', 0, (record, bytes, at) => put32(bytes, at, record.flowId)), length: 4 },
  known('flowEndReason', K.TRAFFIC, (record, bytes, at) => put8(bytes, at, record.flowEndReason)),
  known('biflowDirection', K.TRAFFIC, (_, bytes, at) => put8(bytes, at, BIFLOW_DIRECTION_INITIATOR)),
  known('tcpState', K.TCP_STATE, (record, bytes, at) => put8(bytes, at, record.tcpState)),
  known('tcpStateHistory', K.TCP_HISTORY, (record, bytes, at) => put16(bytes, at, record.tcpStateHistory)),
  known('initiatorRoundTripMicroseconds', K.INITIATOR_ROUND_TRIP, (record, bytes, at) =>
    put32(bytes, at, record.initiatorRoundTrip),
  ),
  known('responderRoundTripMicroseconds', K.RESPONDER_ROUND_TRIP, (record, bytes, at) =>
    put32(bytes, at, record.responderRoundTrip),
  ),
  known('ingressInterface', K.INGRESS, (record, bytes, at) => put32(bytes, at, record.ingressInterface)),
  known('egressInterface', K.EGRESS, (record, bytes, at) => put32(bytes, at, record.egressInterface)),
  ...addresses('ipNextHop', '', K.NEXT_HOP, record => record.nextHop),
  known('sourceMacAddress', K.SOURCE_MAC, (record, bytes, at) => putMac(record.sourceMac, bytes, at)),
  known('postDestinationMacAddress', K.DESTINATION_MAC, (record, bytes, at) =>
    putMac(record.destinationMac, bytes, at),
  ),
  known('vlanId', K.INGRESS_VLAN, (record, bytes, at) => put16(bytes, at, record.ingressVlan)),
  known('postVlanId', K.EGRESS_VLAN, (record, bytes, at) => put16(bytes, at, record.egressVlan)),
  known('bgpSourceAsNumber', K.SOURCE_AS, (record, bytes, at) => put32(bytes, at, record.sourceAs)),
  known('bgpDestinationAsNumber', K.DESTINATION_AS, (record, bytes, at) => put32(bytes, at, record.destinationAs)),
  known('conntrackMark', K.MARK, (record, bytes, at) => put32(bytes, at, record.mark)),
  known('conntrackZone', K.ZONE, (record, bytes, at) => put16(bytes, at, record.zone)),
  { ...known('conntrackLabels', K.LABELS, putLabels), length: 16 },
  known('conntrackStatus', K.TRAFFIC, (record, bytes, at) => put32(bytes, at, record.status)),
  known('flowOffload', K.TRAFFIC, (record, bytes, at) => put8(bytes, at, offloadOf(record.status))),
  known('masterProtocolIdentifier', K.MASTER, (record, bytes, at) => put8(bytes, at, record.masterProtocol)),
  ...addresses('masterSource', '', K.MASTER, masters, 0),
  ...addresses('masterDestination', '', K.MASTER, masters, 16),
  known('masterSourceTransportPort', K.MASTER, (record, bytes, at) => put16(bytes, at, record.masterSourcePort)),
  known('masterDestinationTransportPort', K.MASTER, (record, bytes, at) =>
    put16(bytes, at, record.masterDestinationPort),
  ),
  known('ipClassOfService', K.CLASS_OF_SERVICE, (record, bytes, at) => put8(bytes, at, record.classOfService)),
  // Of variable length, so the last one: what comes before it has a fixed place.
  { ...known('conntrackHelper', K.HELPER, putHelper), octets: record => 1 + record.helper.length },
];

function putLabels(record: FlowRecord, bytes: Uint8Array, at: number): void {
  for (let i = 0; i < 16; i++) bytes[at + i] = record.labels[i];
}
