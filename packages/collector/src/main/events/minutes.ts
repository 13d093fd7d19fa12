import type { MeshPlace } from '../../analysis/events/event.js';
import { type FlowMeasure, flowMeasures, type WatchedMeasure } from '../../analysis/events/measures.js';
import type { Store } from '../../store/client.js';
import { type MinutesAsked, minuteValues } from '../../store/events/minute-values.js';
import { type MinuteLoads, minuteLoads } from '../../store/mesh/minute-loads.js';
import type { Thing } from './things.js';

const MINUTE = 60_000;
const DAY = 86_400_000;
/** Milliseconds that are asked for at once of many things, so that no answer is long; and of one: the answers of the store are bounded. */
export const AT_ONCE = DAY;
const OF_ONE = 10 * DAY;

/** What a thing had minute by minute, by its measures: NaN where nothing is known of it. */
export type Columns = ReadonlyMap<WatchedMeasure, readonly number[]>;

/** What is read of a thing: all that is watched of it, or one measure. */
export interface Read {
  readonly thing: Thing;
  readonly measure?: WatchedMeasure;
}

export interface MinutesOptions {
  readonly store: Store;
  readonly localNetworks: readonly string[];
  /** Whether somebody looked in a minute. */
  readonly isWatched: (minute: number) => boolean;
}

/**
 * The minutes of things as they are in the store. Who watches, who chooses parameters and who looks what would have been told read them here, so that
 * they see the same.
 */
export class Minutes {
  readonly #options: MinutesOptions;

  constructor(options: MinutesOptions) {
    this.#options = options;
  }

  /**
   * @param from whole minutes
   * @throws FilterError, WeirError
   */
  async read(asked: readonly Read[], from: number, to: number): Promise<Columns[]> {
    const found = new Map<Read, Columns>();
    await this.#readFlows(asked, from, to, found);
    await this.#readMeshes(asked, from, to, found);
    return asked.map(each => found.get(each)!);
  }

  async #readFlows(reads: readonly Read[], from: number, to: number, found: Map<Read, Columns>): Promise<void> {
    const { store, localNetworks } = this.#options;
    const flows = reads.filter(({ thing }) => thing.place === undefined);
    if (flows.length === 0) return;
    const measures = measuresOfReads(flows);
    const filters = flows.map(({ thing }) => thing.filter);
    const asked = { from, to, localNetworks };
    // With everything they are one question, else two.
    const place = measures.indexOf('flows');
    const values = await minuteValues(store, { ...asked, measures, filters: place < 0 ? filters : [...filters, ''] });
    const all = place < 0 ? await this.#allFlows(asked) : values.at(-1)![place]!;
    const isKnown = this.#knownBy(all, from);
    for (const [i, read] of flows.entries()) {
      const columns = measures.map((measure, j) => [measure, masked(values[i]![j]!, isKnown)] as const);
      found.set(read, new Map(columns));
    }
  }

  async #allFlows(asked: Omit<MinutesAsked, 'filters' | 'measures'>): Promise<readonly number[]> {
    const [[all] = []] = await minuteValues(this.#options.store, { ...asked, filters: [''], measures: ['flows'] });
    return all!;
  }

  async #readMeshes(asked: readonly Read[], from: number, to: number, found: Map<Read, Columns>): Promise<void> {
    const placed = asked.flatMap(read => (read.thing.place === undefined ? [] : [{ read, place: read.thing.place }]));
    for (const topology of new Set(placed.map(({ place }) => place.topology))) {
      const here = placed.filter(({ place }) => place.topology === topology);
      const links = here.flatMap(({ place }) => ('link' in place ? [place.link] : []));
      const nodes = here.flatMap(({ place }) => ('node' in place ? [place.node] : []));
      const loads = await minuteLoads(this.#options.store, { topology, from, to, links: [...new Set(links)], nodes });
      const isKnown = this.#knownBy(loads.placed, from);
      for (const { read, place } of here) {
        const columns = columnsAt(place, loads).map(([measure, column]) => [measure, masked(column, isKnown)] as const);
        found.set(read, new Map(columns));
      }
    }
  }

  /** A minute in which nothing at all is stored, and nobody looked, is one in which nobody stored. */
  #knownBy(all: readonly number[], from: number): (minute: number) => boolean {
    return minute => all[minute]! > 0 || this.#options.isWatched(from + minute * MINUTE);
  }
}

function measuresOfReads(reads: readonly Read[]): readonly FlowMeasure[] {
  if (reads.some(({ measure }) => measure === undefined)) return flowMeasures;
  return flowMeasures.filter(each => reads.some(({ measure }) => measure === each));
}

function columnsAt(place: MeshPlace, loads: MinuteLoads): (readonly [WatchedMeasure, readonly number[]])[] {
  const nothing = loads.placed.map(() => 0);
  if ('link' in place) return [['load', loads.links.get(place.link)?.[place.direction] ?? nothing]];
  const node = loads.nodes.get(place.node);
  return [
    ['in', node?.in ?? nothing],
    ['out', node?.out ?? nothing],
  ];
}

function masked(column: readonly number[], isKnown: (minute: number) => boolean): number[] {
  return column.map((value, minute) => (isKnown(minute) ? value : Number.NaN));
}

/** All of a long time, in parts. @throws FilterError, WeirError */
export async function readAll(minutes: Minutes, { thing, measure }: Required<Read>, from: number, to: number) {
  const values = new Float64Array(Math.max(0, (to - from) / MINUTE));
  for (let begin = from; begin < to; begin += OF_ONE) {
    const [columns] = await minutes.read([{ thing, measure }], begin, Math.min(begin + OF_ONE, to));
    values.set(columns!.get(measure)!, (begin - from) / MINUTE);
  }
  return values;
}
