import type { EventChange, TrafficEvent } from '../analysis/events/event.js';

/** What a channel has told of an event. */
export interface Told {
  /** Milliseconds since the epoch. */
  at: number;
  /** How far it was from what is usual, in its unit. */
  distance: number;
  /** That it is over; or nobody is to be told any more. */
  ended: boolean;
}

/** Who has seen it and is looking after it: no reminders. */
export interface Acknowledgement {
  readonly by: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly comment?: string;
}

/** An event, until everybody has been told that it is over. */
export interface Entry {
  event: TrafficEvent;
  /** When it was first heard of, and when it last changed. */
  since: number;
  changed: number;
  acknowledged?: Acknowledgement;
  /** By the name of the channel. */
  told: Record<string, Told>;
}

/** Events at a time: what is unusual a thousand times over is not read one by one. */
const MOST_ENTRIES = 1000;

/**
 * The events of which people are told: not a queue of messages, but what is so, and what each channel has told of it. What there is to
 * tell follows from both (`news.ts`), however long a receiver was away, and the same after a restart.
 */
export class Board {
  readonly #entries: Map<string, Entry>;
  /** Something is not in the file yet. */
  isChanged = false;

  /** @param overflow called for each event that there is no room for, with the names of channels that were not told it all */
  constructor(
    entries: readonly Entry[],
    readonly channels: readonly string[],
    readonly overflow: (channels: readonly string[]) => void,
    readonly most = MOST_ENTRIES,
  ) {
    this.#entries = new Map(entries.map(entry => [entry.event.id, entry]));
    this.#forgetSettled();
  }

  get entries(): readonly Entry[] {
    return [...this.#entries.values()];
  }

  get(id: string): Entry | undefined {
    return this.#entries.get(id);
  }

  take({ what, event }: EventChange, now: number): void {
    const known = this.#entries.get(event.id);
    if (known !== undefined) {
      known.event = event;
      known.changed = now;
    } else if (what === 'ended') {
      return;
    } else if (this.#hasRoom()) {
      this.#entries.set(event.id, { event, since: now, changed: now, told: {} });
    } else {
      this.overflow(this.channels);
      return;
    }
    this.isChanged = true;
    this.#forgetSettled(event.id);
  }

  /** A channel has told of an event as it was. */
  settle(channel: string, { id, end }: TrafficEvent, told: Omit<Told, 'ended'>): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    entry.told[channel] = { ...told, ended: end !== undefined };
    this.isChanged = true;
    this.#forgetSettled(id);
  }

  /** @returns undefined where there is no such event */
  acknowledge(id: string, acknowledged: Acknowledgement | undefined): Entry | undefined {
    const entry = this.#entries.get(id);
    if (entry === undefined || entry.event.end !== undefined) return undefined;
    if (acknowledged === undefined) delete entry.acknowledged;
    else entry.acknowledged = acknowledged;
    this.isChanged = true;
    return entry;
  }

  /** Where all places are taken, what is over goes first. */
  #hasRoom(): boolean {
    if (this.#entries.size < this.most) return true;
    const over = this.entries.find(({ event }) => event.end !== undefined);
    if (over === undefined) return false;
    this.#entries.delete(over.event.id);
    this.overflow(this.channels.filter(name => !over.told[name]?.ended));
    return true;
  }

  #forgetSettled(id?: string): void {
    for (const each of id === undefined ? this.#entries.keys() : [id]) {
      const { event, told } = this.#entries.get(each)!;
      if (event.end !== undefined && this.channels.every(name => told[name]?.ended)) this.#entries.delete(each);
    }
  }
}
