import type { Clock } from '../host/host.js';
import {
  DESTINATION,
  type FlowRecord,
  OCTETS,
  PACKETS,
  REVERSE_OCTETS,
  REVERSE_PACKETS,
  SOURCE,
} from '../metering/flow-record.js';
import type { MessageEncoder } from './encoder.js';
import { directionsOf, FORWARD, hasCounted, icmpTypeCodeOf, REVERSE, startOf } from './netflow-direction.js';
import { NetflowUptime } from './netflow-uptime.js';
import { put8, put16, put32 } from './put.js';

const HEADER_OCTETS = 24;
const RECORD_OCTETS = 48;
/** Flows in a datagram at most (Cisco, "NetFlow Export Datagram Format"). */
const MAXIMUM_RECORDS = 30;
const COUNTER_MAXIMUM = 0xffff_ffff;
/** Records that one direction is split into at most: 17 terabytes since the last report. What is beyond them is no counter but a fault. */
const MAXIMUM_PARTS = 4096;
/** Stands for an AS number that does not fit 16 bits (RFC 6793 section 9). */
const AS_TRANS = 23456;

/**
 * NetFlow v5: records of 48 octets, all with the same fields, IPv4 only. Element by element as NETFLOW_V5_TEMPLATE of the ipfix
 * package reads them. Counters above 32 bits become several records, so that sums stay exact.
 */
export class NetflowV5Encoder implements MessageEncoder {
  records = 0;
  /** Nothing is announced: every record has the same fields. */
  readonly templateCount = 0;
  /** Flow Records that could not be carried: IPv6, and records of a translation. */
  unsupported = 0;
  readonly uptime: NetflowUptime;
  #bytes: Uint8Array = new Uint8Array(0);
  #room = 0;
  #count = 0;
  #sequence = 0;
  /** Records of the Flow in hand that are written already, where it needs more than one Message; and which Flow that is. */
  #written = 0;
  #writtenFlow = 0;

  /** @param domain Observation Domain: its lower 16 bits are engine type and engine id */
  constructor(
    private readonly domain: number,
    clock: Clock,
  ) {
    this.uptime = new NetflowUptime(clock);
  }

  /** What people should know who choose this protocol, a line each. */
  describe(): string[] {
    return [
      'NetFlow v5 carries IPv4 only: IPv6 flows are counted as unsupported and not exported',
      'NetFlow v5 has a record for each direction, and several for counters above 32 bits: their sums are exact',
      'NetFlow v5 has no translated addresses, MAC addresses, VLANs, end reasons, nor anything of the connection tracking itself',
      'NetFlow v5 fields that connection tracking does not know are 0: TCP flags, prefix lengths; type of service and counters where the kernel has none',
      `NetFlow v5 has 16 bits for interfaces (larger indexes are 0) and AS numbers (larger ones are ${AS_TRANS})`,
      ...(this.domain > 0xffff ? [`NetFlow v5 has 16 bits for Observation Domain ${this.domain}`] : []),
    ];
  }

  begin(bytes: Uint8Array): void {
    this.#bytes = bytes;
    this.#room = Math.min(MAXIMUM_RECORDS, Math.floor((bytes.length - HEADER_OCTETS) / RECORD_OCTETS));
    this.#count = 0;
    this.uptime.begin();
  }

