import type { Hop } from '../paths/paths.js';
import { anchorsOf, type Direction, type Ends, endsOf, fromOn, linkOf } from './direction.js';
import type { Group, Reason } from './group.js';
import { backOf, faceOf, type Located, locate } from './located.js';
import { type Piece, piecesOf } from './pieces.js';
import type { Sums } from './sums.js';
import type { View } from './view.js';
import { type Anchor, measured, rememberedWalk, type Walk } from './walk.js';
import { type Next, unknown, type Way, Ways } from './ways.js';

/** Puts traffic on the links of a topology. Remembers what exporters have told, because their reports of the same traffic come at different times. */
export class Attribution {
  readonly #ways = new Ways();
  /** The way that traffic took, and what it was worked out of. */
  readonly #walks = new WeakMap<Way, { basis: readonly unknown[]; walk: Walk | undefined }>();

  /**
   * Adds groups to sums. What they tell of who has seen what counts for all of them.
   * @param viewOf the state of the topology that a group is of; undefined where there is none
   * @param received the minute until which they were received: what ended later did so by a wrong clock
   */
  add(groups: readonly Group[], viewOf: (group: Group) => View | undefined, sums: Sums, received: number): void {
    const located = groups.flatMap(group => {
      const view = viewOf(group);
      return view === undefined ? [] : [locate(view, group)];
    });
    for (const each of located) this.#noteNeighbour(each, Math.min(each.group.end, received));
    for (const each of located) this.#note(each, Math.min(each.group.end, received));
    for (const each of located) this.#load(each, sums);
  }

