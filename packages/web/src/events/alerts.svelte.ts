import { getAlerts, getMutes } from '../api/alerts.js';
import { getMe } from '../api/change.js';
import { Query } from '../api/query.svelte.js';
import type { AlertChannels, Mutes } from '../api/types.js';

export type AlertChannel = AlertChannels['channels'][number];
export type AlertEvent = AlertChannels['events'][number];
export type AlertRoute = AlertChannels['routes'][number];
export type Mute = Mutes['mutes'][number];

/** Milliseconds between two questions. */
const GAP = 5000;

/** Who is told of which events, what is muted, and whether the reader may change that. Made while a component is. */
export class Alerts {
  /** Counts what the reader has changed: all is asked again. */
  #changes = $state(0);
  readonly #told = new Query(() => ({ key: String(this.#changes), run: getAlerts }), GAP);
  readonly #muted = new Query(() => ({ key: String(this.#changes), run: getMutes }), GAP);
  readonly #me = new Query(() => ({ key: '', run: getMe }), GAP);
  readonly #events = $derived(new Map(this.#told.data?.events.map(event => [event.id, event])));

  get mayChange(): boolean {
    return this.#me.data?.role === 'operator';
  }

  /** Undefined until they are known. */
  get channels(): readonly AlertChannel[] | undefined {
    return this.#told.data?.channels;
  }

  get routes(): readonly AlertRoute[] {
    return this.#told.data?.routes ?? [];
  }

  get mutes(): readonly Mute[] | undefined {
    return this.#muted.data?.mutes;
  }

  /** Why it is not known. */
  get error(): unknown {
    return this.#told.error ?? this.#muted.error;
  }

  of(id: string): AlertEvent | undefined {
    return this.#events.get(id);
  }

  refresh(): void {
    this.#told.refresh();
    this.#muted.refresh();
  }

  /** Does something, and asks for what has become of it. @throws ApiError where it is refused */
  async change<T>(action: () => Promise<T>): Promise<T> {
    const done = await action();
    this.#changes++;
    return done;
  }
}
