import { countDrops, setReliableDelivery } from '../host/node-netlink.js';
import { BEAT, EVENT_DESCRIPTOR, TAKEN, TAKEN_AT_DROPS } from './control.js';
import type { Log } from './log.js';

const WATCH_MILLISECONDS = 1000;
/** A loop that does not move from one look to the next, so many times in a row, is stuck. */
const STUCK_LOOKS = 10;

/**
 * Takes reliable delivery away from a stuck loop, from outside of it: connections must not pile up in the kernel's table. Looks are
 * counted, and not time: after a stop of the whole process (SIGSTOP), or a step of the clock, no loop is stuck that moves.
 */
export class LoopWatch {
  #beat = -1;
  #still = 0;

  /** @param control words that the loop's thread shares */
  constructor(
    private readonly control: Int32Array,
    private readonly log: Log,
  ) {}

  /** It has not moved for some ten seconds. */
  get isStuck(): boolean {
    return this.#still >= STUCK_LOOKS;
  }

  start(): NodeJS.Timeout {
    return setInterval(() => this.look(), WATCH_MILLISECONDS);
  }

  look(): void {
    const beat = Atomics.load(this.control, BEAT);
    const descriptor = Atomics.load(this.control, EVENT_DESCRIPTOR) - 1;
    this.#still = beat === this.#beat ? this.#still + 1 : 0;
    this.#beat = beat;
    if (this.#still === STUCK_LOOKS && descriptor >= 0) this.#take(descriptor);
  }

  #take(descriptor: number): void {
    // What was not delivered up to here waits in the kernel; from here on it is lost.
    Atomics.store(this.control, TAKEN_AT_DROPS, countDrops(descriptor) | 0);
    setReliableDelivery(descriptor, false);
    Atomics.store(this.control, TAKEN, 1);
    this.log(
      'the metering loop is stuck: events that do not fit the buffer are dropped and counted now, so that connections do not pile up in the kernel',
      'error',
    );
  }
}
