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
import { DELTAS } from '../metering/record-layout.js';
import { icmpTypeCodeOf, startOf } from './netflow-direction.js';
import type { NetflowUptime } from './netflow-uptime.js';
import { put8, put16, put32, put64 } from './put.js';

/** Which fields a record has, one bit each: what is not known is left out, by a Template of its own. */
const IPV6 = 1;
const PORTS = 2;
const ICMP = 4;
const NAT = 8;
const COUNTERS = 16;
const START = 32;
const INPUT = 64;
const OUTPUT = 128;
const NEXT_HOP = 256;
const SOURCE_MAC = 512;
const DESTINATION_MAC = 1024;
const INPUT_VLAN = 2048;
const OUTPUT_VLAN = 4096;
const SOURCE_AS = 8192;
const DESTINATION_AS = 16_384;
const NAT_EVENT = 32_768;
const TYPE_OF_SERVICE = 65_536;

/** The kind of one direction of a Flow Record: which Template carries it. */
export function netflowKindOf(record: FlowRecord, isForward: boolean): number {
  return (
    (record.family === 6 ? IPV6 : 0) |
    (record.isIcmp ? ICMP : record.hasPorts ? PORTS : 0) |
    (record.translated ? NAT : 0) |
    (record.natEvent !== 0 ? NAT_EVENT : (record.hasCounters ? COUNTERS : 0) | (startOf(record) > 0 ? START : 0)) |
    (isForward ? forwardWay(record) : reverseWay(record))
  );
}

function forwardWay(record: FlowRecord): number {
  return (
    (record.ingressInterface > 0 ? INPUT : 0) |
    (record.egressInterface > 0 ? OUTPUT : 0) |
    (record.hasNextHop ? NEXT_HOP : 0) |
    (record.hasSourceMac ? SOURCE_MAC : 0) |
    (record.hasDestinationMac ? DESTINATION_MAC : 0) |
    (record.ingressVlan > 0 ? INPUT_VLAN : 0) |
    (record.egressVlan > 0 ? OUTPUT_VLAN : 0) |
    (record.sourceAs >= 0 ? SOURCE_AS : 0) |
    (record.destinationAs >= 0 ? DESTINATION_AS : 0) |
    (record.classOfService >= 0 ? TYPE_OF_SERVICE : 0)
  );
}

/** Turned round; the way back has a next hop and a type of service of its own, which nobody has asked for. */
function reverseWay(record: FlowRecord): number {
  return (
    (record.egressInterface > 0 ? INPUT : 0) |
    (record.ingressInterface > 0 ? OUTPUT : 0) |
    (record.hasDestinationMac ? SOURCE_MAC : 0) |
    (record.hasSourceMac ? DESTINATION_MAC : 0) |
    (record.egressVlan > 0 ? INPUT_VLAN : 0) |
    (record.ingressVlan > 0 ? OUTPUT_VLAN : 0) |
    (record.destinationAs >= 0 ? SOURCE_AS : 0) |
    (record.sourceAs >= 0 ? DESTINATION_AS : 0)
  );
}

/** A field type of NetFlow v9 (RFC 3954 section 8; those above 127 are IANA's elements) and its octets. */
export type NetflowField = readonly [type: number, octets: number];
type Write = (record: FlowRecord, isForward: boolean, bytes: Uint8Array, at: number, uptime: NetflowUptime) => void;

/** Fields that come and go together. */
interface FieldGroup {
  readonly applies: (kind: number) => boolean;
  readonly fields: (kind: number) => readonly NetflowField[];
  readonly write: Write;
}

const has = (bits: number) => (kind: number) => (kind & bits) !== 0;
const ofAddresses = (first: number, second: number, firstOf6: number, secondOf6: number) => (kind: number) =>
  kind & IPV6 ? [[firstOf6, 16] as const, [secondOf6, 16] as const] : [[first, 4] as const, [second, 4] as const];

