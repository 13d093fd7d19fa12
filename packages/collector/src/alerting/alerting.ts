import type { EventChange } from '../analysis/events/event.js';
import { WeirError } from '../error.js';
import { type Acknowledgement, Board, type Entry } from './board.js';
import { Channel, type ChannelStatus, type TestResult } from './channel.js';
import type { ChannelSettings, TellingSettings } from './channel-settings.js';
import { type Mute, type MutePattern, Mutes } from './mutes.js';
import type { AlertRoute } from './routes.js';
import { secretsOf } from './senders/open.js';
import { StateFile } from './state-file.js';

const LOOK_MILLISECONDS = 1000;
/** Between two attempts to write a file that could not be written. */
const WRITE_MILLISECONDS = 60_000;

export interface AlertingOptions {
  readonly channels: readonly ChannelSettings[];
  readonly mutes: readonly MutePattern[];
  readonly routes: readonly AlertRoute[];
  readonly telling: TellingSettings;
  /** Base of links to the pages, with a slash at its end. */
  readonly pages: string;
  /** Keeps mutes, and who was told of what. */
  readonly file: string;
  readonly log: (line: string) => void;
  /** For tests. */
  readonly patience?: number;
}

/** Tells people of events: by each channel what is new, grouped, not too often, and until it was taken. */
export class Alerting {
  readonly #board: Board;
  readonly #mutes: Mutes;
  readonly #channels: readonly Channel[];
  readonly #file: StateFile;
  readonly routes: readonly AlertRoute[];
  #timer: NodeJS.Timeout | undefined;
  #writeAt = 0;

  /** @throws WeirError where a file of a channel cannot be read */
  constructor({ channels, mutes, routes, telling, pages, file, log, patience }: AlertingOptions) {
    for (const settings of channels) checkFiles(settings);
    this.routes = routes;
    this.#file = new StateFile(file, log);
    const state = this.#file.read();
    this.#mutes = new Mutes(mutes, state.mutes);
    const names = channels.map(({ name }) => name);
    this.#board = new Board(state.events, names, dropping => {
      for (const channel of this.#channels) if (dropping.includes(channel.settings.name)) channel.drop();
    });
    const options = { board: this.#board, mutes: this.#mutes, routes, telling, pages, log };
    this.#channels = channels.map(
      settings => new Channel(settings, { ...options, ...(patience === undefined ? {} : { patience }) }),
    );
  }

  /** Begins to send, once a second what is due. */
  start(): void {
    this.#timer = setInterval(() => void this.look(Date.now()), LOOK_MILLISECONDS);
  }

  /** What was not told is told after the next start. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#channels.map(channel => channel.stop()));
    if (this.#board.isChanged) this.#write(Date.now());
  }

  tell(change: EventChange, now = Date.now()): void {
    this.#board.take(change, now);
  }

  /** Sends what is due, by all channels at once. */
  async look(now: number): Promise<void> {
    this.#keep(now);
    // Each by itself: who was told is not to be told again after a crash, however slow another receiver is.
    await Promise.all(this.#channels.map(channel => channel.look(now).then(() => this.#keep(now))));
  }

  channels(now: number): readonly ChannelStatus[] {
    return this.#channels.map(channel => channel.status(now));
  }

  /**
   * Sends a test message by one channel, or by all.
   * @throws WeirError where there is none
   */
  test(name: string | undefined, now: number): Promise<TestResult[]> {
    const chosen = this.#channels.filter(({ settings }) => name === undefined || settings.name === name);
    if (chosen.length > 0) return Promise.all(chosen.map(channel => channel.test(now)));
    const names = this.#channels.map(({ settings }) => settings.name).join(', ');
    throw new WeirError(
      names === ''
        ? 'no channel is configured: name one in weir.yaml with "alerts", as docs/how-to/be-told.md shows'
        : `there is no channel "${name}"; there are ${names}`,
    );
  }

  mutes(now: number): readonly Mute[] {
    return this.#mutes.list(now);
  }

  /** @throws WeirError */
  mute(
    pattern: MutePattern & { readonly until: number; readonly by: string; readonly comment?: string },
    now: number,
  ): Mute {
    const mute = this.#mutes.add(pattern, now);
    this.#write(now);
    return mute;
  }

  /** @returns whether there was one */
  unmute(id: string, now: number): boolean {
    const was = this.#mutes.remove(id);
    if (was) this.#write(now);
    return was;
  }

  /** The events of which people are told, each with the mutes by which they are not. */
  events(now: number): readonly { readonly entry: Entry; readonly mutes: readonly Mute[] }[] {
    return this.#board.entries.map(entry => ({ entry, mutes: this.#mutes.of(entry.event, now) }));
  }

  /** Events that go on and that somebody looks after. */
  acknowledged(): readonly Entry[] {
    return this.#board.entries.filter(
      ({ acknowledged, event }) => acknowledged !== undefined && event.end === undefined,
    );
  }

  /** @returns undefined where no such event goes on */
  acknowledge(id: string, acknowledgement: Acknowledgement | undefined, now: number): Entry | undefined {
    const entry = this.#board.acknowledge(id, acknowledgement);
    if (entry !== undefined) this.#write(now);
    return entry;
  }

  #keep(now: number): void {
    if (this.#board.isChanged && now >= this.#writeAt) this.#write(now);
  }

  #write(now: number): void {
    const state = { mutes: this.#mutes.added(now), events: this.#board.entries };
    this.#board.isChanged = !this.#file.write(state);
    if (this.#board.isChanged) this.#writeAt = now + WRITE_MILLISECONDS;
  }
}

function checkFiles(settings: ChannelSettings): void {
  try {
    secretsOf(settings);
  } catch (error) {
    throw new WeirError(`alerts: channel "${settings.name}": ${(error as Error).message}`);
  }
}
