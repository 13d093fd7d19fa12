import { IS_LITTLE_ENDIAN, swapped } from '../byte-order.js';
import { offloadOf } from './flow-offload.js';
import { COUNTER_WORDS } from './observation.js';
import { hasTransportPorts, ICMP, ICMPV6 } from './protocols.js';
import * as K from './record-kinds.js';
import * as I from './record-layout.js';
import { above0, defineFlag, defineNumber, from0, orNaN, read, write } from './record-values.js';

/** The addresses of a record: see FlowRecord.place. */
export const SOURCE = 0;
export const DESTINATION = 16;
export const NAT_SOURCE = 32;
export const NAT_DESTINATION = 48;

/** Index of each counter's high word in FlowRecord.counters; its low word follows. */
export const OCTETS = 0;
export const PACKETS = 2;
export const REVERSE_OCTETS = 4;
export const REVERSE_PACKETS = 6;

/** RFC 5103 section 6.3: the forward direction is the initiator's. */
export const BIFLOW_DIRECTION_INITIATOR = 1;
const OF_PATH = K.INGRESS | K.EGRESS | K.NEXT_HOP | K.SOURCE_MAC | K.DESTINATION_MAC | K.INGRESS_VLAN | K.EGRESS_VLAN;
/** What a record that tells of a translation only has not. */
const ONLY_OF_TRAFFIC = K.TRAFFIC | K.COUNTERS | K.TOTALS | K.INTERVAL | K.TCP_STATE | K.TCP_HISTORY;

/**
 * The meaning of one Data Record: a Biflow (RFC 5103) whose forward direction is the initiator's, or the part of it since
 * its last interim report. The Metering Process fills one instance again and again; who wants to keep it copies it.
 *
 * Its values lie in `words` as they do in Data Records (record-layout.ts), so that an exporter copies them; and `kind` says which of
 * them are known (record-kinds.ts). What every Flow has is filled in word by word (identify.ts); all else goes by names.
 */
export class FlowRecord {
  kind = K.TRAFFIC;
  readonly words = new Int32Array(I.RECORD_WORDS);
  /** The same memory. */
  readonly octets = new Uint8Array(this.words.buffer);
  /** Since the last interim report: octets, packets, reverse octets, reverse packets; high word, then low word, both in network order. */
  readonly counters = this.words.subarray(I.DELTAS, I.DELTAS + COUNTER_WORDS);
  /** Counters since the Flow's start, as `counters`; not known after something else set the kernel's to zero. */
  readonly totals = this.words.subarray(I.TOTALS, I.TOTALS + COUNTER_WORDS);
  readonly labels = this.octets.subarray(4 * I.LABELS, 4 * I.LABELS + 16);
  /** The original direction of the connection that this one is related to, with addresses of the Flow's own family of 16 octets each. */
  readonly masterAddresses = this.octets.subarray(4 * I.MASTER_ADDRESSES, 4 * I.MASTER_ADDRESSES + 32);
  /** Next hop of the forward direction, of the Flow's own family; not known where the destination is on the link. */
  readonly nextHop = this.octets.subarray(4 * I.NEXT_HOP, 4 * I.NEXT_HOP + 16);
  /** MAC addresses of the neighbours that the forward direction came from and went to. */
  readonly sourceMac = this.octets.subarray(4 * I.MACS, 4 * I.MACS + 6);
  readonly destinationMac = this.octets.subarray(4 * I.MACS + 6, 4 * I.MACS + 12);

  /** The kernel's 32-bit connection id: tells apart Flows of the same Flow Key. */
  declare flowId: number;
  declare destinationPort: number;
  /** The reply direction has other addresses or ports than the forward direction turned round. */
  declare translated: boolean;
  declare hasCounters: boolean;
  declare hasTotals: boolean;
  /** First packet of the Flow and last packet, whole milliseconds since the Unix epoch. `start` is NaN where it is not known. */
  declare start: number;
  declare end: number;
  /** Start of the time that the counters cover, where that is not the Flow's start, else NaN. */
  declare intervalStart: number;
  declare flowEndReason: number;
  /** When what natEvent tells of happened, milliseconds since the Unix epoch. */
  declare observationTime: number;
  /** Zone and mark of the connection. */
  declare zone: number;
  declare mark: number;
  declare hasLabels: boolean;
  declare hasMaster: boolean;
  declare masterProtocol: number;
  declare masterSourcePort: number;
  declare masterDestinationPort: number;
  /** TCP: the kernel's state (enum tcp_conntrack, 0 where not known), and a bit (1 << state) for each one that was seen. */
  declare tcpState: number;
  declare tcpStateHistory: number;
  /** TCP handshake: microseconds from the SYN to its answer, and from that to the initiator's; NaN where not known. */
  declare responderRoundTrip: number;
  declare initiatorRoundTrip: number;
  /** Type of service, or traffic class, of the initiator's first packet; -1 where not known: ctnetlink does not tell it. */
  declare classOfService: number;
  /** Where the forward direction came in and went out: interface indexes, 0 where not known or where the host itself is the end. */
  declare ingressInterface: number;
  declare egressInterface: number;
  declare hasNextHop: boolean;
  declare hasSourceMac: boolean;
  declare hasDestinationMac: boolean;
  /** VLAN ids of the interfaces, 0 where they have none. */
  declare ingressVlan: number;
  declare egressVlan: number;
  /** Autonomous systems of the two ends, -1 where not known. */
  declare sourceAs: number;
  declare destinationAs: number;

