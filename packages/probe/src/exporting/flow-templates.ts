import { fieldsOf, type Template } from '@weir/ipfix';
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
import { put8, put16, put32, put64 } from './put.js';

/**
 * Which fields a Flow Record has, one bit each. Each combination that occurs gets a Template of its own, so that a field
 * that nobody knows is left out and not zeroed.
 */
const IPV6 = 1;
const PORTS = 2;
const ICMP = 4;
const NAT = 8;
const COUNTERS = 16;
const START = 32;
/** The counters cover the time since an interim report, not the whole Flow. */
const INTERVAL = 64;

/** Template ids from here on, one for each kind. */
const FIRST_TEMPLATE_ID = 256;

const PROTOCOLS_WITH_PORTS = new Set([6, 17, 33, 132, 136]);
/** RFC 5103 section 6.3: the forward direction is the initiator's. */
const BIFLOW_DIRECTION_INITIATOR = 1;

/** The kind of a Flow Record: which Template carries it. */
export function kindOf(record: FlowRecord): number {
  return (
    (record.family === 6 ? IPV6 : 0) |
    (record.isIcmp ? ICMP : record.hasPorts && PROTOCOLS_WITH_PORTS.has(record.protocol) ? PORTS : 0) |
    (record.translated ? NAT : 0) |
    (record.hasCounters ? COUNTERS : 0) |
    (record.start > 0 ? START : 0) |
    (record.intervalStart > 0 ? INTERVAL : 0)
  );
}

/** A run of fields that come and go together. */
interface FieldGroup {
  readonly applies: (kind: number) => boolean;
  readonly fields: (kind: number) => (string | readonly [string, number])[];
  readonly octets: (kind: number) => number;
  readonly write: (record: FlowRecord, bytes: Uint8Array, at: number) => void;
}

const addressOctets = (kind: number): number => (kind & IPV6 ? 16 : 4);
const version = (kind: number): string => (kind & IPV6 ? 'IPv6' : 'IPv4');

const GROUPS: readonly FieldGroup[] = [
  {
    applies: () => true,
    fields: kind => [`source${version(kind)}Address`, `destination${version(kind)}Address`, 'protocolIdentifier'],
    octets: kind => 2 * addressOctets(kind) + 1,
    write: (record, bytes, at) => {
      const next = putAddresses(record, bytes, at, SOURCE, DESTINATION);
      put8(bytes, next, record.protocol);
    },
  },
  {
    applies: kind => (kind & PORTS) !== 0,
    fields: () => ['sourceTransportPort', 'destinationTransportPort'],
    octets: () => 4,
    write: (record, bytes, at) => {
      put16(bytes, at, record.sourcePort);
      put16(bytes, at + 2, record.destinationPort);
    },
  },
  {
    applies: kind => (kind & ICMP) !== 0,
    fields: kind => [`icmpTypeCode${version(kind)}`],
    octets: () => 2,
    write: (record, bytes, at) => put16(bytes, at, record.icmpTypeCode),
  },
  {
    applies: kind => (kind & NAT) !== 0,
    fields: kind => [`postNATSource${version(kind)}Address`, `postNATDestination${version(kind)}Address`],
    octets: kind => 2 * addressOctets(kind),
    write: (record, bytes, at) => putAddresses(record, bytes, at, NAT_SOURCE, NAT_DESTINATION),
  },
  {
    applies: kind => (kind & NAT) !== 0 && (kind & PORTS) !== 0,
    fields: () => ['postNAPTSourceTransportPort', 'postNAPTDestinationTransportPort'],
    octets: () => 4,
    write: (record, bytes, at) => {
      put16(bytes, at, record.natSourcePort);
      put16(bytes, at + 2, record.natDestinationPort);
    },
  },
  {
    applies: kind => (kind & COUNTERS) !== 0,
    fields: () => ['octetDeltaCount', 'packetDeltaCount', 'reverseOctetDeltaCount', 'reversePacketDeltaCount'],
    octets: () => 32,
    write: putCounters,
  },
  {
    applies: kind => (kind & START) !== 0,
    fields: () => ['flowStartMilliseconds'],
    octets: () => 8,
    write: (record, bytes, at) => put64(bytes, at, record.start),
  },
  {
    applies: kind => (kind & INTERVAL) !== 0,
    fields: () => ['monitoringIntervalStartMilliSeconds'],
    octets: () => 8,
    write: (record, bytes, at) => put64(bytes, at, record.intervalStart),
  },
  {
    applies: () => true,
    // The kernel's id has 32 bits: flowId in reduced size (RFC 7011 section 6.2).
    fields: () => ['flowEndMilliseconds', ['flowId', 4], 'flowEndReason', 'biflowDirection'],
    octets: () => 14,
    write: (record, bytes, at) => {
      put64(bytes, at, record.end);
      put32(bytes, at + 8, record.flowId);
      put8(bytes, at + 12, record.flowEndReason);
      put8(bytes, at + 13, BIFLOW_DIRECTION_INITIATOR);
    },
  },
];

/** A Template together with how to write its Data Records. */
export interface FlowTemplate {
  readonly template: Template;
  /** Octets of one Data Record. */
  readonly octets: number;
  write(record: FlowRecord, bytes: Uint8Array, at: number): void;
}

/** Compiles the Template of a kind, and the writers of its Data Records. */
export function compileFlowTemplate(kind: number): FlowTemplate {
  const groups = GROUPS.filter(group => group.applies(kind));
  const writers = groups.map(group => group.write);
  const sizes = groups.map(group => group.octets(kind));
  return {
    template: {
      id: FIRST_TEMPLATE_ID + kind,
      scopeFieldCount: 0,
      fields: fieldsOf(groups.flatMap(group => group.fields(kind))),
    },
    octets: sizes.reduce((sum, octets) => sum + octets, 0),
    write(record, bytes, at) {
      let next = at;
      for (let i = 0; i < writers.length; i++) {
        writers[i](record, bytes, next);
        next += sizes[i];
      }
    },
  };
}

function putAddresses(record: FlowRecord, bytes: Uint8Array, at: number, first: number, second: number): number {
  const octets = record.family === 6 ? 16 : 4;
  for (let i = 0; i < octets; i++) {
    bytes[at + i] = record.addresses[first + i];
    bytes[at + octets + i] = record.addresses[second + i];
  }
  return at + 2 * octets;
}

const COUNTER_ORDER = [OCTETS, PACKETS, REVERSE_OCTETS, REVERSE_PACKETS];

function putCounters(record: FlowRecord, bytes: Uint8Array, at: number): void {
  for (let i = 0; i < COUNTER_ORDER.length; i++) {
    put32(bytes, at + 8 * i, record.counters[COUNTER_ORDER[i] + 1]);
    put32(bytes, at + 8 * i + 4, record.counters[COUNTER_ORDER[i]]);
  }
}
