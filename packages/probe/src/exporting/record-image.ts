import { IS_LITTLE_ENDIAN, swapped } from '../byte-order.js';
import { DESTINATION, type FlowRecord, NAT_DESTINATION, NAT_SOURCE, SOURCE } from '../metering/flow-record.js';
import * as K from './flow-kinds.js';
import { OFFLOADED, offloadOf } from './flow-offload.js';

/** Where the values of an image lie, in words of four octets. */
export const SOURCE_IPV4 = 0;
export const DESTINATION_IPV4 = 1;
/** One octet; behind it both ports, or ICMP's type and code. */
export const PROTOCOL = 2;
export const NAT_SOURCE_IPV4 = 4;
export const NAT_DESTINATION_IPV4 = 5;
/** Both of two octets. */
export const NAT_PORTS = 6;
/** Octets, packets, reverse octets, reverse packets. */
export const DELTAS = 7;
export const START = 15;
export const END = 17;
export const FLOW_ID = 19;
/** An octet each for flowEndReason, biflowDirection and the TCP state; behind them two for the history of states. */
export const END_REASON = 20;
export const INITIATOR_ROUND_TRIP = 22;
export const RESPONDER_ROUND_TRIP = 23;
export const INGRESS = 24;
export const EGRESS = 25;
export const OFFLOAD = 26;
/** Four of 16 octets, as FlowRecord.addresses. */
export const ADDRESSES_IPV6 = 27;
export const INTERVAL_START = 43;
export const TOTALS = 45;
export const OBSERVATION_TIME = 53;
export const NAT_EVENT = 55;
export const NEXT_HOP = 56;
/** Both of six octets. */
export const MACS = 60;
/** Both of two octets. */
export const VLANS = 63;
export const SOURCE_AS = 64;
export const DESTINATION_AS = 65;
export const MARK = 66;
export const ZONE = 67;
export const LABELS = 68;
export const STATUS = 72;
export const MASTER_PROTOCOL = 73;
/** Two of 16 octets. */
export const MASTER_ADDRESSES = 74;
/** Both of two octets. */
export const MASTER_PORTS = 82;
export const CLASS_OF_SERVICE = 83;
/** The length of the name, an octet, and the name of at most 16 (NF_CT_HELPER_NAME_LEN). */
export const HELPER = 84;
const IMAGE_WORDS = 89;

/** RFC 5103 section 6.3: the forward direction is the initiator's. */
const BIFLOW_DIRECTION_INITIATOR = 1;
/** Makes the high word of a number beyond 32 bits a number of its own. */
const HIGH_WORD = 2 ** -32;
const TCP = 6;
const UDP = 17;
const DCCP = 33;
const SCTP = 132;
const UDPLITE = 136;

const words = new Int32Array(IMAGE_WORDS);
/**
 * A Flow Record as it is on the wire, each value at a place of its own: Data Records are copied from it in a few runs, because what is
 * neighbours in most of them is neighbours here. It is filled word by word, since to an interpreter a word is no more work than an
 * octet; and by few functions, since a call is as much work as twenty steps. There is one for all records, filled anew for each.
 */
export const image = new Uint8Array(words.buffer);

/**
 * Fills the image.
 *
 * @param wanted bits of kinds that matter
 * @returns the record's kind (flow-kinds.ts), all bits; where the kind lacks a value, or none is wanted, its place holds what it did
 */
export function fillImage(record: FlowRecord, wanted: number): number {
  const kind = fillKey(record) | fillPath(record) | fillRare(record);
  if (record.natEvent === 0) return kind | fillTraffic(record, wanted);
  fillTime(OBSERVATION_TIME, record.observationTime);
  image[4 * NAT_EVENT] = record.natEvent;
  return kind | K.NAT_EVENT;
}

