import type { Mesh } from '../../mesh/mesh.js';
import type { StoreDoor } from '../door.js';
import { type Changes, type ChangesAsked, changesBetween, type StateThen, stateAt, thingsAt } from './reading.js';
import { type Series, type SeriesAsked, seriesOf } from './series.js';
import { flowSpans, lookSpans, type Spans, type SpansAsked } from './spans.js';
import { type KeptState, keepStatement } from './table.js';
import { thingsOf } from './things.js';

/** The history of meshes: what each of them was at any time. */
export class MeshHistory {
  readonly counters = { looks: 0 };
  readonly #door: StoreDoor;
  readonly #hasRollups: boolean;
  /** The newest state of each topology, as the table has it. */
  readonly #newest = new Map<string, KeptState>();
  #keeping: Promise<unknown> = Promise.resolve();

  /** @param hasRollups whether times of flows are in the tables of sums */
  constructor(door: StoreDoor, hasRollups: boolean) {
    this.#door = door;
    this.#hasRollups = hasRollups;
  }

  /**
   * Keeps that a look at the topology has found this mesh: what is different from before, exactly once. Where it throws nothing is known to be kept; call again
   * with what is the newest then.
   * @param at milliseconds since the epoch
   * @param seconds it holds so long, unless another comes
   * @param withClients whether addresses of clients are kept
   */
  keep(topology: string, mesh: Mesh, at: number, seconds: number, withClients: boolean): Promise<void> {
    const kept = this.#keeping.then(() => this.#keep(topology, thingsOf(mesh, withClients), at, seconds));
    this.#keeping = kept.catch(() => {});
    return kept;
  }

  async #keep(topology: string, things: KeptState['things'], at: number, seconds: number): Promise<void> {
    const before = this.#newest.get(topology) ?? (await this.#load(topology));
    // Times ascend, also where a clock is set back.
    const state = { topology, at: Math.max(Math.floor(at / 1000), (before?.at ?? 0) + 1), seconds, things };
    // Where this fails it is not known whether it is there: the table says so then.
    this.#newest.delete(topology);
    await this.#door.command(keepStatement(state, before));
    this.#newest.set(topology, state);
    this.counters.looks++;
  }

  async #load(topology: string): Promise<KeptState | undefined> {
    const found = await thingsAt(this.#door, topology, LATEST);
    return found === undefined ? undefined : { topology, at: found.seen, seconds: 0, things: found.things };
  }

  /** The state that held at a time, in milliseconds since the epoch; undefined where there is none yet. Routing tables are not kept. */
  stateAt(topology: string, at: number): Promise<StateThen | undefined> {
    return stateAt(this.#door, topology, at);
  }

  changes(asked: ChangesAsked): Promise<Changes> {
    return changesBetween(this.#door, asked);
  }

  series(asked: SeriesAsked): Promise<Series> {
    return seriesOf(this.#door, asked);
  }

  /** When topologies were seen, by their names. */
  looks(asked: SpansAsked): Promise<ReadonlyMap<string, Spans>> {
    return lookSpans(this.#door, asked);
  }

  /** When there were flows. */
  flows(asked: SpansAsked): Promise<Spans> {
    return flowSpans(this.#door, asked, this.#hasRollups);
  }
}

/** The engine's times end in 2106. */
const LATEST = 2 ** 32 - 1;
