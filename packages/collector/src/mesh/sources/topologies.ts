import type { Topology } from '../../http/types.js';
import type { Mesh } from '../mesh.js';
import type { TopologyAddress } from './place.js';
import { TopologySource } from './topology-source.js';

export interface TopologyEvents {
  /** The topology `name` has become this. `at` is when the look began, a whole second, in milliseconds since the epoch. */
  onState(name: string, mesh: Mesh, at: number): void;
  log(line: string): void;
}

const MOST_PATIENCE = 30_000;

/** Looks at all topologies in their rhythm, at each one look at a time. */
export class TopologySources {
  readonly #sources: readonly TopologySource[];
  readonly #interval: number;
  readonly #events: TopologyEvents;
  readonly #now: () => number;
  readonly #stop = new AbortController();
  #loops: readonly Promise<void>[] = [];

  /** @param interval seconds between two looks */
  constructor(
    addresses: readonly TopologyAddress[],
    interval: number,
    events: TopologyEvents,
    { now = Date.now, patience = MOST_PATIENCE }: { now?: () => number; patience?: number } = {},
  ) {
    this.#interval = interval * 1000;
    const times = { interval: this.#interval, patience, now };
    this.#sources = addresses.map(address => new TopologySource(address, times));
    this.#events = events;
    this.#now = now;
  }

  start(): void {
    this.#loops = this.#sources.map(source => this.#watch(source));
  }

  /** Ends looks that are under way. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#loops);
  }

  statuses(): Topology[] {
    return this.#sources.map(source => source.status());
  }

  /** The last good state; the same object as long as nothing has changed. */
  mesh(name: string): Mesh | undefined {
    return this.#sources.find(source => source.name === name)?.mesh;
  }

  async #watch(source: TopologySource): Promise<void> {
    const { signal } = this.#stop;
    let planned = this.#now();
    while (!signal.aborted) {
      await this.#look(source);
      // By the plan, not by when the look ended, so that times are regular; looks that would be late are left out.
      const missed = Math.max(0, Math.floor((this.#now() - planned) / this.#interval));
      planned += (missed + 1) * this.#interval;
      await pause(planned - this.#now(), signal);
    }
  }

  async #look(source: TopologySource): Promise<void> {
    const at = Math.floor(this.#now() / 1000) * 1000;
    const before = source.problem;
    const changed = await source.look(this.#stop.signal);
    const { name, problem, mesh } = source;
    if (problem !== before) this.#events.log(`topology ${name}: ${problem ?? 'it can be read again'}`);
    if (changed && mesh !== undefined) this.#events.onState(name, mesh, at);
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done, { once: true });
    function done() {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
  });
}