  static {
    const { prototype } = FlowRecord;
    defineNumber(prototype, 'flowId', 4, 4 * I.FLOW_ID);
    defineFlag(prototype, 'translated', K.NAT);
    defineNumber(prototype, 'destinationPort', 2, 4 * I.PROTOCOL + 3);
    defineFlag(prototype, 'hasCounters', K.COUNTERS);
    defineFlag(prototype, 'hasTotals', K.TOTALS);
    defineNumber(prototype, 'start', 8, 4 * I.START, orNaN(K.START, 1));
    defineNumber(prototype, 'end', 8, 4 * I.END);
    defineNumber(prototype, 'intervalStart', 8, 4 * I.INTERVAL_START, orNaN(K.INTERVAL, 1));
    defineNumber(prototype, 'flowEndReason', 1, 4 * I.END_REASON);
    defineNumber(prototype, 'observationTime', 8, 4 * I.OBSERVATION_TIME);
    defineNumber(prototype, 'zone', 2, 4 * I.ZONE, above0(K.ZONE));
    defineNumber(prototype, 'mark', 4, 4 * I.MARK, above0(K.MARK));
    defineFlag(prototype, 'hasLabels', K.LABELS);
    defineFlag(prototype, 'hasMaster', K.MASTER);
    defineNumber(prototype, 'masterProtocol', 1, 4 * I.MASTER_PROTOCOL);
    defineNumber(prototype, 'masterSourcePort', 2, 4 * I.MASTER_PORTS);
    defineNumber(prototype, 'masterDestinationPort', 2, 4 * I.MASTER_PORTS + 2);
    defineNumber(prototype, 'tcpState', 1, 4 * I.END_REASON + 2, above0(K.TCP_STATE));
    defineNumber(prototype, 'tcpStateHistory', 2, 4 * I.END_REASON + 3, above0(K.TCP_HISTORY));
    defineNumber(prototype, 'responderRoundTrip', 4, 4 * I.RESPONDER_ROUND_TRIP, orNaN(K.RESPONDER_ROUND_TRIP, 0));
    defineNumber(prototype, 'initiatorRoundTrip', 4, 4 * I.INITIATOR_ROUND_TRIP, orNaN(K.INITIATOR_ROUND_TRIP, 0));
    defineNumber(prototype, 'classOfService', 1, 4 * I.CLASS_OF_SERVICE, from0(K.CLASS_OF_SERVICE));
    defineNumber(prototype, 'ingressInterface', 4, 4 * I.INGRESS, above0(K.INGRESS));
    defineNumber(prototype, 'egressInterface', 4, 4 * I.EGRESS, above0(K.EGRESS));
    defineFlag(prototype, 'hasNextHop', K.NEXT_HOP);
    defineFlag(prototype, 'hasSourceMac', K.SOURCE_MAC);
    defineFlag(prototype, 'hasDestinationMac', K.DESTINATION_MAC);
    defineNumber(prototype, 'ingressVlan', 2, 4 * I.VLANS, above0(K.INGRESS_VLAN));
    defineNumber(prototype, 'egressVlan', 2, 4 * I.VLANS + 2, above0(K.EGRESS_VLAN));
    defineNumber(prototype, 'sourceAs', 4, 4 * I.SOURCE_AS, from0(K.SOURCE_AS));
    defineNumber(prototype, 'destinationAs', 4, 4 * I.DESTINATION_AS, from0(K.DESTINATION_AS));
  }

  constructor() {
    this.octets[4 * I.END_REASON + 1] = BIFLOW_DIRECTION_INITIATOR;
  }

  /** 4 or 6. */
  get family(): number {
    return (this.kind & K.IPV6) !== 0 ? 6 : 4;
  }

  set family(family: number) {
    this.kind = family === 6 ? this.kind | K.IPV6 : this.kind & ~K.IPV6;
  }

  get protocol(): number {
    return this.octets[4 * I.PROTOCOL];
  }

  set protocol(protocol: number) {
    this.octets[4 * I.PROTOCOL] = protocol;
    if (!hasTransportPorts(protocol)) this.kind &= ~K.PORTS;
    this.kind = protocol === ICMP || protocol === ICMPV6 ? this.kind | K.ICMP : this.kind & ~K.ICMP;
  }

  get isIcmp(): boolean {
    return (this.kind & K.ICMP) !== 0;
  }

