import type { ColumnKind } from '@weir/ipfix';
import { addedFields } from './added-fields.js';
import { connectionFields } from './connection-fields.js';

/**
 * One field of a Flow Record: what fills it on the wire, where it is stored, what people call it.
 * Adding a field is adding a row; the batch, the table of the store, the filter language and the output follow.
 */
export interface Field {
  /** Column of the batch and of the store. */
  readonly column: string;
  /** `name`: one of few different texts. */
  readonly kind: ColumnKind | 'name';
  /**
   * IANA names of the Information Elements that fill the column, the preferred one first, each with its bit in the
   * present mask: see presentColumns. Bits are on disk: never reuse one, never change one. An element that gets a
   * column was in `other` before: the store's migrations move it.
   */
  readonly elements: Readonly<Record<string, number>>;
  /** Names in the filter language, lower case. */
  readonly names: readonly string[];
  readonly label: string;
  readonly unit?: string;
  /** The collector adds it: its elements, or those given here, are names of Weir's own, which no Template has. */
  readonly added?: true | readonly string[];
}

/** Every field of a Flow Record that has a column of its own. All other elements are kept by name in `other`. */
export const fields: readonly Field[] = [
  {
    column: 'sourceAddress',
    kind: 'address',
    elements: { sourceIPv4Address: 0, sourceIPv6Address: 1 },
    names: ['src', 'source'],
    label: 'Source',
  },
  {
    column: 'destinationAddress',
    kind: 'address',
    elements: { destinationIPv4Address: 2, destinationIPv6Address: 3 },
    names: ['dst', 'destination'],
    label: 'Destination',
  },
  {
    column: 'sourcePort',
    kind: 'unsigned16',
    elements: { sourceTransportPort: 4 },
    names: ['srcport', 'sport'],
    label: 'Source port',
  },
  {
    column: 'destinationPort',
    kind: 'unsigned16',
    elements: { destinationTransportPort: 5 },
    names: ['dstport', 'dport'],
    label: 'Destination port',
  },
  {
    column: 'protocol',
    kind: 'unsigned8',
    elements: { protocolIdentifier: 6 },
    names: ['proto', 'protocol'],
    label: 'Protocol',
  },
  {
    column: 'icmpTypeCode',
    kind: 'unsigned16',
    elements: { icmpTypeCodeIPv4: 7, icmpTypeCodeIPv6: 8 },
    names: ['icmptypecode'],
    label: 'ICMP type and code',
  },
  {
    column: 'natSourceAddress',
    kind: 'address',
    elements: { postNATSourceIPv4Address: 9, postNATSourceIPv6Address: 10 },
    names: ['natsrc'],
    label: 'Source after NAT',
  },
  {
    column: 'natDestinationAddress',
    kind: 'address',
    elements: { postNATDestinationIPv4Address: 11, postNATDestinationIPv6Address: 12 },
    names: ['natdst'],
    label: 'Destination after NAT',
  },
  {
    column: 'natSourcePort',
    kind: 'unsigned16',
    elements: { postNAPTSourceTransportPort: 13 },
    names: ['natsrcport'],
    label: 'Source port after NAT',
  },
  {
    column: 'natDestinationPort',
    kind: 'unsigned16',
    elements: { postNAPTDestinationTransportPort: 14 },
    names: ['natdstport'],
    label: 'Destination port after NAT',
  },
  // Of the four counters, a report's delta adds up over the records of a Flow; a total is the Flow's so far: see counted.ts of the queries.
  {
    column: 'octets',
    kind: 'unsigned64',
    elements: { octetDeltaCount: 15, octetTotalCount: 44 },
    names: ['octets', 'bytes'],
    label: 'Octets',
    unit: 'octets',
  },
  {
    column: 'packets',
    kind: 'unsigned64',
    elements: { packetDeltaCount: 16, packetTotalCount: 45 },
    names: ['packets'],
    label: 'Packets',
    unit: 'packets',
  },
  {
    column: 'reverseOctets',
    kind: 'unsigned64',
    elements: { reverseOctetDeltaCount: 17, reverseOctetTotalCount: 46 },
    names: ['reverseoctets'],
    label: 'Octets back',
    unit: 'octets',
  },
  {
    column: 'reversePackets',
    kind: 'unsigned64',
    elements: { reversePacketDeltaCount: 18, reversePacketTotalCount: 47 },
    names: ['reversepackets'],
    label: 'Packets back',
    unit: 'packets',
  },
  {
    column: 'flowStart',
    kind: 'milliseconds',
    elements: { flowStartMilliseconds: 19, flowStartMicroseconds: 20, flowStartNanoseconds: 21, flowStartSeconds: 22 },
    names: ['start'],
    label: 'Start',
  },
  {
    column: 'flowEnd',
    kind: 'milliseconds',
    elements: { flowEndMilliseconds: 23, flowEndMicroseconds: 24, flowEndNanoseconds: 25, flowEndSeconds: 26 },
    names: ['end'],
    label: 'End',
  },
  {
    // Where an interim report's own interval starts: its counters cover [this, flowEnd], not [flowStart, flowEnd].
    column: 'intervalStart',
    kind: 'milliseconds',
    elements: { monitoringIntervalStartMilliSeconds: 27 },
    names: ['intervalstart'],
    label: 'Start of the interval',
  },
  {
    column: 'flowEndReason',
    kind: 'unsigned8',
    elements: { flowEndReason: 28 },
    names: ['reason'],
    label: 'End reason',
  },
  { column: 'flowId', kind: 'unsigned64', elements: { flowId: 29 }, names: ['flowid'], label: 'Flow id' },
  {
    column: 'biflowDirection',
    kind: 'unsigned8',
    elements: { biflowDirection: 30 },
    names: ['biflowdirection'],
    label: 'Biflow direction',
  },
  {
    column: 'ingressInterface',
    kind: 'unsigned32',
    elements: { ingressInterface: 31 },
    names: ['inif'],
    label: 'Input interface',
  },
  {
    column: 'egressInterface',
    kind: 'unsigned32',
    elements: { egressInterface: 32 },
    names: ['outif'],
    label: 'Output interface',
  },
  {
    column: 'nextHop',
    kind: 'address',
    elements: { ipNextHopIPv4Address: 33, ipNextHopIPv6Address: 34 },
    names: ['nexthop'],
    label: 'Next hop',
  },
  {
    column: 'classOfService',
    kind: 'unsigned8',
    elements: { ipClassOfService: 35 },
    names: ['tos'],
    label: 'Class of service',
  },
  {
    column: 'tcpControlBits',
    kind: 'unsigned16',
    elements: { tcpControlBits: 36 },
    names: ['tcpflags'],
    label: 'TCP flags',
  },
  {
    column: 'sourceAs',
    kind: 'unsigned32',
    elements: { bgpSourceAsNumber: 37, sourceAsByAddress: 84 },
    names: ['srcas', 'sourceas'],
    label: 'Source AS',
    added: ['sourceAsByAddress'],
  },
  {
    column: 'destinationAs',
    kind: 'unsigned32',
    elements: { bgpDestinationAsNumber: 38, destinationAsByAddress: 85 },
    names: ['dstas', 'destinationas'],
    label: 'Destination AS',
    added: ['destinationAsByAddress'],
  },
  { column: 'vlan', kind: 'unsigned16', elements: { vlanId: 39 }, names: ['vlan'], label: 'VLAN' },
  {
    column: 'sourceMac',
    kind: 'mac',
    elements: { sourceMacAddress: 40 },
    names: ['srcmac'],
    label: 'Source MAC',
  },
  {
    column: 'destinationMac',
    kind: 'mac',
    elements: { destinationMacAddress: 41, postDestinationMacAddress: 49 },
    names: ['dstmac'],
    label: 'Destination MAC',
  },
  {
    column: 'flowDirection',
    kind: 'unsigned8',
    elements: { flowDirection: 42 },
    names: ['direction'],
    label: 'Direction at the interface',
  },
  { column: 'ipVersion', kind: 'unsigned8', elements: { ipVersion: 43 }, names: ['ipversion'], label: 'IP version' },
  {
    column: 'egressVlan',
    kind: 'unsigned16',
    elements: { postVlanId: 48 },
    names: ['outvlan'],
    label: 'VLAN of the output interface',
  },
  ...connectionFields,
  {
    // One packet of so many was metered: the record says so itself, or the exporter's Options Data did (the collector fills it in).
    column: 'samplingInterval',
    kind: 'unsigned32',
    elements: { samplingInterval: 64 },
    names: ['sampling'],
    label: 'Sampling interval',
    unit: 'packets',
  },
  ...addedFields,
];

/** Columns of the present mask: the first has its bits 0 to 63, the second 64 to 127. */
export const presentColumns = ['present', 'present2'] as const;

/** Where a record came from: columns that every record has, whatever its Template. */
export const originColumns: ReadonlyMap<string, ColumnKind> = new Map<string, ColumnKind>([
  ['exporter', 'address'],
  ['observationDomainId', 'unsigned32'],
  ['templateId', 'unsigned16'],
  ['exportTime', 'milliseconds'],
  ['receivedAt', 'milliseconds'],
  ...presentColumns.map((column): [string, ColumnKind] => [column, 'unsigned64']),
]);
