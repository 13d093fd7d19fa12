import type { CauseRow } from '../../analysis/events/causes.js';
import type { MeshPlace } from '../../analysis/events/event.js';
import { Attribution } from '../../mesh/attribution/attribution.js';
import type { Group } from '../../mesh/attribution/group.js';
import { Sums } from '../../mesh/attribution/sums.js';
import { View } from '../../mesh/attribution/view.js';
import type { Mesh } from '../../mesh/mesh.js';
import type { StoreDoor } from '../door.js';
import { expire } from '../retention.js';
import { nextStep, timeOfBatch } from '../rollup/next-step.js';
import type { Step } from '../rollup/step.js';
import { parseRows, rowsOf } from '../rows.js';
import { type GroupRow, groupOf, groupsSql } from './groups.js';
import { createMeshJournal, insertMeshStep, selectMeshSteps } from './journal.js';
import type { MeshLoadsOptions } from './options.js';
import { placeRows } from './place-rows.js';
import { createLoads, createStep, loadTables } from './tables.js';
import { writeSums } from './writing.js';

/** What the store knows. */
interface Surroundings {
  /** All batches up to this one are in the table of Flow Records, or never will be. */
  readonly settled: () => bigint;
  /** Whether the engine has enough to do with what comes in. */
  readonly busy: () => boolean;
}

const PAUSE = 5000;
/** Looks that are left out at most while the engine is busy. */
const PATIENCE = 12;
/** Milliseconds between two lines that say how far old records are. */
const TELLING = 60_000;
/** Minutes whose records are put on links together: who has seen what holds for all of them. */
const TOGETHER = 5;

/** A topology that loads are made for. */
interface Layer {
  readonly name: string;
  readonly attribution: Attribution;
  /** Loads are made of all batches up to this one. */
  done: bigint;
  /** The last step, if it is not known to be done. */
  unsure: Step | undefined;
}

/** Keeps the sums of traffic on links up with the Flow Records: each record counts once, however often the engine or this process is killed. */
export class MeshLoads {
  readonly counters = { steps: 0, records: 0, groups: 0 };
  readonly #door: StoreDoor;
  readonly #options: MeshLoadsOptions & Surroundings;
  readonly #layers = new Map<string, Layer>();
  /** Of each state what was worked out of it. */
  readonly #views = new WeakMap<Mesh, View>();
  #timer: NodeJS.Timeout | undefined;
  #working: Promise<void> | undefined;
  #looks = 0;
  #told = 0;
  #closed = false;

  private constructor(door: StoreDoor, options: MeshLoadsOptions & Surroundings) {
    this.#door = door;
    this.#options = options;
  }

  /** Makes the tables where they are not there. */
  static async open(door: StoreDoor, options: MeshLoadsOptions & Surroundings): Promise<MeshLoads> {
    for (const statement of [createMeshJournal, createStep, ...loadTables.map(createLoads)])
      await door.command(statement);
    const days = options.keepMeshLoads;
    const ttl = days === undefined ? '' : `time + toIntervalDay(${days})`;
    await expire(door, new Map(loadTables.map(({ name }) => [name, ttl])));
    return new MeshLoads(door, options);
  }

  start(): void {
    this.#schedule(0);
  }

  /** Takes all that is settled. One call waits for the other. */
  async advance(): Promise<void> {
    const before = this.#working;
    this.#working = (before ?? Promise.resolve()).catch(() => {}).then(() => this.#advance());
    await this.#working;
  }

  /** Milliseconds by which the newest records that are settled are ahead of the loads of a topology; infinite where it could not be read yet. */
  behindOf(topology: string): number {
    const layer = this.#layers.get(topology);
    if (layer === undefined) return Number.POSITIVE_INFINITY;
    const settled = this.#options.settled();
    return layer.done >= settled ? 0 : Math.max(0, timeOfBatch(settled) - timeOfBatch(layer.done));
  }

  /** What of a step's traffic lies at a place. @param isIn of a gateway: what comes into the mesh, else what leaves it */
  rowsAt(place: MeshPlace, isIn: boolean, step: Step): Promise<CauseRow[]> {
    const received = Math.floor(timeOfBatch(step.to) / 60_000);
    return placeRows(this.#door, { place, isIn, step, received }, minute => this.#viewAt(place.topology, minute));
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#working?.catch(() => {});
  }

  #schedule(pause: number): void {
    this.#timer = setTimeout(() => void this.#work(), pause);
    this.#timer.unref();
  }