  /** The protocol's ports are known. Those of other protocols (GRE) are keys, and not exported. */
  get hasPorts(): boolean {
    return (this.kind & K.PORTS) !== 0;
  }

  set hasPorts(known: boolean) {
    this.kind = known && hasTransportPorts(this.protocol) ? this.kind | K.PORTS : this.kind & ~K.PORTS;
  }

  /** ICMP type << 8 | code of the initiator's message, in the place of the source port; of other protocols 0. */
  get icmpTypeCode(): number {
    return this.isIcmp ? read(this.octets, 4 * I.PROTOCOL + 1, 2) : 0;
  }

  set icmpTypeCode(typeCode: number) {
    if (this.isIcmp) write(this.octets, 4 * I.PROTOCOL + 1, 2, typeCode);
  }

  /** Of ICMP 0. */
  get sourcePort(): number {
    return this.isIcmp ? 0 : read(this.octets, 4 * I.PROTOCOL + 1, 2);
  }

  set sourcePort(port: number) {
    if (!this.isIcmp) write(this.octets, 4 * I.PROTOCOL + 1, 2, port);
  }

  get natSourcePort(): number {
    return this.translated ? read(this.octets, 4 * I.NAT_PORTS, 2) : this.sourcePort;
  }

  set natSourcePort(port: number) {
    write(this.octets, 4 * I.NAT_PORTS, 2, port);
  }

  get natDestinationPort(): number {
    return this.translated ? read(this.octets, 4 * I.NAT_PORTS + 2, 2) : this.destinationPort;
  }

  set natDestinationPort(port: number) {
    write(this.octets, 4 * I.NAT_PORTS + 2, 2, port);
  }

  /** natEvent of a record that tells of a translation and not of traffic (RFC 8158 section 5.2), else 0. */
  get natEvent(): number {
    return (this.kind & K.NAT_EVENT) !== 0 ? this.octets[4 * I.NAT_EVENT] : 0;
  }

  set natEvent(event: number) {
    this.octets[4 * I.NAT_EVENT] = event;
    this.kind = event === 0 ? (this.kind & ~K.NAT_EVENT) | K.TRAFFIC : (this.kind & ~ONLY_OF_TRAFFIC) | K.NAT_EVENT;
  }

  /** The connection's IPS_ status bits (enum ip_conntrack_status). */
  get status(): number {
    return read(this.octets, 4 * I.STATUS, 4);
  }

  set status(status: number) {
    write(this.octets, 4 * I.STATUS, 4, status);
    this.octets[4 * I.OFFLOAD] = offloadOf(status);
  }

  /** Name of the connection tracking helper, '' where there is none. */
  get helper(): string {
    const at = 4 * I.HELPER;
    const octets = this.octets.subarray(at + 1, at + 1 + this.octets[at]);
    return (this.kind & K.HELPER) !== 0 ? String.fromCharCode(...octets) : '';
  }

  set helper(name: string) {
    this.octets[4 * I.HELPER] = name.length;
    for (let i = 0; i < name.length; i++) this.octets[4 * I.HELPER + 1 + i] = name.charCodeAt(i);
    this.kind = name === '' ? this.kind & ~K.HELPER : this.kind | K.HELPER;
  }

  /** Begins anew what is known of the path, with its interfaces, which nearly every Flow has. */
  setInterfaces(ingress: number, egress: number): void {
    const words = this.words;
    let kind = this.kind & ~OF_PATH;
    if (ingress !== 0) {
      kind |= K.INGRESS;
      words[I.INGRESS] = IS_LITTLE_ENDIAN ? swapped(ingress) : ingress;
    }
    if (egress !== 0) {
      kind |= K.EGRESS;
      words[I.EGRESS] = IS_LITTLE_ENDIAN ? swapped(egress) : egress;
    }
    this.kind = kind;
  }

  /** High or low word of a counter. @param index OCTETS, for one, and behind it its low word */
  counterWord(index: number): number {
    return read(this.octets, 4 * (I.DELTAS + index), 4);
  }

  /** A counter, rounded beyond 2^53. @param index OCTETS, for one */
  counter(index: number): number {
    return read(this.octets, 4 * (I.DELTAS + index), 8);
  }

  /**
   * Where in `octets` an address begins, 4 octets or 16 of them. After translation the ends of what is not translated are what they were.
   *
   * @param address SOURCE, DESTINATION, NAT_SOURCE, NAT_DESTINATION
   */
  place(address: number): number {
    const own = this.translated ? address : address & DESTINATION;
    if (this.family === 6) return 4 * I.ADDRESSES_IPV6 + own;
    return (
      4 * ((own & DESTINATION) === 0 ? I.SOURCE_IPV4 : I.DESTINATION_IPV4) +
      (own < NAT_SOURCE ? 0 : 4 * I.NAT_SOURCE_IPV4)
    );
  }
}
