import type { Hop } from '../paths/paths.js';
import { anchorsOf, type Direction, type Ends, endsOf, fromOn, linkOf } from './direction.js';
import type { Group, Reason } from './group.js';
import { backOf, faceOf, type Located, locate } from './located.js';
import { type Piece, piecesOf } from './pieces.js';
import type { Sums } from './sums.js';
import type { View } from './view.js';
import { type Anchor, measured, rememberedWalk, type ToldHop } from './walk.js';
import { type Next, unknown, Ways } from './ways.js';

/** Puts traffic on the links of a topology. Remembers what exporters have told, because their reports of the same traffic come at different times. */
export class Attribution {
  readonly #ways = new Ways();

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
    const { view, exporter, group, next, from, to } = located;
    if (from === '' && to === '') return;
    const [there, back] = [`${from} ${to}`, `${to} ${from}`];
    if (exporter < 0) {
      for (const key of [there, back]) this.#ways.wayOf(key)?.touch(at);
      return;
    }
    const id = view.idOf(exporter);
    if (group.octets + group.packets > 0) this.#ways.note(there, id, next, at);
    if (group.reverseOctets + group.reversePackets > 0) this.#ways.note(back, id, backOf(located, this.#ways), at);
  }

  #load(located: Located, sums: Sums): void {
    const { group, source, destination, from, to, lost } = located;
    const pieces = piecesOf(group);
    const [there, back] = [this.#ways.wayOf(`${from} ${to}`), this.#ways.wayOf(`${to} ${from}`)];
    const forward: Direction = {
      ...{ octets: group.octets, packets: group.packets, source, destination },
      ...{ way: there, opposite: back, next: located.next },
    };
    const reverse: Direction = {
      ...{ octets: group.reverseOctets, packets: group.reversePackets, source: destination, destination: source },
      ...{ way: back, opposite: there, next: located.exporter < 0 ? unknown : backOf(located, this.#ways) },
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
    const hops = ends.from < 0 || ends.to < 0 ? undefined : this.#hopsOf(located, direction, ends);
    if (hops === undefined) {
      const reason = ends.from < 0 ? 'unknown source' : ends.to < 0 ? 'unknown destination' : 'no path';
      if (!group.duplicate) to.sums.addUnplaced(reason, direction.octets, to.pieces);
      this.#loadMeasured(located, direction, to);
      return;
    }
    for (const { hop, teller } of hops) {
      const counts = teller < 0 ? exporter < 0 && !group.duplicate : teller === exporter;
      if (counts) addHop(located, hop, direction, to);
    }
    if (group.duplicate) return;
    const { source, destination, octets } = direction;
    to.sums.addEnd(view.idOf(ends.from), source < 0 ? 'in' : 'sent', octets, to.pieces);
    to.sums.addEnd(view.idOf(ends.to), destination < 0 ? 'out' : 'received', octets, to.pieces);
  }

  /** The way of a group's own records: where others of the same addresses went elsewhere, from its exporter on by itself. */
  #hopsOf(located: Located, direction: Direction, ends: Ends): readonly ToldHop[] | undefined {
    const { exporter, view } = located;
    const anchors = anchorsOf(view, direction);
    const own = anchors.get(exporter);
    const next = view.indexOf(direction.next.node);
    if (own !== undefined && next >= 0 && own.next !== next)
      anchors.set(exporter, { next, link: linkOf(view, direction.next), tells: true });
    const hops = this.#walk(view, direction, ends, anchors);
    if (own === undefined || hops === undefined || exporter === ends.from) return hops;
    if (hops.some(({ hop }) => hop.to === exporter)) return hops;
    return this.#walk(view, direction, ends, fromOn(anchors, exporter));
  }

  #walk(
    view: View,
    { way, opposite }: Direction,
    ends: Ends,
    anchors: ReadonlyMap<number, Anchor>,
  ): readonly ToldHop[] | undefined {
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
    if (hop !== undefined) addHop(located, hop, direction, to);
  }

  /** What comes from a neighbour, where no exporter there tells of it. */
  #loadOtherEnd(located: Located, { node, link }: Next, direction: Direction, to: Target): void {
    const { view, exporter } = located;
    const neighbour = view.indexOf(node);
    if (exporter < 0 || neighbour < 0 || this.#ways.isForwarding(node)) return;
    const hop = measured(view, neighbour, exporter, linkOf(view, { node, link }));
    if (hop !== undefined) addHop(located, hop, direction, to);
  }
}

interface Target {
  readonly sums: Sums;
  readonly pieces: readonly Piece[];
}

function addHop({ view, group }: Located, hop: Hop, { octets, packets }: Direction, { sums, pieces }: Target): void {
  sums.addHop(hop, view.mesh.links[hop.link]!.id, group.class, octets, packets, pieces);
}

function reasonOf({ source, destination }: Located): Reason | undefined {
  return source < 0 && destination < 0 ? 'unknown source' : undefined;
}
