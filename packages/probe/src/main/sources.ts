import { type ChangesWanted, ConntrackChanges } from '../conntrack/changes.js';
import { ConntrackEvents } from '../conntrack/events.js';
import { ConntrackSweep } from '../conntrack/sweep.js';
import { Timeouts } from '../conntrack/timeouts.js';
import type { Host } from '../host/host.js';
import type { ChangeSink, ObservationSink } from '../metering/source.js';
import { dumpFilter } from '../selecting/dump-filter.js';
import type { KeyTest } from '../selecting/key-test.js';
import { socketFilter } from '../selecting/socket-filter.js';

/** Batches of NEW and UPDATE events taken before the ends get their turn. */
const BATCHES_OF_CHANGES = 64;
/** The kernel tries again ten times a second to deliver what it keeps (ECACHE_RETRY_JIFFIES): after so long without a failure it keeps nothing. */
const DELIVERED_MILLISECONDS = 2000;

export interface SourceOptions {
  /** Octets of receive buffer of each event socket. */
  readonly eventBuffer: number;
  readonly reliable: boolean;
  /** Milliseconds. */
  readonly activeTimeout: number;
  /** Events of beginnings and changes, where they are wanted. */
  readonly changes: ChangesWanted | undefined;
  /** What can be left out by the Flow Key, in the kernel already. */
  readonly key: KeyTest;
}

/** All that tells of connections: the events of their ends, those of their beginnings and changes, and the sweep over those that live. */
export class Sources {
  readonly events: ConntrackEvents;
  readonly changes: ConntrackChanges | undefined;
  readonly sweep: ConntrackSweep;
  readonly #timeouts = new Timeouts();
  #isDrained = false;
  #lastDeferral = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly host: Host,
    { eventBuffer, reliable, activeTimeout, changes, key }: SourceOptions,
  ) {
    this.reloadTimeouts();
    // The listeners first, the kernel's table after: what ends in between is seen twice rather than never.
    const filter = key.kind === 'always' ? undefined : socketFilter(key);
    this.events = new ConntrackEvents(host, this.#timeouts, eventBuffer, reliable, filter);
    this.changes = changes && new ConntrackChanges(host, this.#timeouts, eventBuffer, changes);
    this.sweep = new ConntrackSweep(host, this.#timeouts, activeTimeout, dumpFilter(key), () => this.endsAreIn());
  }

  /** File descriptors that become readable when something has happened. */
  get descriptors(): number[] {
    const { changes, events } = this;
    return changes === undefined ? [events.descriptor] : [events.descriptor, changes.descriptor];
  }

  /** Events may wait and gather: the kernel stamps those whose time matters. */
  get mayWait(): boolean {
    return this.changes === undefined || this.changes.isStamped;
  }

  /** Takes a batch of ends, before them what waits of changes: what is known of a connection is to be there when it ends. @returns ends taken */
  receive(sink: ObservationSink & ChangeSink): number {
    const now = this.host.clock.wall();
    for (let batch = 0; batch < BATCHES_OF_CHANGES; batch++) if (!this.changes?.receive(sink, now)) break;
    const ends = this.events.receive(sink, now);
    this.#isDrained = ends === 0;
    return ends;
  }

  countDrops(): void {
    const { deferred } = this.events.counters;
    this.events.countDrops();
    if (this.events.counters.deferred > deferred) this.#lastDeferral = this.host.clock.monotonic();
    this.changes?.countDrops();
  }

  reloadTimeouts(): void {
    this.#timeouts.reload(path => this.host.readText(path));
  }

  /** Have the events of all ends been taken? None waits in the socket, and none for its redelivery. */
  endsAreIn(): boolean {
    this.countDrops();
    return this.#isDrained && this.host.clock.monotonic() - this.#lastDeferral > DELIVERED_MILLISECONDS;
  }

  close(): void {
    this.events.close();
    this.changes?.close();
    this.sweep.close();
  }
}