  async #work(): Promise<void> {
    try {
      if (!this.#options.busy() || ++this.#looks > PATIENCE) {
        this.#looks = 0;
        await this.advance();
      }
    } catch (error) {
      if (!this.#closed)
        this.#options.tell?.(`the loads of links cannot be kept up now, trying on: ${(error as Error).message}`);
    }
    if (!this.#closed) this.#schedule(this.#options.pause ?? PAUSE);
  }

  async #advance(): Promise<void> {
    const layers = await this.#readable();
    if (layers.length === 0) return;
    for (const layer of layers) if (layer.unsure !== undefined) await this.#take([layer], layer.unsure, true);
    while (!this.#closed) {
      const from = layers.reduce((least, { done }) => (done < least ? done : least), layers[0]!.done);
      const members = layers.filter(({ done }) => done === from);
      const ahead = layers.filter(({ done }) => done > from).map(({ done }) => done);
      const until = ahead.reduce((least, done) => (done < least ? done : least), this.#options.settled());
      const to = await nextStep(this.#door, from, until);
      if (to === undefined) {
        for (const layer of members) layer.done = until;
        if (ahead.length === 0) return;
        continue;
      }
      for (const layer of members) {
        await this.#door.command(insertMeshStep(layer.name, { from, to }));
        layer.unsure = { from, to };
      }
      await this.#take(members, { from, to }, false);
      this.#tellProgress(to);
    }
  }

  /** Records wait for a topology that could not be read yet. */
  async #readable(): Promise<readonly Layer[]> {
    const { topologies } = this.#options;
    const layers: Layer[] = [];
    for (const name of topologies.names()) {
      if ((await topologies.meshAt(name, Date.now())) === undefined) continue;
      if (!this.#layers.has(name)) await this.#addLayer(name);
      layers.push(this.#layers.get(name)!);
    }
    return layers;
  }

  async #addLayer(name: string): Promise<void> {
    const [row] = await rowsOf<{ start: string; end: string }>(this.#door, selectMeshSteps, { name });
    const last = row === undefined ? undefined : { from: BigInt(row.start), to: BigInt(row.end) };
    this.#layers.set(name, { name, attribution: new Attribution(), done: last?.to ?? 0n, unsure: last });
  }

  async #take(layers: readonly Layer[], step: Step, again: boolean): Promise<void> {
    const sums = layers.map(() => new Sums());
    let groups: Group[] = [];
    const flush = async () => {
      for (const [i, layer] of layers.entries()) await this.#attribute(layer, groups, sums[i]!, step.to);
      groups = [];
    };
    for await (const chunk of this.#door.stream(groupsSql(step), {})) {
      for (const row of parseRows<GroupRow>(chunk)) {
        const group = groupOf(row);
        const [last] = groups;
        if (last !== undefined && windowOf(last) !== windowOf(group)) await flush();
        groups.push(group);
        this.counters.records += Number(row.n);
        this.counters.groups++;
      }
    }
    await flush();
    for (const [i, layer] of layers.entries()) {
      await writeSums(this.#door, { topology: layer.name, batch: step.to, again }, sums[i]!);
      layer.unsure = undefined;
      layer.done = step.to;
      this.#options.onLoads?.(layer.name);
    }
    this.counters.steps++;
  }

  async #attribute({ name, attribution }: Layer, groups: readonly Group[], sums: Sums, batch: bigint): Promise<void> {
    const views = new Map<number, View | undefined>();
    for (const { end } of groups) if (!views.has(end)) views.set(end, await this.#viewAt(name, end));
    const received = Math.floor(timeOfBatch(batch) / 60_000);
    attribution.add(groups, ({ end }) => views.get(end), sums, received);
  }

  /** The state of a minute: that of its end. */
  async #viewAt(name: string, minute: number): Promise<View | undefined> {
    const mesh = await this.#options.topologies.meshAt(name, (minute + 1) * 60_000 - 1);
    if (mesh === undefined) return undefined;
    let view = this.#views.get(mesh);
    if (view === undefined) {
      view = new View(mesh, this.#options.rules);
      this.#views.set(mesh, view);
    }
    return view;
  }

  /** Says how far old records are, which may take hours. */
  #tellProgress(done: bigint): void {
    const now = Date.now();
    if (this.#told === 0) this.#told = now;
    if (now - this.#told < TELLING) return;
    this.#told = now;
    const until = new Date(timeOfBatch(done)).toISOString();
    this.#options.tell?.(`the loads of links are made of old records, up to those of ${until} now`);
  }
}

function windowOf({ end }: Group): number {
  return Math.floor(end / TOGETHER);
}
