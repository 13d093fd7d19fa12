import type { Board } from './board.js';
import type { ChannelSettings, TellingSettings } from './channel-settings.js';
import { type AlertMessage, messageOf, testMessage } from './message.js';
import type { Mutes } from './mutes.js';
import { distanceOf, type News, newsOf, SUBJECT_MILLISECONDS } from './news.js';
import { type AlertRoute, isFor } from './routes.js';
import { openSender } from './senders/open.js';
import { reasonOf } from './senders/reason.js';
import type { Sender } from './senders/sender.js';

const HOUR = 3_600_000;
const RETRY_MILLISECONDS = [5000, 300_000] as const;
const SEND_MILLISECONDS = 20_000;
/** Messages that are remembered, for who wants to see what was told. */
const MOST_REMEMBERED = 5;

export interface ChannelCounters {
  /** Messages that the receiver has taken. */
  sent: number;
  /** Attempts that it has not taken: what they told is told later. */
  failed: number;
  /** Events that nobody was told of for want of room. */
  dropped: number;
  /** Events that came and went while they were muted. */
  muted: number;
}

/** How a channel is. */
export interface ChannelStatus {
  readonly name: string;
  readonly kind: ChannelSettings['kind'];
  readonly where: string;
  readonly counters: Readonly<ChannelCounters>;
  /** Events of which there is something to tell. */
  readonly waiting: number;
  /** When the receiver last took a message, milliseconds since the epoch. */
  readonly lastSent: number | undefined;
  /** Why the last attempt failed; undefined while it works. */
  readonly problem: string | undefined;
  /** The last ones since the start, the newest first. */
  readonly messages: readonly Attempt[];
}

/** A message, and what came of it. */
export interface Attempt {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly title: string;
  /** Of how many events it told. */
  readonly events: number;
  /** Whether the receiver has taken it; of one that is tried again, as it was the last time. */
  readonly ok: boolean;
  /** What the receiver said, or why it did not take it. */
  readonly what: string;
}

/** What came of a test. */
export interface TestResult {
  readonly channel: string;
  readonly where: string;
  readonly ok: boolean;
  /** What the receiver said, or why it did not take it. */
  readonly what: string;
}

export interface ChannelOptions {
  readonly board: Board;
  readonly mutes: Mutes;
  readonly routes: readonly AlertRoute[];
  readonly telling: TellingSettings;
  /** Base of links to the pages. */
  readonly pages: string;
  readonly log: (line: string) => void;
  /** Milliseconds that a receiver may take for a message; for tests, default 20,000. */
  readonly patience?: number;
}

/** Tells one receiver what is on the board, when it may. */
export class Channel {
  readonly counters: ChannelCounters = { sent: 0, failed: 0, dropped: 0, muted: 0 };
  readonly #sender: Sender;
  readonly #options: ChannelOptions;
  readonly #stop = new AbortController();
  /** When messages were sent within the last hour. */
  #sent: number[] = [];
  readonly #subjects = new Map<string, number>();
  #heldSince: number | undefined;
  #notToldOf = 0;
  #failures = 0;
  #retryAt = 0;
  #problem: string | undefined;
  #sending: Promise<void> | undefined;
  #messages: Attempt[] = [];
  #lastSent: number | undefined;

  constructor(
    readonly settings: ChannelSettings,
    options: ChannelOptions,
  ) {
    this.#sender = openSender(settings);
    this.#options = options;
  }

  status(now: number): ChannelStatus {
    const { name, kind } = this.settings;
    const state = { counters: this.counters, waiting: this.#news(now).length, problem: this.#problem };
    return { name, kind, where: this.#sender.where, ...state, lastSent: this.#lastSent, messages: this.#messages };
  }

  /** There was no room for an event. */
  drop(): void {
    this.counters.dropped++;
    this.#notToldOf++;
  }

  /** Sends what is due, unless the last message is still on its way. @returns when it is through */
  look(now: number): Promise<void> {
    this.#sending ??= this.#look(now).finally(() => {
      this.#sending = undefined;
    });
    return this.#sending;
  }