/** What tells the Flow from others, its beginning, and its ends after translation. */
function fillKey(record: FlowRecord): number {
  const addressWords = record.addressWords;
  const flowId = record.flowId;
  const protocol = record.protocol;
  const start = record.start;
  let kind = 0;
  let ports = 0;
  if (record.family === 6) {
    kind = K.IPV6;
    image.set(record.addresses, 4 * ADDRESSES_IPV6);
  } else {
    words[SOURCE_IPV4] = addressWords[SOURCE >> 2];
    words[DESTINATION_IPV4] = addressWords[DESTINATION >> 2];
  }
  if (record.hasPorts && (protocol === TCP || protocol === UDP || isOtherWithPorts(protocol))) {
    kind |= K.PORTS;
    ports = (record.sourcePort << 16) | record.destinationPort;
  } else if (record.isIcmp) {
    kind |= K.ICMP;
    ports = record.icmpTypeCode << 16;
  }
  const key = (protocol << 24) | (ports >>> 8);
  words[PROTOCOL] = IS_LITTLE_ENDIAN ? swapped(key) : key;
  image[4 * PROTOCOL + 4] = ports;
  words[FLOW_ID] = IS_LITTLE_ENDIAN ? swapped(flowId) : flowId;
  if (start > 0) {
    kind |= K.START;
    fillTime(START, start);
  }
  if (!record.translated) return kind;
  words[NAT_SOURCE_IPV4] = addressWords[NAT_SOURCE >> 2];
  words[NAT_DESTINATION_IPV4] = addressWords[NAT_DESTINATION >> 2];
  const natPorts = (record.natSourcePort << 16) | record.natDestinationPort;
  words[NAT_PORTS] = IS_LITTLE_ENDIAN ? swapped(natPorts) : natPorts;
  return kind | K.NAT;
}

function isOtherWithPorts(protocol: number): boolean {
  return protocol === DCCP || protocol === SCTP || protocol === UDPLITE;
}

function fillTraffic(record: FlowRecord, wanted: number): number {
  const intervalStart = record.intervalStart;
  const status = record.status;
  let kind = K.TRAFFIC;
  if (record.hasCounters) {
    kind |= K.COUNTERS;
    fillCounters(DELTAS, record.counterInts);
  }
  if (record.hasTotals) {
    kind |= K.TOTALS;
    if ((wanted & K.TOTALS) !== 0) fillCounters(TOTALS, record.totalInts);
  }
  if (intervalStart > 0) {
    kind |= K.INTERVAL;
    fillTime(INTERVAL_START, intervalStart);
  }
  fillTime(END, record.end);
  const ending = (record.flowEndReason << 24) | (BIFLOW_DIRECTION_INITIATOR << 16);
  words[END_REASON] = IS_LITTLE_ENDIAN ? swapped(ending) : ending;
  words[STATUS] = IS_LITTLE_ENDIAN ? swapped(status) : status;
  image[4 * OFFLOAD] = (status & OFFLOADED) === 0 ? 0 : offloadOf(status);
  return record.protocol === TCP ? kind | fillTcp(record) : kind;
}

function fillTcp(record: FlowRecord): number {
  const initiatorRoundTrip = record.initiatorRoundTrip;
  const responderRoundTrip = record.responderRoundTrip;
  const tcpState = record.tcpState;
  const tcpStateHistory = record.tcpStateHistory;
  image[4 * END_REASON + 2] = tcpState;
  image[4 * END_REASON + 3] = tcpStateHistory >> 8;
  image[4 * END_REASON + 4] = tcpStateHistory;
  let kind = (tcpState !== 0 ? K.TCP_STATE : 0) | (tcpStateHistory !== 0 ? K.TCP_HISTORY : 0);
  if (responderRoundTrip >= 0) {
    kind |= K.RESPONDER_ROUND_TRIP;
    words[RESPONDER_ROUND_TRIP] = IS_LITTLE_ENDIAN ? swapped(responderRoundTrip) : responderRoundTrip;
  }
  if (initiatorRoundTrip >= 0) {
    kind |= K.INITIATOR_ROUND_TRIP;
    words[INITIATOR_ROUND_TRIP] = IS_LITTLE_ENDIAN ? swapped(initiatorRoundTrip) : initiatorRoundTrip;
  }
  return kind;
}

/** @param counters low word, then high word; on the wire the high word comes first */
function fillCounters(to: number, counters: Int32Array): void {
  // Not in a loop, whose steps would be half of the work.
  if (IS_LITTLE_ENDIAN) {
    words[to] = swapped(counters[1]);
    words[to + 1] = swapped(counters[0]);
    words[to + 2] = swapped(counters[3]);
    words[to + 3] = swapped(counters[2]);
    words[to + 4] = swapped(counters[5]);
    words[to + 5] = swapped(counters[4]);
    words[to + 6] = swapped(counters[7]);
    words[to + 7] = swapped(counters[6]);
  } else {
    words[to] = counters[1];
    words[to + 1] = counters[0];
    words[to + 2] = counters[3];
    words[to + 3] = counters[2];
    words[to + 4] = counters[5];
    words[to + 5] = counters[4];
    words[to + 6] = counters[7];
    words[to + 7] = counters[6];
  }
}

