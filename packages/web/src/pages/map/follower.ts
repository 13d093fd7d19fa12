import type { MeshChanges, MeshLoads, MeshState } from '../../api/types.js';
import type { MeshParts } from '../../map/mesh.js';
import { loadStep } from './timebar.js';
import { Timeline } from './timeline.js';

/** What is asked of the collector. */
export interface Sources {
  state(topology: string, at: number | undefined, signal: AbortSignal): Promise<MeshState>;
  changes(
    topology: string,
    span: { from: number; to: number; step: number },
    signal: AbortSignal,
  ): Promise<MeshChanges>;
  loads(topology: string, span: { from: number; to: number; step: number }, signal: AbortSignal): Promise<MeshLoads>;
}

/** Steps of loads that are asked for at a time, and milliseconds of them that are looked at when the map is live. */
const STEPS = 30;
const LIVE_LOADS = 5 * 60_000;
const LIVE_LOADS_PUBLIC = 20 * 60_000;

/**
 * One topology at the time that the map shows: asks for what is missing, ahead of time while it plays. An answer that comes when
 * something else has been asked since is thrown away.
 */
export class Follower {
  parts: MeshParts | undefined;
  loads: MeshLoads | undefined;
  /** Why there is no answer. */
  problem: unknown;
  #timeline: Timeline | undefined;
  /** Milliseconds that `loads` are of. */
  #loaded = { from: 0, to: 0 };
  #going = new AbortController();
  #busy = false;
  /** The time that is shown, and the one whose state was asked for last; milliseconds. */
  #wanted = 0;
  #asked = 0;

  constructor(
    readonly topology: string,
    private readonly sources: Sources,
    private readonly changed: () => void,
  ) {}

  /** The newest there is. */
  async live(now: number, isPublic: boolean): Promise<void> {
    const signal = this.#begin();
    this.#timeline = undefined;
    this.#asked = now;
    const minute = 60_000;
    const to = Math.ceil(now / minute) * minute;
    const from = to - (isPublic ? LIVE_LOADS_PUBLIC : LIVE_LOADS);
    await this.#try(signal, async () => {
      const [state, loads] = await Promise.all([
        this.sources.state(this.topology, undefined, signal),
        this.sources.loads(this.topology, { from, to, step: isPublic ? 300 : 60 }, signal),
      ]);
      signal.throwIfAborted();
      this.parts = state;
      this.#loaded = { from, to };
      this.loads = loads;
    });
  }

  /** The mesh at a time, with what comes in the next `ahead` milliseconds made ready. */
  async goTo(time: number, ahead: number): Promise<void> {
    this.#wanted = time;
    if (this.#timeline?.reaches(time)) {
      if (this.#timeline.advance(time)) {
        this.parts = this.#timeline.state;
        this.changed();
      }
      await this.#prepare(time, ahead);
      return;
    }
    // While an answer is waited for, playing goes on, and must not ask anew each time: it is caught up with below.
    const since = time - this.#asked;
    if (this.#busy && this.#timeline === undefined && since >= 0 && since < ahead) return;
    const signal = this.#begin();
    this.#timeline = undefined;
    this.#asked = time;
    await this.#try(signal, async () => {
      const [state] = await Promise.all([
        this.sources.state(this.topology, time, signal),
        this.#load(time, ahead, signal),
      ]);
      signal.throwIfAborted();
      this.#timeline = new Timeline(state, time);
      this.parts = state;
    });
    await this.#prepare(time, ahead);
    if (this.#wanted !== time && this.#going.signal === signal && !signal.aborted) await this.goTo(this.#wanted, ahead);
  }

  stop(): void {
    this.#going.abort();
  }

  #begin(): AbortSignal {
    this.#going.abort();
    this.#going = new AbortController();
    return this.#going.signal;
  }

  /** Half of what lies ahead is used up: asks for the next. */
  async #prepare(time: number, ahead: number): Promise<void> {
    const timeline = this.#timeline;
    if (this.#busy || timeline === undefined || ahead <= 0) return;
    const signal = this.#going.signal;
    const missing = timeline.until < time + ahead / 2;
    const unloaded = this.#loaded.to < time + ahead / 2 || this.#loaded.from > time;
    if (!missing && !unloaded) return;
    await this.#try(signal, async () => {
      if (missing) await this.#learn(timeline, time + ahead, ahead, signal);
      if (unloaded) await this.#load(time, ahead, signal);
    });
  }

  async #learn(timeline: Timeline, to: number, ahead: number, signal: AbortSignal): Promise<void> {
    for (let more = true; more && timeline.until < to; ) {
      // Changes in steps that the eye can follow: a fifth of a second of playing.
      const step = Math.max(1, Math.round(ahead / 100_000));
      const answer = await this.sources.changes(this.topology, { from: timeline.until, to, step }, signal);
      signal.throwIfAborted();
      more = answer.more && answer.changes.length > 0;
      timeline.know(answer, more ? answer.changes.at(-1)!.at : to);
    }
  }

  async #load(time: number, ahead: number, signal: AbortSignal): Promise<void> {
    const length = Math.max(ahead, 15 * 60_000);
    const step = loadStep(length, STEPS);
    const from = Math.floor(time / 1000 / step) * step * 1000;
    const to = from + Math.ceil(length / 1000 / step) * step * 1000;
    const loads = await this.sources.loads(this.topology, { from, to, step }, signal);
    signal.throwIfAborted();
    this.#loaded = { from, to };
    this.loads = loads;
  }

  async #try(signal: AbortSignal, run: () => Promise<void>): Promise<void> {
    this.#busy = true;
    try {
      await run();
      this.problem = undefined;
    } catch (error) {
      if (signal.aborted) return;
      this.problem = error;
    } finally {
      if (!signal.aborted) this.#busy = false;
    }
    if (!signal.aborted) this.changed();
  }
}
