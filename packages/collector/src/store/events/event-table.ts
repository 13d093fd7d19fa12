import type { TrafficEvent } from '../../analysis/events/event.js';
import type { OpenEvent } from '../../analysis/events/journal.js';
import type { StoreDoor } from '../door.js';
import { rowsOf } from '../rows.js';
import { type EventsAsked, hasEvents, insertEvents, type KeptEvent, selectEvents, selectOpen } from './table.js';

/** Events of one statement: the engine takes 256 KiB of text. */
const AT_ONCE = 100;

/** The events of all collectors, what became of each. */
export class EventTable {
  readonly #door: StoreDoor;
  readonly #collector: number;
  #version = 0;

  /** @param collector the number of this one */
  constructor(door: StoreDoor, collector: number) {
    this.#door = door;
    this.#collector = collector;
  }

  /** Keeps what has become of events; twice the same is once. @throws WeirError where the engine does not take it */
  async keep(events: readonly KeptEvent[]): Promise<void> {
    // Ascends also within a millisecond, and where the clock is set back.
    this.#version = Math.max(this.#version + 1, Date.now());
    for (let i = 0; i < events.length; i += AT_ONCE)
      await this.#door.command(insertEvents(events.slice(i, i + AT_ONCE), this.#collector, this.#version));
  }

  /** Those that went on at some time of the interval, the newest first. */
  async list(asked: EventsAsked): Promise<TrafficEvent[]> {
    if ((await rowsOf(this.#door, hasEvents)).length === 0) return [];
    const rows = await rowsOf<{ event: string }>(this.#door, ...selectEvents(asked));
    return rows.map(({ event }) => JSON.parse(event) as TrafficEvent);
  }

  /** Those of this collector that had not ended. */
  async open(): Promise<OpenEvent[]> {
    const rows = await rowsOf<{ event: string; state: string }>(this.#door, selectOpen(this.#collector), {});
    return rows.map(({ event, state }) => ({ ...JSON.parse(state), event: JSON.parse(event) }) as OpenEvent);
  }
}