const GROUPS: readonly FieldGroup[] = [
  {
    applies: () => true,
    fields: ofAddresses(8, 12, 27, 28), // IPV4_SRC_ADDR IPV4_DST_ADDR IPV6_SRC_ADDR IPV6_DST_ADDR
    write: (record, isForward, bytes, at) =>
      putAddresses(record, isForward ? SOURCE : DESTINATION, isForward ? DESTINATION : SOURCE, bytes, at),
  },
  {
    applies: () => true,
    fields: () => [[4, 1]], // PROTOCOL
    write: (record, _, bytes, at) => put8(bytes, at, record.protocol),
  },
  {
    applies: has(PORTS),
    fields: () => [
      [7, 2], // L4_SRC_PORT
      [11, 2], // L4_DST_PORT
    ],
    write: ({ sourcePort, destinationPort }, isForward, bytes, at) =>
      putPair(isForward, sourcePort, destinationPort, bytes, at),
  },
  {
    applies: has(ICMP),
    fields: kind => [[kind & IPV6 ? 139 : 32, 2]], // icmpTypeCodeIPv6, ICMP_TYPE
    write: (record, isForward, bytes, at) => put16(bytes, at, icmpTypeCodeOf(record, isForward)),
  },
  {
    applies: has(NAT),
    fields: ofAddresses(225, 226, 281, 282), // postNATSourceIPv4Address and so on
    write: (record, isForward, bytes, at) =>
      putAddresses(
        record,
        isForward ? NAT_SOURCE : NAT_DESTINATION,
        isForward ? NAT_DESTINATION : NAT_SOURCE,
        bytes,
        at,
      ),
  },
  {
    applies: kind => (kind & NAT) !== 0 && (kind & PORTS) !== 0,
    fields: () => [
      [227, 2], // postNAPTSourceTransportPort
      [228, 2], // postNAPTDestinationTransportPort
    ],
    write: ({ natSourcePort, natDestinationPort }, isForward, bytes, at) =>
      putPair(isForward, natSourcePort, natDestinationPort, bytes, at),
  },
  {
    applies: has(COUNTERS),
    fields: () => [
      [1, 8], // IN_BYTES
      [2, 8], // IN_PKTS
    ],
    write: (record, isForward, bytes, at) => {
      putCounter(record, isForward ? OCTETS : REVERSE_OCTETS, bytes, at);
      putCounter(record, isForward ? PACKETS : REVERSE_PACKETS, bytes, at + 8);
    },
  },
  {
    applies: has(START),
    fields: () => [[22, 4]], // FIRST_SWITCHED
    write: (record, _, bytes, at, uptime) => put32(bytes, at, uptime.at(Math.min(startOf(record), record.end))),
  },
  {
    applies: kind => (kind & NAT_EVENT) === 0,
    fields: () => [
      [21, 4], // LAST_SWITCHED
      [136, 1], // flowEndReason
    ],
    write: (record, _, bytes, at, uptime) => {
      put32(bytes, at, uptime.at(record.end));
      put8(bytes, at + 4, record.flowEndReason);
    },
  },
  {
    applies: has(NAT_EVENT),
    fields: () => [
      [230, 1], // natEvent
      [323, 8], // observationTimeMilliseconds
    ],
    write: (record, _, bytes, at) => {
      put8(bytes, at, record.natEvent);
      put64(bytes, at + 1, Math.floor(record.end));
    },
  },
  {
    applies: has(INPUT),
    fields: () => [[10, 4]], // INPUT_SNMP
    write: (record, isForward, bytes, at) =>
      put32(bytes, at, isForward ? record.ingressInterface : record.egressInterface),
  },
  {
    applies: has(OUTPUT),
    fields: () => [[14, 4]], // OUTPUT_SNMP
    write: (record, isForward, bytes, at) =>
      put32(bytes, at, isForward ? record.egressInterface : record.ingressInterface),
  },
  {
    applies: has(NEXT_HOP),
    fields: kind => [kind & IPV6 ? [62, 16] : [15, 4]], // IPV6_NEXT_HOP, IPV4_NEXT_HOP
    write: (record, _, bytes, at) => putOctets(record.nextHop, 0, record.family === 6 ? 16 : 4, bytes, at),
  },
  {
    applies: has(SOURCE_MAC),
    fields: () => [[56, 6]], // IN_SRC_MAC
    write: (record, isForward, bytes, at) =>
      putOctets(isForward ? record.sourceMac : record.destinationMac, 0, 6, bytes, at),
  },
  {
    applies: has(DESTINATION_MAC),
    fields: () => [[57, 6]], // OUT_DST_MAC
    write: (record, isForward, bytes, at) =>
      putOctets(isForward ? record.destinationMac : record.sourceMac, 0, 6, bytes, at),
  },
  {
    applies: has(INPUT_VLAN),
    fields: () => [[58, 2]], // SRC_VLAN
    write: (record, isForward, bytes, at) => put16(bytes, at, isForward ? record.ingressVlan : record.egressVlan),
  },
  {
    applies: has(OUTPUT_VLAN),
    fields: () => [[59, 2]], // DST_VLAN
    write: (record, isForward, bytes, at) => put16(bytes, at, isForward ? record.egressVlan : record.ingressVlan),
  },
  {
    applies: has(SOURCE_AS),
    fields: () => [[16, 4]], // SRC_AS
    write: ({ sourceAs, destinationAs }, isForward, bytes, at) =>
      put32(bytes, at, isForward ? sourceAs : destinationAs),
  },
  {
    applies: has(DESTINATION_AS),
    fields: () => [[17, 4]], // DST_AS
    write: ({ sourceAs, destinationAs }, isForward, bytes, at) =>
      put32(bytes, at, isForward ? destinationAs : sourceAs),
  },
  {
    applies: has(TYPE_OF_SERVICE),
    fields: () => [[5, 1]], // SRC_TOS
    write: (record, _, bytes, at) => put8(bytes, at, record.classOfService),
  },
];