  /** Of a Flow that needs more records than a Message has, so many as fit are written: repeat until true. */
  addFlow(record: FlowRecord): boolean {
    if (record.family !== 4 || record.natEvent !== 0) {
      this.unsupported++;
      return true;
    }
    // Of an end without traffic since the last report NetFlow v5 has nothing to tell.
    if (record.hasCounters && !hasCounted(record)) return true;
    const directions = directionsOf(record);
    const forward = directions & FORWARD ? partsOf(record, OCTETS, PACKETS) : 0;
    const parts = forward + (directions & REVERSE ? partsOf(record, REVERSE_OCTETS, REVERSE_PACKETS) : 0);
    if (this.#writtenFlow !== record.flowId) this.#written = 0;
    // Not begun where the next Message has room for the whole.
    if (parts <= this.#room && this.#count + parts > this.#room) return false;
    this.#writtenFlow = record.flowId;
    for (; this.#written < parts; this.#written++) {
      if (this.#count === this.#room) return false;
      if (this.#written < forward) this.#write(record, true, this.#written, forward);
      else this.#write(record, false, this.#written - forward, parts - forward);
    }
    this.#written = 0;
    return true;
  }

  /** NetFlow v5 has no options. */
  addOptions(): boolean {
    return true;
  }

  addTemplate(): boolean {
    return true;
  }

  finish(wall: number): number {
    this.records = this.#count;
    if (this.#count === 0) return 0;
    const bytes = this.#bytes;
    const seconds = Math.floor(wall / 1000);
    put16(bytes, 0, 5);
    put16(bytes, 2, this.#count);
    put32(bytes, 4, this.uptime.at(wall));
    put32(bytes, 8, seconds);
    put32(bytes, 12, Math.floor((wall - seconds * 1000) * 1e6));
    put32(bytes, 16, this.#sequence);
    put16(bytes, 20, this.domain & 0xffff);
    // Nothing is sampled.
    put16(bytes, 22, 0);
    this.#sequence = (this.#sequence + this.#count) >>> 0;
    return HEADER_OCTETS + this.#count * RECORD_OCTETS;
  }

  #write(record: FlowRecord, isForward: boolean, part: number, parts: number): void {
    const bytes = this.#bytes;
    const at = HEADER_OCTETS + this.#count++ * RECORD_OCTETS;
    bytes.fill(0, at, at + RECORD_OCTETS);
    putAddress(record.octets, record.place(isForward ? SOURCE : DESTINATION), bytes, at);
    putAddress(record.octets, record.place(isForward ? DESTINATION : SOURCE), bytes, at + 4);
    if (isForward && record.hasNextHop) putAddress(record.nextHop, 0, bytes, at + 8);
    put16(bytes, at + 12, interfaceNumber(isForward ? record.ingressInterface : record.egressInterface));
    put16(bytes, at + 14, interfaceNumber(isForward ? record.egressInterface : record.ingressInterface));
    if (record.hasCounters) {
      put32(bytes, at + 16, partOf(record.counter(isForward ? PACKETS : REVERSE_PACKETS), part, parts));
      put32(bytes, at + 20, partOf(record.counter(isForward ? OCTETS : REVERSE_OCTETS), part, parts));
    }
    this.#writeTimes(record, at);
    putPorts(record, isForward, bytes, at + 32);
    put8(bytes, at + 38, record.protocol);
    // Of the way back nobody knows it.
    if (isForward && record.classOfService >= 0) put8(bytes, at + 39, record.classOfService);
    put16(bytes, at + 40, asNumber(isForward ? record.sourceAs : record.destinationAs));
    put16(bytes, at + 42, asNumber(isForward ? record.destinationAs : record.sourceAs));
  }

  #writeTimes(record: FlowRecord, at: number): void {
    const start = startOf(record);
    put32(this.#bytes, at + 24, this.uptime.at(start <= record.end ? start : record.end));
    put32(this.#bytes, at + 28, this.uptime.at(record.end));
  }
}

/** Records that a direction is split into. */
function partsOf(record: FlowRecord, octets: number, packets: number): number {
  const largest = Math.max(record.counter(octets), record.counter(packets));
  return Math.min(MAXIMUM_PARTS, Math.max(1, Math.ceil(largest / COUNTER_MAXIMUM)));
}

/** The share of one of the records: all are alike, and their sum is `value`. */
function partOf(value: number, part: number, parts: number): number {
  const share = Math.floor(value / parts);
  return Math.min(COUNTER_MAXIMUM, part < value - share * parts ? share + 1 : share);
}

function interfaceNumber(index: number): number {
  return index > 0xffff ? 0 : index;
}

function asNumber(as: number): number {
  return as > 0xffff ? AS_TRANS : Math.max(0, as);
}

function putAddress(from: Uint8Array, offset: number, bytes: Uint8Array, at: number): void {
  for (let i = 0; i < 4; i++) bytes[at + i] = from[offset + i];
}

/** Of ICMP the destination port is the type and code. */
function putPorts(record: FlowRecord, isForward: boolean, bytes: Uint8Array, at: number): void {
  if (record.isIcmp) put16(bytes, at + 2, icmpTypeCodeOf(record, isForward));
  else if (record.hasPorts) {
    put16(bytes, at, isForward ? record.sourcePort : record.destinationPort);
    put16(bytes, at + 2, isForward ? record.destinationPort : record.sourcePort);
  }
}
