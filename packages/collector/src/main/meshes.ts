import type { CauseRow } from '../analysis/events/causes.js';
import type { MeshPlace } from '../analysis/events/event.js';
import type { MapSettings } from '../config/options/map.js';
import type { LinkRate, MeshContext, MeshMoment } from '../http/mesh/context.js';
import type { MeshEvent, Topology } from '../http/types.js';
import type { Mesh } from '../mesh/mesh.js';
import type { MeshHistory } from '../store/mesh/history.js';
import { isHost } from '../store/mesh/things.js';
import type { Topologies } from '../store/mesh/topologies.js';
import type { Step } from '../store/rollup/step.js';

/** What looks at the topologies. */
export interface Looking {
  statuses(): readonly Topology[];
}

/** What links carry, by their ids. */
export type Links = ReadonlyMap<string, LinkRate>;

/** What is known of loads. */
export interface KnownLoads {
  /** What links carried in a time. */
  readonly rates: (topology: string, from: number, to: number) => Promise<Links>;
  /** Milliseconds by which they are behind the records that are stored; infinite where nobody makes them. */
  readonly behindOf: (topology: string) => number;
  /** What of the records of some batches lies at a place: of a gateway what comes into the mesh, else what leaves it. */
  readonly rowsAt: (place: MeshPlace, isIn: boolean, step: Step) => Promise<CauseRow[]>;
}

export interface MeshesOptions {
  readonly settings: MapSettings;
  readonly history: MeshHistory;
  /** Seconds between two looks. */
  readonly interval: number;
  /** Takes lines for people. */
  readonly log: (line: string) => void;
}

/** A state that is known to have held from `at` until then. */
interface PastState extends MeshMoment {
  readonly topology: string;
  readonly until: number;
}

/** A look holds so many times its interval: one may fail, or be late, before it is a gap. */
const HOLDS = 2.5;
/** States of the past of each topology in memory, so that they are the same objects when they are asked for again. */
const REMEMBERED = 8;

/** The meshes as they are, on their way into the history, and as they were. */
export class Meshes implements MeshContext, Topologies {
  readonly settings: MapSettings;
  readonly history: MeshHistory;
  readonly #options: MeshesOptions;
  readonly #newest = new Map<string, MeshMoment>();
  /** When the last look was that is in the history. */
  readonly #kept = new Map<string, number>();
  readonly #past: PastState[] = [];
  readonly #listeners = new Set<(event: MeshEvent) => void>();
  #looking: Looking = { statuses: () => [] };
  #loads: KnownLoads = {
    rates: async () => new Map(),
    behindOf: () => Number.POSITIVE_INFINITY,
    rowsAt: async () => [],
  };
  #problem: string | undefined;
  #keeping: Promise<void> | undefined;

  constructor(options: MeshesOptions) {
    this.#options = options;
    this.settings = options.settings;
    this.history = options.history;
  }

  /** From now on these are the sources. */
  attach(looking: Looking): void {
    this.#looking = looking;
  }

  /** From now on these are the loads. */
  measure(loads: KnownLoads): void {
    this.#loads = loads;
  }

  topologies(): readonly Topology[] {
    return this.#looking.statuses();
  }

  names(): readonly string[] {
    return this.topologies().map(({ name }) => name);
  }

  newest(topology: string): MeshMoment | undefined {
    return this.#newest.get(topology);
  }

  rates(topology: string, from: number, to: number): Promise<Links> {
    return this.#loads.rates(topology, from, to);
  }

  behindOf(topology: string): number {
    return this.#loads.behindOf(topology);
  }

  rowsAt(place: MeshPlace, isIn: boolean, step: Step): Promise<CauseRow[]> {
    return this.#loads.rowsAt(place, isIn, step);
  }

  onChange(listener: (event: MeshEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A look has found another state than the one before. @param at milliseconds since the epoch */
  changed(topology: string, mesh: Mesh, at: number): void {
    const [before, now] = [this.#newest.get(topology), Math.floor(at / 1000) * 1000];
    if (before !== undefined) this.#remember({ topology, ...before, until: now });
    this.#newest.set(topology, { mesh, at: now });
    this.#tell(topology, true);
  }

  /** There are new loads. */
  loaded(topology: string): void {
    this.#tell(topology, false);
  }

  #tell(topology: string, state: boolean): void {
    const at = this.#newest.get(topology)?.at ?? Date.now();
    for (const listener of this.#listeners) listener({ topology, state, at });
  }

  /**
   * The state that held at a time, the newest where nothing is known of that time: the same object for the same state. What the history does not
   * keep, routes and clients, is that of now.
   */
  async meshAt(topology: string, at: number): Promise<Mesh | undefined> {
    const newest = this.#newest.get(topology);
    if (newest !== undefined && at >= newest.at) return newest.mesh;
    const past = this.#past.filter(each => each.topology === topology);
    const known = past.find(each => each.at <= at && at < each.until);
    if (known !== undefined) return known.mesh;
    const found = await this.history.stateAt(topology, at);
    if (found === undefined) return newest?.mesh;
    const same = past.find(each => each.at === found.at);
    if (same !== undefined) return same.mesh;
    const mesh = withPresent(found.mesh, newest?.mesh, this.settings.mapClients);
    this.#remember({ topology, mesh, at: found.at, until: at + 1 });
    return mesh;
  }

  #remember(state: PastState): void {
    this.#past.push(state);
    if (this.#past.length > REMEMBERED * Math.max(1, this.#newest.size)) this.#past.shift();
  }

  /** Brings what was seen since the last time into the history. Called again and again: what fails now is tried with the next. */
  async keep(): Promise<void> {
    await (this.#keeping ??= this.#keepAll().finally(() => {
      this.#keeping = undefined;
    }));
  }

  async #keepAll(): Promise<void> {
    try {
      for (const { name, readAt } of this.topologies()) {
        const newest = this.#newest.get(name);
        if (newest === undefined || readAt === undefined || readAt <= (this.#kept.get(name) ?? 0)) continue;
        const seconds = Math.ceil(this.#options.interval * HOLDS);
        await this.history.keep(name, newest.mesh, readAt, seconds, this.settings.mapClients);
        this.#kept.set(name, readAt);
      }
      this.#problem = undefined;
    } catch (error) {
      const problem = `the history of the mesh is not kept now, trying on: ${(error as Error).message}`;
      if (problem !== this.#problem) this.#options.log(problem);
      this.#problem = problem;
    }
  }
}

/** A state of the past, with what of it is not kept as it is now. */
function withPresent(then: Mesh, now: Mesh | undefined, hasClients: boolean): Mesh {
  if (now === undefined) return then;
  const ids = new Set(then.nodes.map(({ id }) => id));
  const routes = now.routes.filter(({ at, via }) => ids.has(at) && ids.has(via));
  if (hasClients) return { ...then, routes };
  const clients = new Map(now.nodes.map(({ id, networks }) => [id, networks.filter(isHost)]));
  const nodes = then.nodes.map(node => ({ ...node, networks: [...node.networks, ...(clients.get(node.id) ?? [])] }));
  return { ...then, nodes, routes };
}
