import type { Host, NetlinkSocket } from '../host/host.js';
import { DatagramReader } from '../netlink/reader.js';
import type { InterfaceTable } from './interfaces.js';
import type { Neighbours } from './neighbours.js';
import { GROUPS, NETLINK_ROUTE, RTM_DELLINK, RTM_DELNEIGH, RTM_NEWLINK, RTM_NEWNEIGH } from './rtnetlink.js';

const RECEIVE_BUFFER = 1_048_576;
const EVENT_OCTETS = 8192;
const EVENTS_A_CALL = 64;
/** Batches taken at once, so that a storm of changes does not keep the caller. */
const BATCHES = 64;

export interface RoutingEventCounters {
  events: number;
  /** Events that the kernel could not deliver; everything is to be read anew then. */
  dropped: number;
  malformed: number;
}

/** The events of rtnetlink, on a socket of their own: keeps interfaces and neighbours, and tells when routes may have changed. */
export class RoutingEvents {
  readonly counters: RoutingEventCounters = { events: 0, dropped: 0, malformed: 0 };
  /** False where events were lost, until load() has made up for them. */
  isComplete = false;
  readonly #socket: NetlinkSocket;
  readonly #reader: DatagramReader;
  #drops = 0;

  constructor(
    host: Host,
    private readonly interfaces: InterfaceTable,
    private readonly neighbours: Neighbours,
  ) {
    this.#socket = host.netlink({
      protocol: NETLINK_ROUTE,
      groups: GROUPS,
      receiveBuffer: RECEIVE_BUFFER,
      reliable: false,
      batch: EVENTS_A_CALL,
      slotOctets: EVENT_OCTETS,
    });
    this.#reader = new DatagramReader(this.#socket);
  }

  /** Takes the events that wait. @returns whether routes may have changed */
  take(): boolean {
    let changed = false;
    for (let i = 0; i < BATCHES; i++) {
      const count = this.#reader.receive();
      for (let datagram = 0; datagram < count; datagram++) if (this.#datagram(datagram)) changed = true;
      if (count < EVENTS_A_CALL) break;
    }
    const drops = this.#socket.drops();
    if (drops !== this.#drops) {
      this.counters.dropped += (drops - this.#drops) >>> 0;
      this.#drops = drops;
      this.isComplete = false;
      changed = true;
    }
    return changed;
  }

  /** Reads interfaces and neighbours anew. */
  load(): void {
    this.isComplete = this.interfaces.load() && this.neighbours.load();
  }

  close(): void {
    this.#socket.close();
  }

  #datagram(datagram: number): boolean {
    const { messages } = this.#reader;
    let changed = false;
    this.#reader.select(datagram);
    while (messages.next()) {
      this.counters.events++;
      if (this.#message()) changed = true;
    }
    if (messages.failed) this.counters.malformed++;
    return changed;
  }

  #message(): boolean {
    const { type } = this.#reader.messages;
    if (type === RTM_NEWLINK || type === RTM_DELLINK) return this.interfaces.apply(this.#reader);
    if (type !== RTM_NEWNEIGH && type !== RTM_DELNEIGH) return true;
    this.neighbours.apply(this.#reader);
    return false;
  }
}
