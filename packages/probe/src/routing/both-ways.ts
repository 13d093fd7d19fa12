import { type FlowRecord, NAT_DESTINATION, SOURCE } from '../metering/flow-record.js';
import { ADDRESS_WORDS, compareWords, readAddress } from './address.js';
import type { InterfaceTable } from './interfaces.js';
import { A_FLAGS, A_INTERFACE, ANSWER_DEFAULT, ANSWER_LOCAL, ANSWER_REACHED, ANSWER_WORDS } from './route-answer.js';
import type { RouteCache } from './route-cache.js';
import * as Q from './route-question.js';
import type { RoutingTable } from './routing-table.js';
import { AF_INET, AF_INET6 } from './rtnetlink.js';

/** Each direction's answer depends on the interface of the other's; they agree after so many questions, or not at all. */
const ROUNDS = 3;
const LINK_LOCAL_PREFIX = 0xfe80 >>> 6;

/**
 * The ways of a Flow's two directions: forward to the destination after translation, because the kernel routes after
 * PREROUTING, with the source before translation, because it translates that in POSTROUTING; and back the other way round.
 */
export class BothWays {
  /** The answers of the last Flow; those of its source and destination as the router sees them. */
  readonly forward = new Uint32Array(ANSWER_WORDS);
  readonly back = new Uint32Array(ANSWER_WORDS);
  readonly source = new Uint32Array(ADDRESS_WORDS);
  readonly destination = new Uint32Array(ADDRESS_WORDS);
  ambiguous = 0;
  readonly #question = new Uint32Array(Q.QUESTION_WORDS);
  /** The answers of the best VRF so far: forward, back. */
  readonly #best = new Uint32Array(2 * ANSWER_WORDS);
  readonly #once = new Uint32Array(ANSWER_WORDS);
  #table: RoutingTable;
  #domains: number[] = [];
  #generation = -1;
  readonly #unmarked = new Uint32Array(ANSWER_WORDS);
  #mark = 0;
  #transport = 0;
  #forwardPorts = 0;
  #backPorts = 0;

  constructor(
    private readonly routes: RouteCache,
    private readonly v4: RoutingTable,
    private readonly v6: RoutingTable,
    private readonly interfaces: InterfaceTable,
  ) {
    this.#table = v4;
  }

  /** Fills `forward` and `back`. @returns false where neither is known */
  find(record: FlowRecord): boolean {
    this.#setFlow(record);
    const domain = this.#domains.length === 0 ? 0 : this.#chooseDomain();
    if (domain < 0) {
      this.ambiguous++;
      return false;
    }
    this.#askPlain(domain);
    const { usesSource, usesInput } = this.#table;
    if ((usesSource || usesInput) && !this.#agree(domain)) {
      this.ambiguous++;
      return false;
    }
    return ((this.forward[A_FLAGS] | this.back[A_FLAGS]) & ANSWER_REACHED) !== 0;
  }

  #setFlow(record: FlowRecord): void {
    const isV4 = record.family === 4;
    const octets = isV4 ? 4 : 16;
    this.#table = isV4 ? this.v4 : this.v6;
    readAddress(record.octets, record.place(SOURCE), octets, this.source, 0);
    readAddress(record.octets, record.place(NAT_DESTINATION), octets, this.destination, 0);
    this.#question[Q.Q_FAMILY] = isV4 ? AF_INET : AF_INET6;
    this.#mark = this.#table.usesMark ? record.mark : 0;
    this.#transport = this.#table.usesTransport ? record.protocol : 0;
    this.#forwardPorts = (record.sourcePort << 16) | record.natDestinationPort;
    this.#backPorts = (record.natDestinationPort << 16) | record.sourcePort;
    if (this.#generation === this.interfaces.generation) return;
    this.#generation = this.interfaces.generation;
    const vrfs = this.interfaces.list().filter(each => each.kind === 'vrf');
    this.#domains = vrfs.map(each => each.index);
  }

  /**
   * Connection tracking does not tell the VRF. It is the one that reaches both ends; one that reaches both by its default
   * route alone is one that reaches everything, and counts only where no other does.
   *
   * @returns index of the VRF, 0 for none, -1 where more than one could be meant
   */
  #chooseDomain(): number {
    let chosen = 0;
    let best = 0;
    let isAlone = true;
    for (let i = -1; i < this.#domains.length; i++) {
      const domain = i < 0 ? 0 : this.#domains[i];
      this.#askPlain(domain);
      const merit = this.#merit();
      // What a VRF's table does not know, the main one answers for it: that is the same way, not another.
      if (merit < best || merit === 0 || (merit === best && this.#isAsBest())) continue;
      isAlone = merit > best;
      if (!isAlone) continue;
      best = merit;
      chosen = domain;
      this.#best.set(this.forward);
      this.#best.set(this.back, ANSWER_WORDS);
    }
    return isAlone ? chosen : -1;
  }

  #merit(): number {
    const both = this.forward[A_FLAGS] & this.back[A_FLAGS];
    if ((both & ANSWER_REACHED) === 0) return 0;
    return (both & ANSWER_DEFAULT) === 0 ? 2 : 1;
  }