  /** Sends a message whatever limits and mutes say. */
  async test(now: number): Promise<TestResult> {
    const { name } = this.settings;
    const from = { channel: name, where: this.#sender.where };
    const message = testMessage(name, this.#options.pages, now);
    try {
      return { ...from, ok: true, what: await this.#send(message, 0, now) };
    } catch (error) {
      return { ...from, ok: false, what: reasonOf(error, this.settings) };
    }
  }

  /** Gives up what is on its way. What was not told stays on the board. */
  async stop(): Promise<void> {
    this.#stop.abort(new Error('the collector stops'));
    await this.#sending;
  }

  async #look(now: number): Promise<void> {
    this.#settleUntold(now);
    // A clock that was set back is not waited for.
    if (now < this.#retryAt && this.#retryAt - now <= RETRY_MILLISECONDS[1]) return;
    const news = this.#news(now);
    if (!news.some(({ due }) => due <= now)) return;
    this.#sent = this.#sent.filter(time => Math.abs(now - time) < HOUR);
    if (this.#sent.length >= this.#options.telling.limit) {
      this.#heldSince ??= now;
      return;
    }
    await this.#tell(news, now);
  }

  /** What there is to tell, due or not: what is sent anyway takes along what waits. But a reminder waits for its time. */
  #news(now: number): News[] {
    const { board, mutes, routes, telling } = this.#options;
    return board.entries.flatMap(entry => {
      const toldAt = this.#subjects.get(entry.event.subject.name);
      const news = newsOf(entry, this.settings.name, telling, toldAt, now);
      if (news === undefined || (news.change === 'reminder' && news.due > now)) return [];
      // Who was told that it began is told that it is over.
      const isQuiet = news.change !== 'ended' || news.toldAt === undefined;
      const isNot = !isFor(routes, entry.event, this.settings.name) || mutes.mutes(entry.event, now);
      return isQuiet && isNot ? [] : [news];
    });
  }

  /** What came and went while it was muted, or is for others. */
  #settleUntold(now: number): void {
    const { board, mutes, routes } = this.#options;
    const { name } = this.settings;
    for (const { event, told } of board.entries) {
      if (event.end === undefined || told[name] !== undefined) continue;
      const isMine = isFor(routes, event, name);
      if (isMine && !mutes.mutes(event, now)) continue;
      if (isMine) this.counters.muted++;
      board.settle(name, event, { at: now, distance: 0 });
    }
  }

  async #tell(news: readonly News[], now: number): Promise<void> {
    const { pages, telling, board, log } = this.#options;
    const isLast = this.#sent.length + 1 >= telling.limit;
    const circumstances = {
      ...{ pages, limit: telling.limit, heldSince: this.#heldSince, dropped: this.#notToldOf },
      silentUntil: isLast ? (this.#sent[0] ?? now) + HOUR : undefined,
    };
    try {
      await this.#send(messageOf(news, circumstances, now), news.length, now);
    } catch (error) {
      this.#failed(reasonOf(error, this.settings), now);
      return;
    }
    if (this.#failures > 0) log(`alerts go to ${this.settings.name} again`);
    this.#failures = 0;
    this.#problem = undefined;
    this.#heldSince = undefined;
    this.#notToldOf -= circumstances.dropped;
    this.#sent.push(now);
    for (const { event } of news) board.settle(this.settings.name, event, { at: now, distance: distanceOf(event) });
    this.#remember(news, now);
  }

  /** @param events of how many the message tells */
  async #send(message: AlertMessage, events: number, now: number): Promise<string> {
    const patience = AbortSignal.timeout(this.#options.patience ?? SEND_MILLISECONDS);
    const attempt = { at: now, title: message.title, events };
    try {
      const what = await this.#sender.send(message, AbortSignal.any([patience, this.#stop.signal]));
      this.counters.sent++;
      this.#lastSent = now;
      this.#keep({ ...attempt, ok: true, what });
      return what;
    } catch (error) {
      this.counters.failed++;
      const reason = patience.aborted ? patience.reason : error;
      this.#keep({ ...attempt, ok: false, what: reasonOf(reason, this.settings) });
      throw reason;
    }
  }

  /** One that failed is tried again, with more in it: both are one. */
  #keep(attempt: Attempt): void {
    const [newest, ...older] = this.#messages;
    const isAgain = newest?.ok === false && newest.events > 0 && attempt.events > 0;
    const before = newest === undefined || isAgain ? older : [newest, ...older];
    this.#messages = [attempt, ...before].slice(0, MOST_REMEMBERED);
  }

  #failed(reason: string, now: number): void {
    const [shortest, longest] = RETRY_MILLISECONDS;
    this.#retryAt = now + Math.min(shortest * 2 ** this.#failures, longest);
    this.#problem = reason;
    if (this.#failures++ === 0 && !this.#stop.signal.aborted)
      this.#options.log(`alerts do not go to ${this.settings.name}, ${this.#sender.where}, trying on: ${reason}`);
  }

  #remember(news: readonly News[], now: number): void {
    for (const [subject, at] of this.#subjects) if (at <= now - SUBJECT_MILLISECONDS) this.#subjects.delete(subject);
    for (const { event } of news) this.#subjects.set(event.subject.name, now);
  }
}