  #noteNeighbour({ view, exporter, group, next, source, destination, from, to }: Located, at: number): void {
    this.#ways.pass(at);
    if (exporter < 0) return;
    const id = view.idOf(exporter);
    if (next.node !== '')
      for (const via of [faceOf(group.egress), group.destinationMac]) this.#ways.leads(id, via, next);
    const ofItself = (node: number, address: string) => node === exporter && view.places.isOwn(address);
    if (!ofItself(source, from) && !ofItself(destination, to)) this.#ways.forwards(id, at);
  }

  #note(located: Located, at: number): void {
    const { view, exporter, group, next, from, to, there, back } = located;
    if (from === '' && to === '') return;
    if (exporter < 0) {
      for (const key of [there, back]) this.#ways.wayOf(key)?.touch(at);
      return;
    }
    const id = view.idOf(exporter);
    if (group.octets + group.packets > 0) this.#ways.note(there, id, next, at);
    if (group.reverseOctets + group.reversePackets > 0) this.#ways.note(back, id, backOf(located, this.#ways), at);
  }

  #load(located: Located, sums: Sums): void {
    const { group, source, destination, lost } = located;
    const pieces = piecesOf(group);
    const there = this.#ways.wayOf(located.there);
    const back = this.#ways.wayOf(located.back);
    const { octets, packets, reverseOctets, reversePackets } = group;
    // Written out: spread objects cost several times as much, and this is done for each group.
    const forward: Direction = { octets, packets, source, destination, way: there, opposite: back, next: located.next };
    const reverse: Direction = {
      octets: reverseOctets,
      packets: reversePackets,
      source: destination,
      destination: source,
      way: back,
      opposite: there,
      next: located.exporter < 0 ? unknown : backOf(located, this.#ways),
    };
    const reason = reasonOf(located);
    if (reason !== undefined || lost !== undefined) {
      this.#loadNowhere(located, [forward, reverse], reason ?? `unknown ${lost!}`, { sums, pieces });
      return;
    }
    for (const direction of [forward, reverse])
      if (direction.octets + direction.packets > 0) this.#loadDirection(located, direction, { sums, pieces });
  }

  #loadDirection(located: Located, direction: Direction, to: Target): void {
    const { view, group, exporter } = located;
    const ends = endsOf(view, direction);
    const walk = ends.from < 0 || ends.to < 0 ? undefined : this.#walkOf(located, direction, ends);
    if (walk === undefined) {
      const reason = ends.from < 0 ? 'unknown source' : ends.to < 0 ? 'unknown destination' : 'no path';
      if (!group.duplicate) to.sums.addUnplaced(reason, direction.octets, to.pieces);
      this.#loadMeasured(located, direction, to);
      return;
    }
    const hops = exporter < 0 && group.duplicate ? undefined : walk.told.get(exporter);
    if (hops !== undefined) addHops(located, hops, direction, to);
    if (group.duplicate) return;
    const { source, destination, octets } = direction;
    to.sums.addEnd(view.idOf(ends.from), source < 0 ? 'in' : 'sent', octets, to.pieces);
    to.sums.addEnd(view.idOf(ends.to), destination < 0 ? 'out' : 'received', octets, to.pieces);
  }

  /** The way of a group's own records: where others of the same addresses went elsewhere, from its exporter on by itself. */
  #walkOf(located: Located, direction: Direction, ends: Ends): Walk | undefined {
    const { exporter, view } = located;
    const own = exporter < 0 ? undefined : direction.way?.exporters.get(view.idOf(exporter));
    const differs = own !== undefined && direction.next.node !== '' && direction.next.node !== own.node;
    if (!differs) {
      const common = this.#commonWalk(view, direction, ends);
      if (own === undefined || common === undefined || common.nodes.has(exporter)) return common;
    }
    const anchors = anchorsOf(view, direction);
    const { next } = direction;
    if (differs) anchors.set(exporter, { next: view.indexOf(next.node), link: linkOf(view, next), tells: true });
    const walk = differs ? this.#walk(view, direction, ends, anchors) : undefined;
    return walk?.nodes.has(exporter) === true ? walk : this.#walk(view, direction, ends, fromOn(anchors, exporter));
  }

  /** The way of all that goes from an address to another; it is worked out again when something else is known of it. */
  #commonWalk(view: View, direction: Direction, ends: Ends): Walk | undefined {
    const { way, opposite } = direction;
    if (way === undefined) return this.#walk(view, direction, ends, anchorsOf(view, direction));
    const awaits = way.isYoung(this.#ways.now) ? this.#ways.forwarding : -1;
    const basis = [view, ends.from, ends.to, way.exporters, opposite?.exporters, awaits];
    const known = this.#walks.get(way);
    if (known?.basis.every((each, i) => each === basis[i])) return known.walk;
    const walk = this.#walk(view, direction, ends, anchorsOf(view, direction));
    this.#walks.set(way, { basis, walk });
    return walk;
  }

  #walk(view: View, { way, opposite }: Direction, ends: Ends, anchors: ReadonlyMap<number, Anchor>): Walk | undefined {
    const avoided = new Set<number>();
    for (const id of opposite?.exporters.keys() ?? []) {
      const node = view.indexOf(id);
      if (node >= 0 && way?.has(id) !== true && !anchors.has(node)) avoided.add(node);
    }
    const isYoung = way?.isYoung(this.#ways.now) === true;
    const awaited = (node: number) => isYoung && this.#ways.isForwarding(view.idOf(node)) && !avoided.has(node);
    return rememberedWalk(view, { ...ends, anchors, avoided, awaited }, isYoung ? this.#ways.forwarding : -1);
  }

  /** Traffic from or to nobody knows where: what exporters have measured on their links counts all the same. */
  #loadNowhere(located: Located, directions: readonly Direction[], reason: Reason, to: Target): void {
    const octets = directions.reduce((sum, direction) => sum + direction.octets, 0);
    if (!located.group.duplicate) to.sums.addUnplaced(reason, octets, to.pieces);
    for (const direction of directions) this.#loadMeasured(located, direction, to);
    const [forward, reverse] = directions as [Direction, Direction];
    this.#loadOtherEnd(located, forward.next, reverse, to);
    this.#loadOtherEnd(located, reverse.next, forward, to);
  }

  /** The link to the next hop. */
  #loadMeasured(located: Located, direction: Direction, to: Target): void {
    const { view, exporter } = located;
    const next = view.indexOf(direction.next.node);
    if (exporter < 0 || next < 0) return;
    const hop = measured(view, exporter, next, linkOf(view, direction.next));
    if (hop !== undefined) addHops(located, [hop], direction, to);
  }

  /** What comes from a neighbour, where no exporter there tells of it. */
  #loadOtherEnd(located: Located, { node, link }: Next, direction: Direction, to: Target): void {
    const { view, exporter } = located;
    const neighbour = view.indexOf(node);
    if (exporter < 0 || neighbour < 0 || this.#ways.isForwarding(node)) return;
    const hop = measured(view, neighbour, exporter, linkOf(view, { node, link }));
    if (hop !== undefined) addHops(located, [hop], direction, to);
  }
}

interface Target {
  readonly sums: Sums;
  readonly pieces: readonly Piece[];
}

function addHops({ group }: Located, hops: readonly Hop[], { octets, packets }: Direction, to: Target): void {
  to.sums.addHops(hops, group.class, octets, packets, to.pieces);
}

function reasonOf({ source, destination }: Located): Reason | undefined {
  return source < 0 && destination < 0 ? 'unknown source' : undefined;
}