/** A Template of NetFlow v9 together with how to write its Data Records. */
export interface NetflowTemplate {
  readonly id: number;
  readonly fields: readonly NetflowField[];
  /** Octets of one Data Record. */
  readonly octets: number;
  readonly write: Write;
}

/** Compiles the Template of a kind, and the writers of its Data Records. */
export function compileNetflowTemplate(kind: number, id: number): NetflowTemplate {
  const groups = GROUPS.filter(group => group.applies(kind));
  const writers = groups.map(group => group.write);
  const sizes = groups.map(group => octetsOf(group.fields(kind)));
  return {
    id,
    fields: groups.flatMap(group => group.fields(kind)),
    octets: sizes.reduce((sum, octets) => sum + octets, 0),
    write(record, isForward, bytes, at, uptime) {
      let next = at;
      for (let i = 0; i < writers.length; i++) {
        writers[i](record, isForward, bytes, next, uptime);
        next += sizes[i];
      }
    },
  };
}

export function octetsOf(fields: readonly NetflowField[]): number {
  return fields.reduce((sum, [, octets]) => sum + octets, 0);
}

function putAddresses(record: FlowRecord, first: number, second: number, bytes: Uint8Array, at: number): void {
  const octets = record.family === 6 ? 16 : 4;
  putOctets(record.octets, record.place(first), octets, bytes, at);
  putOctets(record.octets, record.place(second), octets, bytes, at + octets);
}

function putOctets(from: Uint8Array, start: number, octets: number, bytes: Uint8Array, at: number): void {
  for (let i = 0; i < octets; i++) bytes[at + i] = from[start + i];
}

function putPair(isForward: boolean, first: number, second: number, bytes: Uint8Array, at: number): void {
  put16(bytes, at, isForward ? first : second);
  put16(bytes, at + 2, isForward ? second : first);
}

function putCounter(record: FlowRecord, counter: number, bytes: Uint8Array, at: number): void {
  putOctets(record.octets, 4 * (DELTAS + counter), 8, bytes, at);
}
