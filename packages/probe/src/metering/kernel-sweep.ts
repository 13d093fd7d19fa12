import type { KernelDoor } from './kernel-door.js';
import { Pace } from './pace.js';

/** Connections that a step always visits: a small table in one go. */
const FREE = 1024;
/** Connections between two looks at what the programs have written: at most so many, and so large a share of the ring's room. */
const AT_ONCE = 4096;
const SHARE_OF_RING = 0.5;

/**
 * Walks over all connections in the kernel once per active timeout, in steps, so that the work and the interim reports are spread
 * evenly over time. The programs decide which connection is due, and write its report.
 */
export class KernelSweep {
  sweeps = 0;
  isActive = false;
  /** Connections that the last complete sweep visited. */
  connections = 0;
  readonly #pace = new Pace();
  readonly #atOnce: number;
  #visited = 0;

  /** @param now monotonic clock, as `interval` in milliseconds */
  constructor(
    private readonly door: KernelDoor,
    private readonly now: () => number,
    public interval: number,
  ) {
    this.#atOnce = Math.max(1, Math.min(AT_ONCE, Math.floor(door.records.capacity * SHARE_OF_RING)));
  }

  /** @param expected connections that there are now */
  begin(expected: number): void {
    this.door.beginSweep();
    this.isActive = true;
    this.#visited = 0;
    this.#pace.begin(this.now(), Math.max(expected, this.connections));
  }

  /** Visits as many connections as are due by now. @param mayGoOn asked before each step: is there room for what it writes? */
  step(mayGoOn: () => boolean): void {
    while (this.isActive && this.#isDue() && mayGoOn()) this.visit();
  }

  /** Visits some connections: as many as can be reported while the ring is at most a quarter full. */
  visit(): void {
    const visited = this.door.stepSweep(this.#atOnce);
    this.#visited += visited;
    if (visited > 0) return;
    this.isActive = false;
    this.sweeps++;
    this.connections = this.#visited;
  }

  #isDue(): boolean {
    return this.#visited < FREE || this.#pace.isDue(this.now(), this.#visited, this.interval);
  }
}
