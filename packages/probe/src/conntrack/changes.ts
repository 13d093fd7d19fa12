import type { Host, NetlinkSocket } from '../host/host.js';
import type { ChangeSink } from '../metering/source.js';
import { DatagramReader } from '../netlink/reader.js';
import { NLM_F_CREATE } from '../netlink/writer.js';
import {
  IPCTNL_MSG_CT_NEW,
  NETLINK_NETFILTER,
  NFNL_SUBSYS_CTNETLINK,
  NFNLGRP_CONNTRACK_NEW,
  NFNLGRP_CONNTRACK_UPDATE,
} from './constants.js';
import { ConntrackParser } from './parse.js';
import { tcpStates } from './tcp-states.js';
import type { Timeouts } from './timeouts.js';

/** NEW and UPDATE events have this type; NEW ones have NLM_F_CREATE (ctnetlink_conntrack_event). */
const CONNECTION = (NFNL_SUBSYS_CTNETLINK << 8) | IPCTNL_MSG_CT_NEW;
const EVENT_OCTETS = 2048;
const EVENTS_A_CALL = 256;

/**
 * Which events are wanted. tcp: beginnings and changes of TCP connections, for their handshakes and states. beginnings: those of
 * all connections, for a log of translations. all: of all connections, where the kernel does not stamp their starts.
 */
export type ChangesWanted = 'tcp' | 'beginnings' | 'all';

export interface ChangeCounters {
  events: number;
  /** Events that did not fit the buffer: handshake times and states, or entries of the log of translations, that are not known. */
  lost: number;
  malformed: number;
}

/**
 * The NEW and UPDATE events of ctnetlink, on a socket of their own and never reliable: what is lost here is no Flow. Without the
 * kernel's stamp of an event (Linux before 6.14, or nf_conntrack_timestamp off) its time is that of receipt, so it must not wait.
 */
export class ConntrackChanges {
  readonly counters: ChangeCounters = { events: 0, lost: 0, malformed: 0 };
  /** The last event had the kernel's stamp: events may wait. */
  isStamped = false;
  readonly #socket: NetlinkSocket;
  readonly #parser: ConntrackParser;
  readonly #reader: DatagramReader;
  #drops = 0;

  /** @param receiveBuffer octets */
  constructor(host: Host, timeouts: Timeouts, receiveBuffer: number, wanted: ChangesWanted) {
    this.#parser = new ConntrackParser(timeouts);
    this.#socket = host.netlink({
      protocol: NETLINK_NETFILTER,
      groups: wanted === 'beginnings' ? [NFNLGRP_CONNTRACK_NEW] : [NFNLGRP_CONNTRACK_NEW, NFNLGRP_CONNTRACK_UPDATE],
      receiveBuffer,
      reliable: false,
      batch: EVENTS_A_CALL,
      slotOctets: EVENT_OCTETS,
      ...(wanted === 'tcp' && { filter: tcpStates() }),
    });
    this.#reader = new DatagramReader(this.#socket);
  }

  get descriptor(): number {
    return this.#socket.descriptor;
  }

  /** Takes what waits, at most one batch. Returns the number of events. @param now wall clock, milliseconds */
  receive(sink: ChangeSink, now: number): number {
    const { messages } = this.#reader;
    const count = this.#reader.receive();
    for (let i = 0; i < count; i++) {
      this.#reader.select(i);
      while (messages.next()) this.#message(sink, now);
      if (messages.failed) this.counters.malformed++;
    }
    return count;
  }

  /** Brings `lost` up to date with the kernel's count of failed deliveries. */
  countDrops(): void {
    const drops = this.#socket.drops();
    this.counters.lost += (drops - this.#drops) >>> 0;
    this.#drops = drops;
  }

  close(): void {
    this.#socket.close();
  }

  #message(sink: ChangeSink, now: number): void {
    const { messages } = this.#reader;
    const { type, flags, start, end } = messages;
    if (type !== CONNECTION) return;
    this.counters.events++;
    if (!this.#parser.parse(this.#reader, start, end, false, now)) {
      this.counters.malformed++;
      return;
    }
    const { eventTime } = this.#parser;
    this.isStamped = eventTime > 0;
    const at = this.isStamped ? eventTime : now;
    if ((flags & NLM_F_CREATE) !== 0) sink.observeNew(this.#parser.observation, at);
    else sink.observeChange(this.#parser.observation, at);
  }
}
