/**
 * One look at one connection: what a source (ctnetlink, or the kernel meter) hands to the Metering Process. It is a view of
 * 40 host-endian words in a buffer, so that the flow table keeps one by copying words and no object is made per flow. What few
 * connections have (labels, helper, master) lies beside the words.
 *
 * words  0      id, the kernel's 32-bit almost unique connection id
 *        1      zone << 16 | family (4 or 6) << 8 | protocol
 *        2-5    source address of the initiator, network order, IPv4 in the first word     6-9  destination address
 *        10     source port << 16 | destination port; for ICMP identifier << 16 | type << 8 | code
 *        11-19  the same of the reply direction: source, destination, ports
 *        20     flags, below
 *        21     endReason: flowEndReason of an end; of a live connection, that of an end before it expires
 *        22     protocol state of the kernel, 0 where there is none
 *        23     seconds that the kernel would still keep the connection
 *        24-31  counters as the kernel tells them, each high word then low word in network order: octets, packets, reverse octets,
 *               reverse packets
 *        32-33  start    34-35  last packet    36-37  seen: milliseconds since the Unix epoch, float64
 *        38     mark       39     status, IPS_ bits (enum ip_conntrack_status)
 */
export const OBSERVATION_WORDS = 40;
export const KEY_WORDS = 11;
export const COUNTER_WORDS = 8;

export const WORD_ID = 0;
export const WORD_KIND = 1;
export const WORD_SOURCE = 2;
export const WORD_DESTINATION = 6;
export const WORD_PORTS = 10;
export const WORD_REPLY_SOURCE = 11;
export const WORD_REPLY_DESTINATION = 15;
export const WORD_REPLY_PORTS = 19;
export const WORD_FLAGS = 20;
export const WORD_END_REASON = 21;
export const WORD_STATE = 22;
export const WORD_TIMEOUT = 23;
export const WORD_COUNTERS = 24;
export const WORD_MARK = 38;
export const WORD_STATUS = 39;

/** Of `times`. */
export const TIME_START = 16;
export const TIME_LAST_PACKET = 17;
export const TIME_SEEN = 18;

/** The kernel counted octets and packets (nf_conntrack_acct). */
export const HAS_COUNTERS = 1;
/** The kernel knows when the connection began (nf_conntrack_timestamp); otherwise start is the first sight of it. */
export const HAS_START = 2;
/** The connection is gone. */
export const ENDED = 4;
/** The kernel knows the protocol's ports; of a protocol that this kernel does not know it tells none. */
export const HAS_PORTS = 8;

/** The message tells labels, helper, master. Only dumps and some events do; a DESTROY event never. */
export const HAS_LABELS = 16;
export const HAS_HELPER = 32;
export const HAS_MASTER = 64;
export const HAS_DETAILS = HAS_LABELS | HAS_HELPER | HAS_MASTER;

/** Values of flowEndReason (IANA, Information Element 136). */
export const IDLE_TIMEOUT = 1;
export const ACTIVE_TIMEOUT = 2;
export const END_DETECTED = 3;
export const FORCED_END = 4;

/** Octets of labels; words of a master: source and destination of 4 words each, protocol, ports. */
export const LABELS_OCTETS = 16;
export const MASTER_WORDS = 10;

export class Observation {
  /** Meaningful where the flags say so. */
  readonly labels = new Uint8Array(LABELS_OCTETS);
  helper = '';
  /** The original direction of the connection that this one is related to: source, destination, protocol, ports. */
  readonly master = new Uint32Array(MASTER_WORDS);
  readonly words: Uint32Array;
  /** The same words signed, for what is done with each Flow: QuickJS has no fast numbers above 2^31. */
  readonly ints: Int32Array;
  /** Those of them that are counters. */
  readonly counters: Int32Array;
  readonly bytes: Uint8Array;
  readonly times: Float64Array;

  constructor(buffer: ArrayBuffer = new ArrayBuffer(OBSERVATION_WORDS * 4), offset = 0) {
    this.words = new Uint32Array(buffer, offset, OBSERVATION_WORDS);
    this.ints = new Int32Array(buffer, offset, OBSERVATION_WORDS);
    this.counters = this.ints.subarray(WORD_COUNTERS, WORD_COUNTERS + COUNTER_WORDS);
    this.bytes = new Uint8Array(buffer, offset, OBSERVATION_WORDS * 4);
    this.times = new Float64Array(buffer, offset, OBSERVATION_WORDS / 2);
  }

  clear(): void {
    this.words.fill(0);
  }

  get family(): number {
    return (this.words[WORD_KIND] >> 8) & 0xff;
  }

  get protocol(): number {
    return this.words[WORD_KIND] & 0xff;
  }

  get zone(): number {
    return this.words[WORD_KIND] >>> 16;
  }

  has(flag: number): boolean {
    return (this.words[WORD_FLAGS] & flag) !== 0;
  }

  get start(): number {
    return this.times[TIME_START];
  }

  set start(milliseconds: number) {
    this.times[TIME_START] = milliseconds;
  }

  get lastPacket(): number {
    return this.times[TIME_LAST_PACKET];
  }

  set lastPacket(milliseconds: number) {
    this.times[TIME_LAST_PACKET] = milliseconds;
  }

  get seen(): number {
    return this.times[TIME_SEEN];
  }

  set seen(milliseconds: number) {
    this.times[TIME_SEEN] = milliseconds;
  }
}
