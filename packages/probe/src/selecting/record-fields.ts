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
import { MASTER_ADDRESSES, NEXT_HOP } from '../metering/record-layout.js';

/** How a value of a Flow Record is read, without making an object. */
export type FieldReader =
  /** NaN where the record has no value. */
  | { readonly kind: 'number'; readonly read: (record: FlowRecord) => number }
  /** Index of the counter in `counters`. */
  | { readonly kind: 'counter'; readonly index: number }
  /** Where in `octets` the address begins, -1 where the record has none. */
  | { readonly kind: 'address'; readonly place: (record: FlowRecord) => number }
  /** undefined where the record has no value. */
  | { readonly kind: 'text'; readonly read: (record: FlowRecord) => string | undefined };

const TCP = 6;
/** RFC 5103 section 6.3: the forward direction is the initiator's. */
const BIFLOW_DIRECTION_INITIATOR = 1;

/** What the probe knows of a Flow, by the name of the Information Element. */
const readers = new Map<string, FieldReader>([
  ['protocolIdentifier', number(r => r.protocol)],
  ['ipVersion', number(r => r.family)],
  ['sourceTransportPort', number(r => (r.hasPorts ? r.sourcePort : Number.NaN))],
  ['destinationTransportPort', number(r => (r.hasPorts ? r.destinationPort : Number.NaN))],
  ['postNAPTSourceTransportPort', number(r => (r.translated && r.hasPorts ? r.natSourcePort : Number.NaN))],
  ['postNAPTDestinationTransportPort', number(r => (r.translated && r.hasPorts ? r.natDestinationPort : Number.NaN))],
  ['octetDeltaCount', { kind: 'counter', index: OCTETS }],
  ['packetDeltaCount', { kind: 'counter', index: PACKETS }],
  ['reverseOctetDeltaCount', { kind: 'counter', index: REVERSE_OCTETS }],
  ['reversePacketDeltaCount', { kind: 'counter', index: REVERSE_PACKETS }],
  ['flowStartMilliseconds', number(r => Math.floor(r.start))],
  ['flowEndMilliseconds', number(r => Math.floor(r.end))],
  ['monitoringIntervalStartMilliSeconds', number(r => Math.floor(r.intervalStart))],
  ['flowEndReason', number(r => known(r.flowEndReason))],
  ['natEvent', number(r => known(r.natEvent))],
  ['flowId', number(r => r.flowId)],
  ['biflowDirection', number(() => BIFLOW_DIRECTION_INITIATOR)],
  ['ingressInterface', number(r => known(r.ingressInterface))],
  ['egressInterface', number(r => known(r.egressInterface))],
  ['vlanId', number(r => known(r.ingressVlan))],
  ['postVlanId', number(r => known(r.egressVlan))],
  ['sourceMacAddress', number(r => (r.hasSourceMac ? macNumber(r.sourceMac) : Number.NaN))],
  ['destinationMacAddress', number(destinationMac)],
  ['postDestinationMacAddress', number(destinationMac)],
  ['bgpSourceAsNumber', number(r => (r.sourceAs >= 0 ? r.sourceAs : Number.NaN))],
  ['bgpDestinationAsNumber', number(r => (r.destinationAs >= 0 ? r.destinationAs : Number.NaN))],
  ['ipClassOfService', number(r => (r.classOfService >= 0 ? r.classOfService : Number.NaN))],
  ['conntrackMark', number(r => r.mark)],
  ['conntrackZone', number(r => r.zone)],
  ['conntrackStatus', number(r => r.status)],
  ['tcpState', number(r => (r.protocol === TCP ? known(r.tcpState) : Number.NaN))],
  ['tcpStateHistory', number(r => (r.protocol === TCP ? known(r.tcpStateHistory) : Number.NaN))],
  ['initiatorRoundTripMicroseconds', number(r => r.initiatorRoundTrip)],
  ['responderRoundTripMicroseconds', number(r => r.responderRoundTrip)],
  ['masterProtocolIdentifier', number(r => (r.hasMaster ? r.masterProtocol : Number.NaN))],
  ['masterSourceTransportPort', number(r => (r.hasMaster ? r.masterSourcePort : Number.NaN))],
  ['masterDestinationTransportPort', number(r => (r.hasMaster ? r.masterDestinationPort : Number.NaN))],
  ['conntrackHelper', { kind: 'text', read: r => (r.helper === '' ? undefined : r.helper) }],
  ['conntrackLabels', { kind: 'text', read: r => (r.hasLabels ? hexadecimal(r.labels) : undefined) }],
  ...bothFamilies('source$Address', r => r.place(SOURCE)),
  ...bothFamilies('destination$Address', r => r.place(DESTINATION)),
  ...bothFamilies('postNATSource$Address', r => (r.translated ? r.place(NAT_SOURCE) : -1)),
  ...bothFamilies('postNATDestination$Address', r => (r.translated ? r.place(NAT_DESTINATION) : -1)),
  ...bothFamilies('ipNextHop$Address', r => (r.hasNextHop ? 4 * NEXT_HOP : -1)),
  ...bothFamilies('masterSource$Address', r => (r.hasMaster ? 4 * MASTER_ADDRESSES : -1)),
  ...bothFamilies('masterDestination$Address', r => (r.hasMaster ? 4 * MASTER_ADDRESSES + 16 : -1)),
  ['icmpTypeCodeIPv4', number(r => (r.family === 4 && r.isIcmp ? r.icmpTypeCode : Number.NaN))],
  ['icmpTypeCodeIPv6', number(r => (r.family === 6 && r.isIcmp ? r.icmpTypeCode : Number.NaN))],
]);

/** How the probe reads an Information Element of a Flow Record, or undefined where it does not know it. */
export function fieldReader(name: string): FieldReader | undefined {
  return readers.get(name);
}

function number(read: (record: FlowRecord) => number): FieldReader {
  return { kind: 'number', read };
}

function bothFamilies(name: string, place: (record: FlowRecord) => number): [string, FieldReader][] {
  return ([4, 6] as const).map(family => [
    name.replace('$', `IPv${family}`),
    { kind: 'address', place: r => (r.family === family ? place(r) : -1) },
  ]);
}

/** Fields that say by 0 that nothing is known. */
function known(value: number): number {
  return value === 0 ? Number.NaN : value;
}

function destinationMac(record: FlowRecord): number {
  return record.hasDestinationMac ? macNumber(record.destinationMac) : Number.NaN;
}

function macNumber(mac: Uint8Array): number {
  return ((mac[0] << 8) | mac[1]) * 2 ** 32 + (((mac[2] << 24) | (mac[3] << 16) | (mac[4] << 8) | mac[5]) >>> 0);
}

function hexadecimal(octets: Uint8Array): string {
  let text = '';
  for (let i = 0; i < octets.length; i++) text += (octets[i] < 16 ? '0' : '') + octets[i].toString(16);
  return text;
}
