import type { Host } from '../host/host.js';
import type { FlowRecord } from '../metering/flow-record.js';
import type { PathFinder } from '../metering/path-finder.js';
import { writeAddress } from './address.js';
import { BothWays } from './both-ways.js';
import { InterfaceTable } from './interfaces.js';
import * as P from './known-paths.js';
import { Neighbours, type NeighbourWatcher, writeMac } from './neighbours.js';
import { A_FLAGS, A_HOP, A_HOP_FAMILY, A_INTERFACE, ANSWER_HOP, ANSWER_ON_LINK } from './route-answer.js';
import { RouteCache, type RouteCounters } from './route-cache.js';
import { type RoutingEventCounters, RoutingEvents } from './routing-events.js';
import { RoutingTable } from './routing-table.js';
import { AF_INET, AF_INET6 } from './rtnetlink.js';

/** Reading routes and rules anew takes at most one part in so many of the time, and happens at most once a second. */
const LOAD_SHARE = 50;
const LOAD_MILLISECONDS = 1000;
/** Where it was in vain, mostly because the routes are too many, it is tried less and less often. */
const LONGEST_PAUSE_MILLISECONDS = 60_000;

/** Bounds of memory. */
export interface PathLimits {
  /** Routes of a family up to which the prefixes are read; with more, each address is looked up by itself. */
  readonly routes: number;
  /** Answers of the kernel that are kept. */
  readonly answers: number;
  /** Distinct paths that are kept, a power of two. */
  readonly paths: number;
}

const LIMITS: PathLimits = { routes: 65_536, answers: 32_768, paths: 16_384 };

export interface PathCounters extends RouteCounters, RoutingEventCounters {
  /** Flows whose path was asked for, and those of them of which nothing is known. */
  finds: number;
  unknown: number;
  /** Flows that more than one VRF could have carried, or whose two directions disagree. */
  ambiguous: number;
  /** Changes after which no former answer was used again. */
  invalidations: number;
  /** Times that routes and rules were read, and that this failed or found more than the limit. */
  loads: number;
  incompleteLoads: number;
  /** Neighbours for which there was no room. */
  neighbourOverflows: number;
  /** Flows whose path was so old that it is not kept any more. */
  forgottenPaths: number;
}

/**
 * The paths of Flows as the kernel would route them now, asked for by rtnetlink: the forward direction's destination after
 * translation for the egress, the reply's destination for the ingress. What the kernel alone knows of a packet (the choice
 * among several next hops, ToS, socket owner) is not guessed. Where a rule looks at the packet's mark, the connection's
 * mark is taken for it, as with `ct mark` saved and restored; a mark that a rule set sets on packets alone is not known here.
 */
export class KernelPaths implements PathFinder {
  readonly interfaces: InterfaceTable;
  readonly #neighbours: Neighbours;
  readonly #events: RoutingEvents;
  readonly #v4: RoutingTable;
  readonly #v6: RoutingTable;
  readonly #routes: RouteCache;
  readonly #ways: BothWays;
  readonly #known: P.KnownPaths;
  readonly #path = new Uint32Array(P.PATH_WORDS);
  readonly #counters = { finds: 0, unknown: 0, invalidations: 0, loads: 0, incompleteLoads: 0, forgottenPaths: 0 };
  #isLoaded = false;
  #nextLoad = 0;
  #pause = LOAD_MILLISECONDS;

  /** Joins the events of rtnetlink and reads everything once. @throws SystemError where rtnetlink is not to be had */
  constructor(
    private readonly host: Host,
    limits: PathLimits = LIMITS,
  ) {
    this.interfaces = new InterfaceTable(host);
    this.#neighbours = new Neighbours(host);
    // The listener first, the tables after: a change in between is seen twice rather than never.
    this.#events = new RoutingEvents(host, this.interfaces, this.#neighbours);
    this.#v4 = new RoutingTable(host, AF_INET, limits.routes);
    this.#v6 = new RoutingTable(host, AF_INET6, limits.routes);
    this.#routes = new RouteCache(host, this.#v4, this.#v6, limits.answers);
    this.#ways = new BothWays(this.#routes, this.#v4, this.#v6, this.interfaces);
    this.#known = new P.KnownPaths(limits.paths);
    this.#load();
  }

  get counters(): PathCounters {
    const malformed =
      this.#events.counters.malformed +
      this.interfaces.malformed +
      this.#neighbours.malformed +
      this.#v4.malformed +
      this.#v6.malformed;
    return {
      ...this.#counters,
      ...this.#routes.counters,
      ...this.#events.counters,
      malformed,
      ambiguous: this.#ways.ambiguous,
      neighbourOverflows: this.#neighbours.overflows,
    };
  }

