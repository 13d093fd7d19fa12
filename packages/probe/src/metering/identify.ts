import { IS_LITTLE_ENDIAN, swapped } from '../byte-order.js';
import { OFFLOADED, offloadOf } from './flow-offload.js';
import type { FlowRecord } from './flow-record.js';
import {
  HAS_COUNTERS,
  HAS_PORTS,
  type Observation,
  WORD_DESTINATION,
  WORD_FLAGS,
  WORD_ID,
  WORD_KIND,
  WORD_MARK,
  WORD_PORTS,
  WORD_REPLY_DESTINATION,
  WORD_REPLY_PORTS,
  WORD_REPLY_SOURCE,
  WORD_SOURCE,
  WORD_STATUS,
} from './observation.js';
import { hasTransportPorts, ICMP, ICMPV6, TCP, UDP } from './protocols.js';
import * as K from './record-kinds.js';
import * as I from './record-layout.js';

/**
 * Makes the record one of this connection, of which nothing is known but what one look tells: addresses, ports, translation, zone, mark,
 * status, and that there are counters. Done for every Flow, so word by word, since to an interpreter a word is no more work than an octet.
 */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: to an interpreter a call is as much work as twenty steps.
export function identify(record: FlowRecord, o: Observation): void {
  const from = o.ints;
  const words = record.words;
  const what = from[WORD_KIND];
  const flags = from[WORD_FLAGS];
  const protocol = what & 0xff;
  const forward = from[WORD_PORTS];
  const reply = from[WORD_REPLY_PORTS];
  const id = from[WORD_ID];
  const status = from[WORD_STATUS];
  let kind = (flags & HAS_COUNTERS) !== 0 ? K.TRAFFIC | K.COUNTERS : K.TRAFFIC;
  let ports = forward;
  let translated = forward !== ((reply << 16) | (reply >>> 16));
  if (protocol === ICMP || protocol === ICMPV6) {
    kind |= K.ICMP;
    ports = forward << 16;
    translated = false;
  } else if ((flags & HAS_PORTS) !== 0 && (protocol === TCP || protocol === UDP || hasTransportPorts(protocol))) {
    kind |= K.PORTS;
  }
  if ((what & 0x200) !== 0) {
    kind |= K.IPV6;
    if (takeIPv6(words, from)) translated = true;
  } else {
    const source = from[WORD_SOURCE];
    const destination = from[WORD_DESTINATION];
    // The reply's destination is the source after translation, and the other way round.
    const natSource = from[WORD_REPLY_DESTINATION];
    const natDestination = from[WORD_REPLY_SOURCE];
    words[I.SOURCE_IPV4] = source;
    words[I.DESTINATION_IPV4] = destination;
    if (translated || source !== natSource || destination !== natDestination) {
      translated = true;
      words[I.NAT_SOURCE_IPV4] = natSource;
      words[I.NAT_DESTINATION_IPV4] = natDestination;
    }
  }
  if (translated) {
    kind |= K.NAT;
    // Its destination port is the source's.
    const ports = (reply << 16) | (reply >>> 16);
    words[I.NAT_PORTS] = IS_LITTLE_ENDIAN ? swapped(ports) : ports;
  }
  const key = (protocol << 24) | (ports >>> 8);
  if (IS_LITTLE_ENDIAN) {
    words[I.PROTOCOL] = swapped(key);
    words[I.PROTOCOL + 1] = ports & 0xff;
    words[I.FLOW_ID] = swapped(id);
    words[I.STATUS] = swapped(status);
  } else {
    words[I.PROTOCOL] = key;
    words[I.PROTOCOL + 1] = ports << 24;
    words[I.FLOW_ID] = id;
    words[I.STATUS] = status;
  }
  // An octet, at the word's beginning.
  words[I.OFFLOAD] = 0;
  if ((status & OFFLOADED) !== 0) record.octets[4 * I.OFFLOAD] = offloadOf(status);
  record.kind = kind;
  const mark = from[WORD_MARK];
  if (mark !== 0) record.mark = mark >>> 0;
  if (what >>> 16 !== 0) record.zone = what >>> 16;
}

/** Takes over the addresses over IPv6. @returns whether they are translated */
function takeIPv6(words: Int32Array, from: Int32Array): boolean {
  let translated = false;
  for (let i = 0; i < 4; i++) {
    const source = from[WORD_SOURCE + i];
    const destination = from[WORD_DESTINATION + i];
    const natSource = from[WORD_REPLY_DESTINATION + i];
    const natDestination = from[WORD_REPLY_SOURCE + i];
    words[I.ADDRESSES_IPV6 + i] = source;
    words[I.ADDRESSES_IPV6 + 4 + i] = destination;
    words[I.ADDRESSES_IPV6 + 8 + i] = natSource;
    words[I.ADDRESSES_IPV6 + 12 + i] = natDestination;
    if (source !== natSource || destination !== natDestination) translated = true;
  }
  return translated;
}
