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
  TCP_CONNTRACK_FIN_WAIT,
  TCP_CONNTRACK_LAST_ACK,
  TCP_CONNTRACK_TIME_WAIT,
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
const TCP_STATES = NAMES.filter(name => name.startsWith('tcp_')).slice(0, 8);
const SCTP_STATES = NAMES.filter(name => name.startsWith('sctp_'));
/** enum tcp_conntrack: SYN_SENT2 (simultaneous open) is 9 and shares SYN_SENT's timeout. */
const TCP_CONNTRACK_SYN_SENT2 = 9;

/**
 * How long the kernel keeps a connection after its last packet: what turns an expiry time into the time of the last
 * packet. Each packet sets the timer to the timeout of the state it leads to (nf_ct_refresh_acct).
 */
export class Timeouts {
  #seconds = { ...DEFAULTS };

  /** @param readText reads a file of /proc, undefined where it is not there */
  reload(readText: (path: string) => string | undefined): void {
    for (const name of NAMES) {
      const seconds = Number.parseInt(readText(`/proc/sys/net/netfilter/nf_conntrack_${name}`) ?? '', 10);
      if (seconds > 0) this.#seconds[name] = seconds;
    }
  }

  /** All of them, for the kernel meter. */
  get keepingTimes(): KeepingTimes {
    const states = Array.from({ length: 16 }, (_, state) => state);
    const seconds = (protocol: number, status = 0) => this.#ofState(protocol, 0, status);
    return {
      tcp: states.map(state => this.#ofState(TCP, state, 0)),
      sctp: states.map(state => this.#ofState(SCTP, state, 0)),
      tcpStalled: this.#stalled(),
      udp: seconds(UDP),
      udpStream: seconds(UDP, IPS_ASSURED),
      icmp: seconds(ICMP),
      icmpv6: seconds(ICMPV6),
      gre: seconds(GRE),
      greStream: seconds(GRE, IPS_SEEN_REPLY),
      generic: this.#seconds.generic_timeout,
    };
  }

  /**
   * Seconds since the last packet of a connection that the kernel would still keep for `left` seconds, which it rounds down:
   * right to the second, and never too many.
   */
  idle(protocol: number, state: number, status: number, left: number): number {
    let full = this.#ofState(protocol, state, status);
    if (protocol === TCP && left <= this.#stalled()) full = Math.min(full, this.#stalled());
    return Math.max(0, full - left - 1);
  }

  /** Seconds from the last packet to the expiry of a connection that lived for `age` seconds. */
  untilExpiry(protocol: number, state: number, status: number, age: number): number {
    const full = this.#ofState(protocol, state, status);
    return protocol === TCP && age < full ? Math.min(full, this.#stalled()) : full;
  }

  /** A TCP connection with unacknowledged data, or one that repeats itself, has a shorter timer (nf_conntrack_tcp_packet). */
  #stalled(): number {
    return Math.max(this.#seconds.tcp_timeout_unacknowledged, this.#seconds.tcp_timeout_max_retrans);
  }

  /** Seconds that a packet of a connection in this state keeps it alive. */
  #ofState(protocol: number, state: number, status: number): number {
    switch (protocol) {
      case TCP: {
        const index = state === TCP_CONNTRACK_SYN_SENT2 ? 0 : state - 1;
        return this.#seconds[TCP_STATES[index] ?? 'tcp_timeout_established'];
      }
      case UDP:
      case UDPLITE:
        return this.#seconds[(status & IPS_ASSURED) !== 0 ? 'udp_timeout_stream' : 'udp_timeout'];
      case ICMP:
        return this.#seconds.icmp_timeout;
      case ICMPV6:
        return this.#seconds.icmpv6_timeout;
      case GRE:
        return this.#seconds[(status & IPS_SEEN_REPLY) !== 0 ? 'gre_timeout_stream' : 'gre_timeout'];
      case SCTP:
        return this.#seconds[SCTP_STATES[state - 1] ?? 'sctp_timeout_established'];
      default:
        return this.#seconds.generic_timeout;
    }
  }
}

/** A FIN or a RST has been seen: whatever ends the connection now, its end was detected. */
export function isClosing(protocol: number, state: number): boolean {
  return protocol === TCP && state >= TCP_CONNTRACK_FIN_WAIT && state <= TCP_CONNTRACK_CLOSE;
}

/** Both sides have closed (or one has reset): what remains is the kernel's waiting time, not an idle Flow. */
export function isClosed(protocol: number, state: number): boolean {
  return (
    protocol === TCP &&
    (state === TCP_CONNTRACK_LAST_ACK || state === TCP_CONNTRACK_TIME_WAIT || state === TCP_CONNTRACK_CLOSE)
  );
}