  #isAsBest(): boolean {
    return (
      compareWords(this.#best, 0, this.forward, 0, ANSWER_WORDS) === 0 &&
      compareWords(this.#best, ANSWER_WORDS, this.back, 0, ANSWER_WORDS) === 0
    );
  }

  /** By destination alone. */
  #askPlain(domain: number): void {
    this.#ask(this.destination, undefined, 0, domain, this.#forwardPorts, this.forward);
    this.#ask(this.source, undefined, 0, domain, this.#backPorts, this.back);
  }

  /** By everything that the rules look at, until the two directions agree. @returns false where they never do */
  #agree(domain: number): boolean {
    const { source, destination, forward, back } = this;
    for (let round = 0; round < ROUNDS; round++) {
      const changedForward = this.#askFrom(source, back, destination, domain, this.#forwardPorts, forward);
      const changedBack = this.#askFrom(destination, forward, source, domain, this.#backPorts, back);
      if (!changedForward && !changedBack) return true;
    }
    return false;
  }

  /** Asks for the way from an end whose own way is `origin`. @returns whether the answer changed */
  #askFrom(
    from: Uint32Array,
    origin: Uint32Array,
    to: Uint32Array,
    domain: number,
    ports: number,
    answer: Uint32Array,
  ): boolean {
    const isOwn = (origin[A_FLAGS] & ANSWER_LOCAL) !== 0;
    const input = isOwn ? 0 : origin[A_INTERFACE];
    // The kernel takes an IPv4 source that is not its own only together with an interface (ip_route_output_key_hash_rcu).
    const source = isOwn || input !== 0 ? from : undefined;
    this.#ask(to, source, input, input === 0 ? domain : 0, ports, this.#once);
    const changed = compareWords(this.#once, 0, answer, 0, ANSWER_WORDS) !== 0;
    answer.set(this.#once);
    return changed;
  }

  #ask(
    to: Uint32Array,
    source: Uint32Array | undefined,
    input: number,
    output: number,
    ports: number,
    answer: Uint32Array,
  ): void {
    const question = this.#question;
    question.set(to, Q.Q_DESTINATION);
    if (source === undefined) question.fill(0, Q.Q_SOURCE, Q.Q_SOURCE + ADDRESS_WORDS);
    else question.set(source, Q.Q_SOURCE);
    question[Q.Q_HAS_SOURCE] = source === undefined ? 0 : 1;
    question[Q.Q_INPUT] = input;
    question[Q.Q_OUTPUT] = output;
    question[Q.Q_PROTOCOL] = this.#transport;
    question[Q.Q_PORTS] = this.#transport === 0 ? 0 : ports;
    if (this.#isNobody(to)) answer.fill(0);
    else this.#askMarked(answer);
    if (this.#isLinkLocal(to) && (answer[A_FLAGS] & ANSWER_LOCAL) === 0)
      answer[A_INTERFACE] = this.#table.linkLocalInterface;
  }

  /**
   * Which of the packets had the connection's mark is not known. One that leads to a default route does not outweigh a longer
   * prefix without it: tables chosen by mark mostly hold the way out alone, and the mark is restored on what goes out.
   */
  #askMarked(answer: Uint32Array): void {
    const question = this.#question;
    question[Q.Q_MARK] = this.#mark;
    this.routes.ask(question, answer, 0);
    if (this.#mark === 0 || (answer[A_FLAGS] & ANSWER_DEFAULT) === 0) return;
    question[Q.Q_MARK] = 0;
    this.routes.ask(question, this.#unmarked, 0);
    if ((this.#unmarked[A_FLAGS] & (ANSWER_REACHED | ANSWER_DEFAULT)) === ANSWER_REACHED) answer.set(this.#unmarked);
  }

  /** The unspecified address, and groups: no neighbour and no route tells where those are. */
  #isNobody(address: Uint32Array): boolean {
    if (this.#question[Q.Q_FAMILY] === AF_INET) return address[0] === 0 || address[0] >= 0xe0000000;
    return address[0] >>> 24 === 0xff || (address[0] | address[1] | address[2] | address[3]) === 0;
  }

  /** fe80::/10: the same on every link, so that the kernel names the first one that it finds. */
  #isLinkLocal(address: Uint32Array): boolean {
    return this.#question[Q.Q_FAMILY] === AF_INET6 && address[0] >>> 22 === LINK_LOCAL_PREFIX;
  }
}
