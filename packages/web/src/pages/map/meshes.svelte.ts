import { untrack } from 'svelte';
import { ApiError } from '../../api/client.js';
import { coalesce } from '../../api/coalesce.js';
import { goLogIn } from '../../api/ended.js';
import { getMeshChanges, getMeshLoads, getMeshState } from '../../api/mesh.js';
import type { MeshLoads, MeshState } from '../../api/types.js';
import type { MeshParts } from '../../map/mesh.js';
import { Follower, type Sources } from './follower.js';

const SOURCES: Sources = { state: getStateThen, changes: getMeshChanges, loads: getMeshLoads };

/** Before the first look at a topology nothing of it is there, which is no error. */
async function getStateThen(topology: string, at: number | undefined, signal: AbortSignal): Promise<MeshState> {
  try {
    return await getMeshState(topology, at, signal);
  } catch (error) {
    const isBefore = at !== undefined && error instanceof ApiError && error.status === 404;
    if (!isBefore) throw error;
    return { topology, at, nodes: [], links: [] };
  }
}

/** Milliseconds between two looks at what is newest, and until a hand rests. */
const GAP = 5000;
const REST = 100;

interface Choice {
  names(): readonly string[];
  /** Undefined is now. */
  time(): number | undefined;
  playing(): boolean;
  /** Milliseconds that are made ready ahead of the time. */
  ahead(): number;
  now(): number;
  isPublic(): boolean;
}

/** The topologies that are shown, at the time that is shown. Made while a component is. */
export class Meshes {
  parts = $state.raw<MeshParts[]>([]);
  loads = $state.raw<MeshLoads[]>([]);
  /** What went wrong with a topology. */
  problem = $state.raw<{ topology: string; error: unknown }>();
  /** Every topology that is asked for has been answered, or refused. */
  ready = $state(false);
  readonly #followers = new Map<string, Follower>();

  readonly #choice: Choice;
  readonly #newest = coalesce(
    async () => void (await Promise.all([...this.#followers.values()].map(one => this.#ask(one)))),
    GAP,
  );

  constructor(choice: Choice) {
    this.#choice = choice;
    $effect(() => {
      const wanted = choice.names();
      untrack(() => this.#keep(wanted));
    });
    $effect(() => {
      choice.time();
      choice.ahead();
      // A hand that draws the handle along asks when it rests.
      const timer = setTimeout(() => this.#go(), choice.playing() ? 0 : REST);
      return () => clearTimeout(timer);
    });
    $effect(() => () => {
      this.#newest.stop();
      for (const follower of this.#followers.values()) follower.stop();
    });
  }

  /** Something has come in: what is live asks again. */
  refresh(): void {
    if (this.#choice.time() === undefined) this.#newest.trigger();
  }

  #keep(wanted: readonly string[]): void {
    for (const [name, follower] of this.#followers) {
      if (wanted.includes(name)) continue;
      follower.stop();
      this.#followers.delete(name);
    }
    for (const name of wanted) {
      if (this.#followers.has(name)) continue;
      const follower = new Follower(name, SOURCES, () => this.#take());
      this.#followers.set(name, follower);
      void this.#ask(follower);
    }
    this.#take();
  }

  #go(): void {
    for (const follower of this.#followers.values()) void this.#ask(follower);
  }

  #ask(follower: Follower): Promise<void> {
    const { time, now, isPublic, ahead } = this.#choice;
    const at = time();
    return at === undefined ? follower.live(now(), isPublic()) : follower.goTo(at, ahead());
  }

  #take(): void {
    const followers = [...this.#followers.values()];
    this.parts = followers.flatMap(({ parts }) => parts ?? []);
    this.loads = followers.flatMap(({ loads }) => loads ?? []);
    const failed = followers.find(({ problem }) => problem !== undefined);
    this.problem = failed && { topology: failed.topology, error: failed.problem };
    this.ready = followers.every(({ parts, problem }) => parts !== undefined || problem !== undefined);
    // The map is not for everybody, or a session has ended: log in, and come back.
    if (failed?.problem instanceof ApiError && failed.problem.status === 401) goLogIn();
  }
}