  /** Tells of all neighbours, and from now on of each change. */
  watchNeighbours(watcher: NeighbourWatcher): void {
    this.#neighbours.watch(watcher);
  }

  /** Takes the changes that the kernel has told of. To be called at each pass of the loop, before find(). */
  update(): void {
    if (this.#events.take()) this.#invalidate();
    if (!this.#isLoaded && this.host.clock.monotonic() >= this.#nextLoad) this.#load();
  }

  find(record: FlowRecord): number {
    this.#counters.finds++;
    if (!this.#ways.find(record)) {
      this.#counters.unknown++;
      return 0;
    }
    const { forward, back } = this.#ways;
    const path = this.#path;
    const family = record.family === 4 ? AF_INET : AF_INET6;
    path[P.P_INGRESS] = back[A_INTERFACE];
    path[P.P_EGRESS] = forward[A_INTERFACE];
    path[P.P_HAS_HOP] = forward[A_HOP_FAMILY] === family ? 1 : 0;
    for (let i = 0; i < 4; i++) path[P.P_HOP + i] = path[P.P_HAS_HOP] === 0 ? 0 : forward[A_HOP + i];
    this.#setMac(back, family, this.#ways.source, P.P_SOURCE_MAC);
    this.#setMac(forward, family, this.#ways.destination, P.P_DESTINATION_MAC);
    path[P.P_VLANS] = (this.#vlan(path[P.P_INGRESS]) << 16) | this.#vlan(path[P.P_EGRESS]);
    return this.#known.numberOf(path);
  }

  describe(number: number, record: FlowRecord): void {
    const { words } = this.#known;
    const at = this.#known.find(number);
    if (at < 0) {
      if (number !== 0) this.#counters.forgottenPaths++;
      record.setInterfaces(0, 0);
      return;
    }
    const vlans = words[at + P.P_VLANS];
    record.setInterfaces(words[at + P.P_INGRESS], words[at + P.P_EGRESS]);
    if (words[at + P.P_HAS_HOP] !== 0) {
      record.hasNextHop = true;
      writeAddress(words, at + P.P_HOP, 16, record.nextHop, 0);
    }
    if (writeMac(words, at + P.P_SOURCE_MAC, record.sourceMac)) record.hasSourceMac = true;
    if (writeMac(words, at + P.P_DESTINATION_MAC, record.destinationMac)) record.hasDestinationMac = true;
    if (vlans === 0) return;
    record.ingressVlan = vlans >>> 16;
    record.egressVlan = vlans & 0xffff;
  }

  close(): void {
    this.#events.close();
    this.#routes.close();
  }

  #invalidate(): void {
    this.#counters.invalidations++;
    this.#routes.clear();
    this.#v4.suspectAll();
    this.#v6.suspectAll();
    this.#isLoaded = false;
  }

  #load(): void {
    const begun = this.host.clock.monotonic();
    this.#counters.loads++;
    if (!this.#events.isComplete) this.#events.load();
    const v4 = this.#v4.load();
    const v6 = this.#v6.load();
    this.#isLoaded = this.#events.isComplete && v4 && v6;
    if (!this.#isLoaded) this.#counters.incompleteLoads++;
    const now = this.host.clock.monotonic();
    this.#pause = this.#isLoaded ? LOAD_MILLISECONDS : Math.min(2 * this.#pause, LONGEST_PAUSE_MILLISECONDS);
    this.#nextLoad = now + Math.max(this.#pause, (now - begun) * LOAD_SHARE);
  }

  /** The neighbour that packets of this direction's end come from and go to: the next hop, or the end itself. */
  #setMac(answer: Uint32Array, family: number, end: Uint32Array, to: number): void {
    const link = answer[A_INTERFACE];
    const flags = link === 0 ? 0 : answer[A_FLAGS];
    if ((flags & ANSWER_HOP) !== 0) this.#neighbours.find(link, answer[A_HOP_FAMILY], answer, A_HOP, this.#path, to);
    else if ((flags & ANSWER_ON_LINK) !== 0) this.#neighbours.find(link, family, end, 0, this.#path, to);
    else this.#path.fill(0, to, to + 2);
  }

  #vlan(link: number): number {
    return link === 0 ? 0 : (this.interfaces.get(link)?.vlan ?? 0);
  }
}
