import type { ConntrackEvents } from '../conntrack/events.js';
import { readTableNumber } from '../conntrack/table-fill.js';
import type { Host } from '../host/host.js';
import type { Log } from './log.js';

/** Reliable delivery is given up above this share of the connection table, and taken up again below the lower one. */
const GIVE_UP_FILL = 0.9;
const TAKE_UP_FILL = 0.7;

/**
 * Connections whose DESTROY event waits for redelivery keep their place in the kernel's table (nf_ct_delete,
 * nf_conntrack_ecache_work). A reader that cannot keep up would fill the table and stop the router's traffic: then losing
 * records, counted, is the lesser evil.
 */
export class ReliabilityGuard {
  /** Connections in the kernel's table at the last check, and its limit. */
  entries = 0;
  limit = 0;
  #deferred = 0;
  #gaveUp = false;

  constructor(
    private readonly host: Host,
    private readonly events: ConntrackEvents,
    private readonly log: Log,
  ) {}

  check(): void {
    this.entries = readTableNumber(this.host, 'nf_conntrack_count');
    this.limit = readTableNumber(this.host, 'nf_conntrack_max');
    const fill = this.limit === 0 ? 0 : this.entries / this.limit;
    const { deferred } = this.events.counters;
    const rising = deferred > this.#deferred;
    this.#deferred = deferred;
    if (this.events.isReliable && rising && fill > GIVE_UP_FILL) {
      this.#gaveUp = true;
      this.events.setReliable(false);
      this.log(
        'the connection table is almost full while events wait: they are dropped and counted now, to keep traffic flowing',
        'warning',
      );
    } else if (this.#gaveUp && fill < TAKE_UP_FILL) {
      this.#gaveUp = false;
      this.events.setReliable(true);
      this.log('the connection table has room: events are delivered reliably again');
    }
  }

  /** The loop was stuck, and reliable delivery has been taken away from it at this count of failed deliveries. */
  tookReliability(drops: number): void {
    if (!this.events.isReliable) return;
    this.events.tookReliability(drops);
    this.#deferred = this.events.counters.deferred;
    this.#gaveUp = true;
    this.log('the metering loop moves again');
  }
}
