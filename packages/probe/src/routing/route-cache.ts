import { type Host, type NetlinkSocket, SystemError } from '../host/host.js';
import { NLMSG_ERROR } from '../netlink/messages.js';
import { DatagramReader } from '../netlink/reader.js';
import { A_FLAGS, ANSWER_WORDS, RouteAnswer } from './route-answer.js';
import { Q_DESTINATION, Q_FAMILY, Q_HAS_SOURCE, Q_SOURCE, QUESTION_WORDS, RouteQuestion } from './route-question.js';
import type { RoutingTable } from './routing-table.js';
import { AF_INET, NETLINK_ROUTE, RTM_NEWROUTE } from './rtnetlink.js';
import { WordMap } from './word-map.js';

/** A route of some 200 ways has an answer of this length; one that is cut off counts as malformed. */
const ANSWER_OCTETS = 8192;

export interface RouteCounters {
  /** Questions that a former answer answered, and those that the kernel was asked. */
  hits: number;
  lookups: number;
  /** The kernel knew no way. */
  unreachable: number;
  /** The kernel did not answer, or not in a way that could be read. */
  failures: number;
  /** The cache was full and has been emptied. */
  overflows: number;
}

/** Asks the kernel for routes, on a socket that serves nothing else, and keeps the answers until clear(). */
export class RouteCache {
  readonly counters: RouteCounters = { hits: 0, lookups: 0, unreachable: 0, failures: 0, overflows: 0 };
  readonly #socket: NetlinkSocket;
  readonly #reader: DatagramReader;
  readonly #request = new RouteQuestion();
  readonly #answer = new RouteAnswer();
  readonly #answers: WordMap;
  readonly #key = new Uint32Array(QUESTION_WORDS);
  #sequence = 0;

  /** @param capacity answers */
  constructor(
    host: Host,
    private readonly v4: RoutingTable,
    private readonly v6: RoutingTable,
    capacity: number,
  ) {
    this.#answers = new WordMap(capacity, QUESTION_WORDS, ANSWER_WORDS);
    this.#socket = host.netlink({
      protocol: NETLINK_ROUTE,
      groups: [],
      receiveBuffer: 0,
      reliable: false,
      batch: 1,
      slotOctets: ANSWER_OCTETS,
    });
    this.#reader = new DatagramReader(this.#socket);
  }

  clear(): void {
    this.#answers.clear();
  }

  /** Puts the answer into target[at, at + ANSWER_WORDS). */
  ask(question: Uint32Array, target: Uint32Array, at: number): void {
    this.#setKey(question);
    let entry = this.#answers.find(this.#key);
    if (entry >= 0) this.counters.hits++;
    else if (this.#askKernel(question)) entry = this.#keep();
    else {
      target.fill(0, at, at + ANSWER_WORDS);
      return;
    }
    const from = entry * ANSWER_WORDS;
    for (let i = 0; i < ANSWER_WORDS; i++) target[at + i] = this.#answers.values[from + i];
  }

  close(): void {
    this.#socket.close();
  }

  #setKey(question: Uint32Array): void {
    const key = this.#key;
    for (let i = 0; i < QUESTION_WORDS; i++) key[i] = question[i];
    const table = question[Q_FAMILY] === AF_INET ? this.v4 : this.v6;
    table.keyOf(question, Q_DESTINATION, key, Q_DESTINATION);
    if (question[Q_HAS_SOURCE] !== 0) table.keyOf(question, Q_SOURCE, key, Q_SOURCE);
  }

  #keep(): number {
    if (this.#answers.size === this.#answers.capacity) {
      this.counters.overflows++;
      this.#answers.clear();
    }
    const entry = this.#answers.add(this.#key);
    this.#answers.values.set(this.#answer.words, entry * ANSWER_WORDS);
    return entry;
  }

  /** The kernel answers within send() (netlink_rcv_skb), so that there is nothing to wait for. @returns whether it did */
  #askKernel(question: Uint32Array): boolean {
    this.counters.lookups++;
    this.#sequence = (this.#sequence + 1) >>> 0;
    try {
      this.#socket.send(this.#request.encode(question, this.#sequence));
    } catch (error) {
      // Metering goes on without this path.
      if (!(error instanceof SystemError)) throw error;
    }
    while (this.#reader.receive() > 0) {
      const { messages } = this.#reader;
      this.#reader.select(0);
      while (messages.next()) if (messages.sequence === this.#sequence && this.#take()) return true;
    }
    this.counters.failures++;
    return false;
  }

  /** @returns whether the message is an answer */
  #take(): boolean {
    const { type } = this.#reader.messages;
    if (type === NLMSG_ERROR) {
      this.#answer.words.fill(0);
      this.counters.unreachable++;
      return true;
    }
    if (type !== RTM_NEWROUTE || !this.#answer.read(this.#reader)) return false;
    if (this.#answer.words[A_FLAGS] === 0) this.counters.unreachable++;
    return true;
  }
}
