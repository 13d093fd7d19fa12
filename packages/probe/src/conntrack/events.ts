import type { Host, NetlinkSocket } from '../host/host.js';
import type { ObservationSink } from '../metering/source.js';
import { HEADER_OCTETS } from '../netlink/messages.js';
import { DatagramReader } from '../netlink/reader.js';
import {
  IPCTNL_MSG_CT_DELETE,
  NETLINK_NETFILTER,
  NFNL_SUBSYS_CTNETLINK,
  NFNLGRP_CONNTRACK_DESTROY,
} from './constants.js';
import { ConntrackParser } from './parse.js';
import type { Timeouts } from './timeouts.js';

const DESTROY = (NFNL_SUBSYS_CTNETLINK << 8) | IPCTNL_MSG_CT_DELETE;
/** One event is one datagram of about 250 octets; labels, helpers and security contexts make it longer. */
const EVENT_OCTETS = 2048;
const EVENTS_A_CALL = 256;

export interface EventCounters {
  events: number;
  /** DESTROY events that the kernel could not deliver and dropped: Flows that will never be exported. */
  lost: number;
  /** Deliveries that the kernel put off and repeated (reliable mode): nothing is lost by them. */
  deferred: number;
  malformed: number;
}

/** The DESTROY events of ctnetlink, on a socket of their own. */
export class ConntrackEvents {
  readonly counters: EventCounters = { events: 0, lost: 0, deferred: 0, malformed: 0 };
  readonly #socket: NetlinkSocket;
  readonly #parser: ConntrackParser;
  readonly #reader: DatagramReader;
  #drops = 0;

  constructor(
    host: Host,
    timeouts: Timeouts,
    receiveBuffer: number,
    private reliable: boolean,
    /** Instructions of a socket filter: events that it refuses are not received, and not lost. */
    filter?: Uint8Array,
  ) {
    this.#parser = new ConntrackParser(timeouts);
    this.#socket = host.netlink({
      protocol: NETLINK_NETFILTER,
      groups: [NFNLGRP_CONNTRACK_DESTROY],
      receiveBuffer,
      reliable,
      batch: EVENTS_A_CALL,
      slotOctets: EVENT_OCTETS,
      ...(filter && { filter }),
    });
    this.#reader = new DatagramReader(this.#socket);
  }

  get descriptor(): number {
    return this.#socket.descriptor;
  }

  get isReliable(): boolean {
    return this.reliable;
  }

  /** Takes what waits, at most one batch. Returns the number of events. @param now wall clock, milliseconds */
  receive(sink: ObservationSink, now: number): number {
    const reader = this.#reader;
    const parser = this.#parser;
    const o = parser.observation;
    const { halves, words } = reader;
    const { slotOctets, lengths } = this.#socket.batch;
    const count = reader.receive();
    let ends = 0;
    for (let i = 0; i < count; i++) {
      const start = i * slotOctets;
      const octets = lengths[i];
      // The kernel sends an event as a datagram of its own: there are no messages to be walked over.
      const alone = octets >= HEADER_OCTETS && octets <= slotOctets && words[start >> 2] === octets;
      if (!alone || halves[(start >> 1) + 2] !== DESTROY) this.#walk(i, sink, now);
      else if (parser.parse(reader, start + HEADER_OCTETS, start + octets, true, now)) {
        ends++;
        sink.observeEnd(o);
      } else this.#refuse();
    }
    this.counters.events += ends;
    return count;
  }

  /** Brings `lost` and `deferred` up to date with the kernel's count of failed deliveries. */
  countDrops(): void {
    this.#countUpTo(this.#socket.drops());
  }

  /** Reliable mode keeps undelivered connections in kernel memory: switched off, they are dropped and counted instead. */
  setReliable(on: boolean): void {
    this.countDrops();
    this.#socket.setReliable(on);
    this.reliable = on;
  }

  /** Reliable mode has been switched off from outside, at this count of failed deliveries. */
  tookReliability(drops: number): void {
    this.#countUpTo(drops);
    this.reliable = false;
    this.countDrops();
  }

  close(): void {
    this.#socket.close();
  }

  #countUpTo(drops: number): void {
    // 32 bits that may wrap; a count taken on another thread may also be older than the last one here.
    const more = Math.max(0, (drops - this.#drops) | 0);
    this.#drops += more;
    if (this.reliable) this.counters.deferred += more;
    else this.counters.lost += more;
  }

  #walk(datagram: number, sink: ObservationSink, now: number): void {
    const { messages } = this.#reader;
    const o = this.#parser.observation;
    this.#reader.select(datagram);
    while (messages.next()) {
      if (messages.type !== DESTROY) continue;
      if (this.#parser.parse(this.#reader, messages.start, messages.end, true, now)) {
        this.counters.events++;
        sink.observeEnd(o);
      } else this.#refuse();
    }
    if (messages.failed) this.counters.malformed++;
  }

  /** An event that is no connection. */
  #refuse(): void {
    this.counters.events++;
    this.counters.malformed++;
  }
}
