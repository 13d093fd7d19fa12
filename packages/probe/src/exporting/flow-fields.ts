import { DESTINATION, NAT_DESTINATION, NAT_SOURCE, SOURCE } from '../metering/flow-record.js';
import * as K from '../metering/record-kinds.js';
import * as I from '../metering/record-layout.js';

/** One Information Element that the probe can fill. */
export interface FlowField {
  readonly name: string;
  /** Octets on the wire, where they are not those of the element's type (RFC 7011 section 6.2). */
  readonly length?: number;
  /** Bits that a record's kind must have, and must not have, for the field to be known. */
  readonly needs: number;
  readonly lacks: number;
  /** Where a Flow Record has its value, octets. One of variable length has its length there, and the value behind it. */
  readonly place: number;
}

function known(name: string, needs: number, place: number): FlowField {
  return { name, needs, lacks: 0, place };
}

/** The pair of elements of an address, one for each family. */
function addresses(name: string, needs: number, place4: number, place6: number): FlowField[] {
  return [
    { name: name.replace('IP', 'IPv4'), needs, lacks: K.IPV6, place: place4 },
    { name: name.replace('IP', 'IPv6'), needs: needs | K.IPV6, lacks: 0, place: place6 },
  ];
}

/** Of the elements of a connection's own addresses, four words apart where they are IPv6. */
function ends(name: string, needs: number, word4: number, from: number): FlowField[] {
  return addresses(`${name}IPAddress`, needs, 4 * word4, 4 * I.ADDRESSES_IPV6 + from);
}

/** All that the probe can fill, in the order of a record. */
export const FLOW_FIELDS: readonly FlowField[] = [
  known('observationTimeMilliseconds', K.NAT_EVENT, 4 * I.OBSERVATION_TIME),
  known('natEvent', K.NAT_EVENT, 4 * I.NAT_EVENT),
  ...ends('source', 0, I.SOURCE_IPV4, SOURCE),
  ...ends('destination', 0, I.DESTINATION_IPV4, DESTINATION),
  known('protocolIdentifier', 0, 4 * I.PROTOCOL),
  known('sourceTransportPort', K.PORTS, 4 * I.PROTOCOL + 1),
  known('destinationTransportPort', K.PORTS, 4 * I.PROTOCOL + 3),
  { name: 'icmpTypeCodeIPv4', needs: K.ICMP, lacks: K.IPV6, place: 4 * I.PROTOCOL + 1 },
  known('icmpTypeCodeIPv6', K.ICMP | K.IPV6, 4 * I.PROTOCOL + 1),
  ...ends('postNATSource', K.NAT, I.NAT_SOURCE_IPV4, NAT_SOURCE),
  ...ends('postNATDestination', K.NAT, I.NAT_DESTINATION_IPV4, NAT_DESTINATION),
  known('postNAPTSourceTransportPort', K.NAT | K.PORTS, 4 * I.NAT_PORTS),
  known('postNAPTDestinationTransportPort', K.NAT | K.PORTS, 4 * I.NAT_PORTS + 2),
  known('octetDeltaCount', K.COUNTERS, 4 * I.DELTAS),
  known('packetDeltaCount', K.COUNTERS, 4 * I.DELTAS + 8),
  known('reverseOctetDeltaCount', K.COUNTERS, 4 * I.DELTAS + 16),
  known('reversePacketDeltaCount', K.COUNTERS, 4 * I.DELTAS + 24),
  known('octetTotalCount', K.TOTALS, 4 * I.TOTALS),
  known('packetTotalCount', K.TOTALS, 4 * I.TOTALS + 8),
  known('reverseOctetTotalCount', K.TOTALS, 4 * I.TOTALS + 16),
  known('reversePacketTotalCount', K.TOTALS, 4 * I.TOTALS + 24),
  known('flowStartMilliseconds', K.START, 4 * I.START),
  known('monitoringIntervalStartMilliSeconds', K.INTERVAL, 4 * I.INTERVAL_START),
  known('flowEndMilliseconds', K.TRAFFIC, 4 * I.END),
  // The kernel's id has 32 bits.
  { ...known('flowId', 0, 4 * I.FLOW_ID), length: 4 },
  known('flowEndReason', K.TRAFFIC, 4 * I.END_REASON),
  known('biflowDirection', K.TRAFFIC, 4 * I.END_REASON + 1),
  known('tcpState', K.TCP_STATE, 4 * I.END_REASON + 2),
  known('tcpStateHistory', K.TCP_HISTORY, 4 * I.END_REASON + 3),
  known('initiatorRoundTripMicroseconds', K.INITIATOR_ROUND_TRIP, 4 * I.INITIATOR_ROUND_TRIP),
  known('responderRoundTripMicroseconds', K.RESPONDER_ROUND_TRIP, 4 * I.RESPONDER_ROUND_TRIP),
  known('ingressInterface', K.INGRESS, 4 * I.INGRESS),
  known('egressInterface', K.EGRESS, 4 * I.EGRESS),
  ...addresses('ipNextHopIPAddress', K.NEXT_HOP, 4 * I.NEXT_HOP, 4 * I.NEXT_HOP),
  known('sourceMacAddress', K.SOURCE_MAC, 4 * I.MACS),
  known('postDestinationMacAddress', K.DESTINATION_MAC, 4 * I.MACS + 6),
  known('vlanId', K.INGRESS_VLAN, 4 * I.VLANS),
  known('postVlanId', K.EGRESS_VLAN, 4 * I.VLANS + 2),
  known('bgpSourceAsNumber', K.SOURCE_AS, 4 * I.SOURCE_AS),
  known('bgpDestinationAsNumber', K.DESTINATION_AS, 4 * I.DESTINATION_AS),
  known('conntrackMark', K.MARK, 4 * I.MARK),
  known('conntrackZone', K.ZONE, 4 * I.ZONE),
  { ...known('conntrackLabels', K.LABELS, 4 * I.LABELS), length: 16 },
  known('conntrackStatus', K.TRAFFIC, 4 * I.STATUS),
  known('flowOffload', K.TRAFFIC, 4 * I.OFFLOAD),
  known('masterProtocolIdentifier', K.MASTER, 4 * I.MASTER_PROTOCOL),
  ...addresses('masterSourceIPAddress', K.MASTER, 4 * I.MASTER_ADDRESSES, 4 * I.MASTER_ADDRESSES),
  ...addresses('masterDestinationIPAddress', K.MASTER, 4 * I.MASTER_ADDRESSES + 16, 4 * I.MASTER_ADDRESSES + 16),
  known('masterSourceTransportPort', K.MASTER, 4 * I.MASTER_PORTS),
  known('masterDestinationTransportPort', K.MASTER, 4 * I.MASTER_PORTS + 2),
  known('ipClassOfService', K.CLASS_OF_SERVICE, 4 * I.CLASS_OF_SERVICE),
  // Of variable length, so the last one: what comes before it has a fixed place.
  known('conntrackHelper', K.HELPER, 4 * I.HELPER),
];