/** @param milliseconds non-negative and below 2^53, parts of them are left out */
function fillTime(to: number, milliseconds: number): void {
  const high = (milliseconds * HIGH_WORD) | 0;
  const low = milliseconds | 0;
  words[to] = IS_LITTLE_ENDIAN ? swapped(high) : high;
  words[to + 1] = IS_LITTLE_ENDIAN ? swapped(low) : low;
}

function fillPath(record: FlowRecord): number {
  const egressInterface = record.egressInterface;
  const egressVlan = record.egressVlan;
  const ingressInterface = record.ingressInterface;
  const ingressVlan = record.ingressVlan;
  let kind = 0;
  if (ingressInterface !== 0) {
    kind = K.INGRESS;
    words[INGRESS] = IS_LITTLE_ENDIAN ? swapped(ingressInterface) : ingressInterface;
  }
  if (egressInterface !== 0) {
    kind |= K.EGRESS;
    words[EGRESS] = IS_LITTLE_ENDIAN ? swapped(egressInterface) : egressInterface;
  }
  if (record.hasNextHop) {
    kind |= K.NEXT_HOP;
    image.set(record.nextHop, 4 * NEXT_HOP);
  }
  if (record.hasSourceMac) {
    kind |= K.SOURCE_MAC;
    image.set(record.sourceMac, 4 * MACS);
  }
  if (record.hasDestinationMac) {
    kind |= K.DESTINATION_MAC;
    image.set(record.destinationMac, 4 * MACS + 6);
  }
  if ((ingressVlan | egressVlan) !== 0) {
    kind |= (ingressVlan !== 0 ? K.INGRESS_VLAN : 0) | (egressVlan !== 0 ? K.EGRESS_VLAN : 0);
    const vlans = (ingressVlan << 16) | egressVlan;
    words[VLANS] = IS_LITTLE_ENDIAN ? swapped(vlans) : vlans;
  }
  const sourceAs = record.sourceAs;
  if (sourceAs >= 0) {
    kind |= K.SOURCE_AS;
    words[SOURCE_AS] = IS_LITTLE_ENDIAN ? swapped(sourceAs) : sourceAs;
  }
  const destinationAs = record.destinationAs;
  if (destinationAs >= 0) {
    kind |= K.DESTINATION_AS;
    words[DESTINATION_AS] = IS_LITTLE_ENDIAN ? swapped(destinationAs) : destinationAs;
  }
  return kind;
}

/** What few connections have. */
function fillRare(record: FlowRecord): number {
  const classOfService = record.classOfService;
  const helper = record.helper;
  const mark = record.mark;
  const zone = record.zone;
  let kind = 0;
  if (mark !== 0) {
    kind = K.MARK;
    words[MARK] = IS_LITTLE_ENDIAN ? swapped(mark) : mark;
  }
  if (zone !== 0) {
    kind |= K.ZONE;
    words[ZONE] = IS_LITTLE_ENDIAN ? swapped(zone << 16) : zone << 16;
  }
  if (classOfService >= 0) {
    kind |= K.CLASS_OF_SERVICE;
    image[4 * CLASS_OF_SERVICE] = classOfService;
  }
  if (record.hasLabels) {
    kind |= K.LABELS;
    image.set(record.labels, 4 * LABELS);
  }
  if (record.hasMaster) {
    kind |= K.MASTER;
    fillMaster(record);
  }
  if (helper === '') return kind;
  image[4 * HELPER] = helper.length;
  for (let i = 0; i < helper.length; i++) image[4 * HELPER + 1 + i] = helper.charCodeAt(i);
  return kind | K.HELPER;
}

function fillMaster(record: FlowRecord): void {
  const ports = (record.masterSourcePort << 16) | record.masterDestinationPort;
  image[4 * MASTER_PROTOCOL] = record.masterProtocol;
  image.set(record.masterAddresses, 4 * MASTER_ADDRESSES);
  words[MASTER_PORTS] = IS_LITTLE_ENDIAN ? swapped(ports) : ports;
}
