import {
  COUNTER_WORDS,
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

/** Where each address begins in FlowRecord.addresses, in octets. */
export const SOURCE = 0;
export const DESTINATION = 16;
export const NAT_SOURCE = 32;
export const NAT_DESTINATION = 48;

/** Index of each counter's low word in FlowRecord.counters; its high word follows. */
export const OCTETS = 0;
export const PACKETS = 2;
export const REVERSE_OCTETS = 4;
export const REVERSE_PACKETS = 6;

const ICMP = 1;
const ICMPV6 = 58;

/**
 * The meaning of one Data Record: a Biflow (RFC 5103) whose forward direction is the initiator's, or the part of it since
 * its last interim report. The Metering Process fills one instance again and again; who wants to keep it copies it.
 */
export class FlowRecord {
  /** 4 or 6. */
  family = 4;
  protocol = 0;
  /** The kernel's 32-bit connection id: tells apart Flows of the same Flow Key. */
  flowId = 0;
  /** Source, destination, and both after translation, 16 octets each in network order, IPv4 in the first four. */
  readonly addresses = new Uint8Array(64);
  /** The same memory. */
  readonly addressWords = new Int32Array(this.addresses.buffer);
  /** Ports are known. They are keys, not ports, where the protocol has none (GRE). */
  hasPorts = false;
  sourcePort = 0;
  destinationPort = 0;
  natSourcePort = 0;
  natDestinationPort = 0;
  /** The reply direction has other addresses or ports than the forward direction turned round. */
  translated = false;
  /** ICMP type << 8 | code of the initiator's message; ports are 0 then. */
  icmpTypeCode = 0;
  hasCounters = false;
  /** Since the last interim report: octets, packets, reverse octets, reverse packets; low word, then high word. */
  readonly counters = new Uint32Array(COUNTER_WORDS);
  /** The same memory, signed: see Observation. */
  readonly counterInts = new Int32Array(this.counters.buffer);
  /** First packet of the Flow and last packet, milliseconds since the Unix epoch. `start` is NaN where it is not known. */
  start = 0;
  end = 0;
  /** Start of the time that the counters cover, where that is not the Flow's start, else NaN. */
  intervalStart = Number.NaN;
  flowEndReason = 0;
  /** natEvent of a record that tells of a translation and not of traffic (RFC 8158 section 5.2), else 0. */
  natEvent = 0;

  /** Zone and mark of the connection, its IPS_ status bits (enum ip_conntrack_status). */
  zone = 0;
  mark = 0;
  status = 0;
  hasLabels = false;
  readonly labels = new Uint8Array(16);
  /** Name of the connection tracking helper, '' where there is none. */
  helper = '';
  /** The original direction of the connection that this one is related to, with addresses of the Flow's own family. */
  hasMaster = false;
  masterProtocol = 0;
  readonly masterAddresses = new Uint8Array(32);
  masterSourcePort = 0;
  masterDestinationPort = 0;

  /** TCP: the kernel's state (enum tcp_conntrack, 0 where not known), and a bit (1 << state) for each one that was seen. */
  tcpState = 0;
  tcpStateHistory = 0;
  /** TCP handshake: microseconds from the SYN to its answer, and from that to the initiator's; NaN where not known. */
  responderRoundTrip = Number.NaN;
  initiatorRoundTrip = Number.NaN;
  /** Type of service, or traffic class, of the initiator's first packet; -1 where not known: ctnetlink does not tell it. */
  classOfService = -1;

  /** Where the forward direction came in and went out: interface indexes, 0 where not known or where the host itself is the end. */
  ingressInterface = 0;
  egressInterface = 0;
  /** Next hop of the forward direction, of the Flow's own family; false where the destination is on the link. */
  hasNextHop = false;
  readonly nextHop = new Uint8Array(16);
  /** MAC addresses of the neighbours that the forward direction came from and went to. */
  hasSourceMac = false;
  readonly sourceMac = new Uint8Array(6);
  hasDestinationMac = false;
  readonly destinationMac = new Uint8Array(6);
  /** VLAN ids of the interfaces, 0 where they have none. */
  ingressVlan = 0;
  egressVlan = 0;
  /** Autonomous systems of the two ends, -1 where not known. */
  sourceAs = -1;
  destinationAs = -1;
  /** Counters since the Flow's start, as `counters`; not known after something else set the kernel's to zero. */
  hasTotals = false;
  readonly totals = new Uint32Array(COUNTER_WORDS);
  readonly totalInts = new Int32Array(this.totals.buffer);
  /** When what natEvent tells of happened, milliseconds since the Unix epoch. */
  observationTime = 0;

  get isIcmp(): boolean {
    return this.protocol === ICMP || this.protocol === ICMPV6;
  }

  /** Takes over what a look at the connection tells of it as it is: addresses, ports, translation, zone, mark, status. Without calls, for the interpreter. */
  identify(o: Observation): void {
    const from = o.ints;
    const kind = from[WORD_KIND];
    const flags = from[WORD_FLAGS];
    const family = (kind >> 8) & 0xff;
    const addresses = this.addressWords;
    // Of IPv4, the octets behind the address are 0.
    if (family !== this.family) addresses.fill(0);
    this.family = family;
    const protocol = kind & 0xff;
    this.protocol = protocol;
    this.flowId = from[WORD_ID] >>> 0;
    this.hasCounters = (flags & HAS_COUNTERS) !== 0;
    this.hasPorts = (flags & HAS_PORTS) !== 0;
    // The reply's destination is the source after translation, and the other way round.
    const source = from[WORD_SOURCE];
    const destination = from[WORD_DESTINATION];
    const natSource = from[WORD_REPLY_DESTINATION];
    const natDestination = from[WORD_REPLY_SOURCE];
    addresses[0] = source;
    addresses[4] = destination;
    addresses[8] = natSource;
    addresses[12] = natDestination;
    let translated = source !== natSource || destination !== natDestination;
    if (family === 6 && this.#identifyIPv6(from)) translated = true;
    const forward = from[WORD_PORTS];
    const reply = from[WORD_REPLY_PORTS];
    if (protocol === ICMP || protocol === ICMPV6) {
      this.icmpTypeCode = forward & 0xffff;
      this.sourcePort = this.destinationPort = this.natSourcePort = this.natDestinationPort = 0;
    } else {
      this.icmpTypeCode = 0;
      this.sourcePort = forward >>> 16;
      this.destinationPort = forward & 0xffff;
      this.natSourcePort = reply & 0xffff;
      this.natDestinationPort = reply >>> 16;
      if (forward !== ((reply << 16) | (reply >>> 16))) translated = true;
    }
    this.translated = translated;
    this.zone = kind >>> 16;
    this.mark = from[WORD_MARK] >>> 0;
    this.status = from[WORD_STATUS] >>> 0;
  }

  /** Takes over all but the first words of addresses. @returns whether they are translated */
  #identifyIPv6(from: Int32Array): boolean {
    const addresses = this.addressWords;
    let translated = false;
    for (let i = 1; i < 4; i++) {
      addresses[i] = from[WORD_SOURCE + i];
      addresses[4 + i] = from[WORD_DESTINATION + i];
      addresses[8 + i] = from[WORD_REPLY_DESTINATION + i];
      addresses[12 + i] = from[WORD_REPLY_SOURCE + i];
      if (addresses[i] !== addresses[8 + i] || addresses[4 + i] !== addresses[12 + i]) translated = true;
    }
    return translated;
  }
}
