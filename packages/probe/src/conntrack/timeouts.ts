import type { KeepingTimes } from '../metering/kernel-door.js';
import {
  GRE,
  ICMP,
  ICMPV6,
  IPS_ASSURED,
  IPS_SEEN_REPLY,
  SCTP,
  TCP,
  TCP_CONNTRACK_CLOSE,
  UDP,
  UDPLITE,
} from './constants.js';

/** sysctl net.netfilter.nf_conntrack_<name>, and the kernel's default in seconds (Documentation/networking/nf_conntrack-sysctl.rst). */
const DEFAULTS = {
  generic_timeout: 600,
  icmp_timeout: 30,
  icmpv6_timeout: 30,
  gre_timeout: 30,
  gre_timeout_stream: 180,
  udp_timeout: 30,
  udp_timeout_stream: 120,
  // In the order of enum tcp_conntrack: SYN_SENT is 1.
  tcp_timeout_syn_sent: 120,
  tcp_timeout_syn_recv: 60,
  tcp_timeout_established: 432_000,
  tcp_timeout_fin_wait: 120,
  tcp_timeout_close_wait: 60,
  tcp_timeout_last_ack: 30,
  tcp_timeout_time_wait: 120,
  tcp_timeout_close: 10,
  tcp_timeout_max_retrans: 300,
  tcp_timeout_unacknowledged: 300,
  // In the order of enum sctp_conntrack: CLOSED is 1.
  sctp_timeout_closed: 10,
  sctp_timeout_cookie_wait: 3,
  sctp_timeout_cookie_echoed: 3,
  sctp_timeout_established: 210,
  sctp_timeout_shutdown_sent: 3,
  sctp_timeout_shutdown_recd: 3,
  sctp_timeout_shutdown_ack_sent: 3,
  sctp_timeout_heartbeat_sent: 30,
};
type TimeoutName = keyof typeof DEFAULTS;
const NAMES = Object.keys(DEFAULTS) as TimeoutName[];
/** enum tcp_conntrack: SYN_SENT2 (simultaneous open) is 9 and shares SYN_SENT's timeout. */
const TCP_CONNTRACK_SYN_SENT2 = 9;

/** Where the seconds of each timeout are kept. */
function place(name: TimeoutName): number {
  return NAMES.indexOf(name);
}
const TCP_FIRST = place('tcp_timeout_syn_sent');
const TCP_ESTABLISHED = place('tcp_timeout_established');
const SCTP_FIRST = place('sctp_timeout_closed');
const SCTP_LAST = place('sctp_timeout_heartbeat_sent');
const SCTP_ESTABLISHED = place('sctp_timeout_established');
const UDP_ONCE = place('udp_timeout');
const UDP_STREAM = place('udp_timeout_stream');
const GRE_ONCE = place('gre_timeout');
const GRE_STREAM = place('gre_timeout_stream');
const ICMP_ALL = place('icmp_timeout');
const ICMPV6_ALL = place('icmpv6_timeout');
const GENERIC = place('generic_timeout');

/**
 * How long the kernel keeps a connection after its last packet: what turns an expiry time into the time of the last
 * packet. Each packet sets the timer to the timeout of the state it leads to (nf_ct_refresh_acct).
 */
export class Timeouts {
  readonly #seconds = Int32Array.from(NAMES, name => DEFAULTS[name]);
  /** A TCP connection with unacknowledged data, or one that repeats itself, has a shorter timer (nf_conntrack_tcp_packet). */
  #stalled = this.#longestStall();

  /** @param readText reads a file of /proc, undefined where it is not there */
  reload(readText: (path: string) => string | undefined): void {
    NAMES.forEach((name, i) => {
      const seconds = Number.parseInt(readText(`/proc/sys/net/netfilter/nf_conntrack_${name}`) ?? '', 10);
      if (seconds > 0) this.#seconds[i] = seconds;
    });
    this.#stalled = this.#longestStall();
  }

  /** All of them, for the kernel meter. */
  get keepingTimes(): KeepingTimes {
    const states = Array.from({ length: 16 }, (_, state) => state);
    const seconds = (protocol: number, status = 0) => this.ofState(protocol, 0, status);
    return {
      tcp: states.map(state => this.ofState(TCP, state, 0)),
      sctp: states.map(state => this.ofState(SCTP, state, 0)),
      tcpStalled: this.#stalled,
      udp: seconds(UDP),
      udpStream: seconds(UDP, IPS_ASSURED),
      icmp: seconds(ICMP),
      icmpv6: seconds(ICMPV6),
      gre: seconds(GRE),
      greStream: seconds(GRE, IPS_SEEN_REPLY),
      generic: this.#seconds[GENERIC],
    };
  }

  /**
   * Seconds since the last packet of a connection that the kernel would still keep for `left` seconds, which it rounds down:
   * right to the second, and never too many.
   */
  idle(protocol: number, state: number, status: number, left: number): number {
    const full = this.ofState(protocol, state, status);
    const stalled = this.#stalled;
    const idle = (protocol === TCP && left <= stalled && stalled < full ? stalled : full) - left - 1;
    return idle > 0 ? idle : 0;
  }

  /** Seconds from the last packet to the expiry of a connection that lived for `age` seconds. */
  untilExpiry(protocol: number, state: number, status: number, age: number): number {
    const full = this.ofState(protocol, state, status);
    return protocol === TCP && this.#stalled < full && age < full ? this.#stalled : full;
  }

  #longestStall(): number {
    const seconds = this.#seconds;
    return Math.max(seconds[place('tcp_timeout_unacknowledged')], seconds[place('tcp_timeout_max_retrans')]);
  }

  /** Seconds that a packet of a connection in this state keeps it alive. */
  ofState(protocol: number, state: number, status: number): number {
    const seconds = this.#seconds;
    switch (protocol) {
      case TCP:
        if (state === TCP_CONNTRACK_SYN_SENT2) return seconds[TCP_FIRST];
        return seconds[state > 0 && state <= TCP_CONNTRACK_CLOSE ? TCP_FIRST + state - 1 : TCP_ESTABLISHED];
      case UDP:
      case UDPLITE:
        return seconds[(status & IPS_ASSURED) !== 0 ? UDP_STREAM : UDP_ONCE];
      case ICMP:
        return seconds[ICMP_ALL];
      case ICMPV6:
        return seconds[ICMPV6_ALL];
      case GRE:
        return seconds[(status & IPS_SEEN_REPLY) !== 0 ? GRE_STREAM : GRE_ONCE];
      case SCTP:
        return seconds[state > 0 && state <= SCTP_LAST - SCTP_FIRST + 1 ? SCTP_FIRST + state - 1 : SCTP_ESTABLISHED];
      default:
        return seconds[GENERIC];
    }
  }
}
