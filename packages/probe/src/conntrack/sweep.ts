import type { Host, NetlinkSocket } from '../host/host.js';
import { Pace } from '../metering/pace.js';
import type { ObservationSink } from '../metering/source.js';
import { NLMSG_DONE, NLMSG_ERROR } from '../netlink/messages.js';
import { DatagramReader } from '../netlink/reader.js';
import { IPCTNL_MSG_CT_NEW, NETLINK_NETFILTER, NFNL_SUBSYS_CTNETLINK } from './constants.js';
import { ConntrackParser } from './parse.js';
import { type DumpFilter, dumpRequest } from './requests.js';
import { readTableNumber } from './table-fill.js';
import type { Timeouts } from './timeouts.js';

const CONNECTION = (NFNL_SUBSYS_CTNETLINK << 8) | IPCTNL_MSG_CT_NEW;
/** The kernel fills a dump's datagrams up to the reader's buffer, at most 32 KiB (netlink_recvmsg, max_recvmsg_len). */
const CHUNK_OCTETS = 32_768;
/** Datagrams that the first step always reads: a small table and its NLMSG_DONE in one go. */
const FREE_CHUNKS = 3;
/** A datagram that waits longer than this tells of the past. */
const STALE_MILLISECONDS = 200;

export interface SweepCounters {
  sweeps: number;
  observations: number;
  malformed: number;
  /** Dumps that the kernel refused or broke off. */
  failures: number;
}

/**
 * Walks over all live connections once per active timeout. The kernel dumps a table piece by piece, as fast as its reader
 * reads; reading slowly spreads the work, and with it the interim reports, evenly over time.
 */
export class ConntrackSweep {
  readonly counters: SweepCounters = { sweeps: 0, observations: 0, malformed: 0, failures: 0 };
  /** Connections that the last complete sweep saw. */
  connections = 0;
  active = false;
  readonly #socket: NetlinkSocket;
  readonly #parser: ConntrackParser;
  readonly #reader: DatagramReader;
  readonly #pace = new Pace();
  #sequence = 0;
  #seen = 0;
  #free = 0;
  #lastRead = 0;
  /** When the kernel filled the datagram that waits: it fills the next one while it hands out the one before. */
  #filled = 0;

  /** @param endsAreIn asked at the end of a sweep: while events of ends still wait, that a connection is not there any more tells nothing */
  constructor(
    private readonly host: Host,
    timeouts: Timeouts,
    public interval: number,
    private readonly filter?: DumpFilter,
    private readonly endsAreIn: () => boolean = () => true,
  ) {
    this.#parser = new ConntrackParser(timeouts);
    this.#socket = host.netlink({
      protocol: NETLINK_NETFILTER,
      groups: [],
      receiveBuffer: 0,
      reliable: false,
      batch: 1,
      slotOctets: CHUNK_OCTETS,
    });
    this.#reader = new DatagramReader(this.#socket);
  }

  begin(sink: ObservationSink): void {
    this.#socket.send(dumpRequest(++this.#sequence, this.filter));
    this.active = true;
    this.#seen = 0;
    // The table may have grown a thousandfold since the last sweep.
    const entries = readTableNumber(this.host, 'nf_conntrack_count');
    this.#pace.begin(this.host.clock.monotonic(), Math.max(this.connections, entries));
    this.#free = FREE_CHUNKS;
    this.#filled = this.host.clock.wall();
    sink.beginSweep();
  }

  /**
   * Reads as much of the dump as is due by now. One datagram that is due is always read, so that the ends that come while it
   * waits are few enough to be remembered (RecentEnds).
   *
   * @param mayGoOn asked before each further datagram: is there room to export?
   */
  step(sink: ObservationSink, mayGoOn: () => boolean): void {
    const now = this.host.clock.monotonic();
    for (let chunks = 0; this.active && this.#isDue(now) && (chunks === 0 || mayGoOn()); chunks++) {
      if (!this.#receive(sink)) return;
      this.#lastRead = now;
    }
  }

  #isDue(now: number): boolean {
    if (this.#free-- > 0 || now - this.#lastRead >= STALE_MILLISECONDS) return true;
    return this.#pace.isDue(now, this.#seen, this.interval);
  }

  /** Reads the rest of the dump at once. @param pause called before each datagram: waits for room to export */
  complete(sink: ObservationSink, pause: () => void): void {
    do pause();
    while (this.active && this.#receive(sink));
  }

  close(): void {
    this.#socket.close();
  }

  #receive(sink: ObservationSink): boolean {
    const filled = this.#filled;
    if (this.#reader.receive() === 0) return false;
    this.#filled = this.host.clock.wall();
    const { messages } = this.#reader;
    this.#reader.select(0);
    while (this.active && messages.next()) this.#message(sink, filled);
    if (messages.failed) this.counters.malformed++;
    return true;
  }

  #message(sink: ObservationSink, filled: number): void {
    const { type, sequence } = this.#reader.messages;
    if (sequence !== this.#sequence) return;
    if (type === CONNECTION) this.#connection(sink, filled);
    else if (type === NLMSG_DONE || type === NLMSG_ERROR) this.#end(type, sink);
  }

  #connection(sink: ObservationSink, filled: number): void {
    const { messages } = this.#reader;
    this.#seen++;
    this.counters.observations++;
    if (this.#parser.parse(this.#reader, messages.start, messages.end, false, filled)) {
      sink.observeLive(this.#parser.observation);
    } else {
      this.counters.malformed++;
    }
  }

  #end(type: number, sink: ObservationSink): void {
    this.active = false;
    // Both carry an errno; a dump that broke off has not seen every connection, so absence means nothing.
    if (this.#reader.messages.errorNumber() !== 0) {
      this.counters.failures++;
      return;
    }
    if (type === NLMSG_ERROR) return;
    this.counters.sweeps++;
    this.connections = this.#seen;
    if (this.endsAreIn()) sink.endSweep(this.#filled);
  }
}
