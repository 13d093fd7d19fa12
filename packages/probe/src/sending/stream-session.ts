import { performance } from 'node:perf_hooks';
import type { CollectorCounters } from '../exporting/collector-counters.js';
import { eachMessage } from '../exporting/template-book.js';
import { type Backlog, FormerBacklog, OwnBacklog } from './backlog.js';
import { type Chunk, countRecords } from './chunk.js';
import { Connection } from './connection.js';
import type { MessageRing } from './message-ring.js';
import { reasonOf } from './reasons.js';
import type { Spool } from './spool.js';
import type { StreamTarget } from './tls-options.js';

const TICK_MILLISECONDS = 100;
/** Waits between two attempts to connect: doubled each time. */
const FIRST_RETRY_MILLISECONDS = 250;
const LONGEST_RETRY_MILLISECONDS = 2000;
/** Messages go to the spool when nobody is there for so long, or when the ring is half full. */
const SPILL_MILLISECONDS = 1000;
/** How often to look for what another session with the same collector has left: one that a reload replaced. */
const ADOPT_MILLISECONDS = 5000;
/** What is left when the probe stops is sent for so long. */
const STOP_MILLISECONDS = 5000;

export interface StreamOptions {
  readonly target: StreamTarget;
  /** As configured, for messages. */
  readonly url: string;
  readonly ring: MessageRing;
  readonly counters: CollectorCounters;
  readonly spool: Spool | undefined;
  readonly log: (line: string) => void;
}

/**
 * The session with one collector over TCP, TLS or SCTP, set up again whenever it breaks. What former runs left in the spool goes
 * first, each run in a Transport Session of its own, because its Templates are its own; then what is in this run's spool, then
 * the ring.
 */
export class StreamSession {
  readonly #own: OwnBacklog;
  #backlog: Backlog;
  #connection: Connection | undefined;
  #downSince = performance.now();
  #nextAttempt = 0;
  #retry = FIRST_RETRY_MILLISECONDS;
  #nextAdoption = performance.now() + ADOPT_MILLISECONDS;
  /** What was said last of why there is no session. */
  #said: string | undefined;
  readonly #timer: NodeJS.Timeout;
  #stopBefore: number | undefined;
  #finish: () => void = () => {};
  readonly #finished = new Promise<void>(done => {
    this.#finish = done;
  });

  constructor(private readonly options: StreamOptions) {
    const { ring, spool } = options;
    this.#own = new OwnBacklog(ring, spool);
    this.#backlog = this.#nextBacklog();
    ring.setState(false, spool !== undefined);
    this.#timer = setInterval(() => this.#tick(), TICK_MILLISECONDS);
    this.#connect();
  }

  /** To be called when the ring has something new. */
  wake(): void {
    const connection = this.#connection;
    while (connection?.hasRoom) {
      const chunk = this.#take();
      if (chunk === undefined) break;
      connection.write(chunk);
    }
    this.#spill();
  }

  /** Sends what is left, as far as time allows; the rest stays in the spool, or is given up and counted. */
  stop(): Promise<void> {
    if (this.#stopBefore === undefined) {
      this.#stopBefore = performance.now() + STOP_MILLISECONDS;
      this.#tick();
    }
    return this.#finished;
  }

  #take(): Chunk | undefined {
    const backlog = this.#backlog;
    try {
      const chunk = backlog.take();
      // What a former run left has a session of its own.
      if (chunk === undefined && (backlog !== this.#own || this.#nextBacklog() !== this.#own))
        this.#connection?.finish();
      return chunk;
    } catch (error) {
      this.#say(`its spool cannot be read: ${(error as Error).message}`);
      return undefined;
    }
  }

  #nextBacklog(): Backlog {
    const former = this.options.spool?.former[0];
    return former === undefined ? this.#own : new FormerBacklog(former);
  }

  #connect(): void {
    this.#nextAttempt = performance.now() + this.#retry;
    this.#retry = Math.min(this.#retry * 2, LONGEST_RETRY_MILLISECONDS);
    const events = {
      connected: () => this.#connected(),
      writable: () => this.wake(),
      closed: (error: unknown, unconfirmed: Chunk[]) => this.#closed(error, unconfirmed),
    };
    try {
      this.#connection = new Connection(this.options.target, this.#backlog.templates, events);
    } catch (error) {
      this.#say(reasonOf(error));
    }
  }

  #connected(): void {
    const { counters, ring, spool } = this.options;
    counters.addSession();
    ring.setState(true, spool !== undefined);
    this.wake();
  }

  #closed(error: unknown, unconfirmed: Chunk[]): void {
    const { counters, ring, spool } = this.options;
    this.#connection = undefined;
    this.#downSince = performance.now();
    ring.setState(false, spool !== undefined);
    this.#backlog.giveBack(unconfirmed);
    for (const { bytes } of unconfirmed) counters.addResent(bytes.length);
    if (error !== undefined) this.#say(reasonOf(error));
    else if (this.#isTakingTurns(unconfirmed)) this.#nextAttempt = 0;
    else if (this.#stopBefore === undefined) this.#say('the collector has ended the session');
    this.#tick();
  }

  /** The end of a session with a former run, or of one that made way for it. */
  #isTakingTurns(unconfirmed: readonly Chunk[]): boolean {
    const isOver = this.#backlog !== this.#own && unconfirmed.length === 0 && (this.#backlog.run?.isRead ?? true);
    if (isOver) this.options.spool?.endFormer();
    const next = isOver || this.#backlog === this.#own ? this.#nextBacklog() : this.#backlog;
    const takesTurns = next !== this.#backlog;
    this.#backlog = next;
    return takesTurns;
  }

  #tick(): void {
    const now = performance.now();
    this.#connection?.tick();
    if (this.#connection?.isProven) {
      this.#retry = FIRST_RETRY_MILLISECONDS;
      if (this.#said !== undefined) this.options.log(`the collector ${this.options.url} is connected`);
      this.#said = undefined;
    }
    if (this.#stopBefore !== undefined) this.#stopStep(now, this.#stopBefore);
    else if (this.#connection === undefined && now >= this.#nextAttempt) this.#connect();
    this.wake();
    if (now >= this.#nextAdoption) {
      this.#nextAdoption = now + ADOPT_MILLISECONDS;
      this.options.spool?.adopt();
    }
    this.options.spool?.count();
  }

  #spill(): void {
    const { ring, spool } = this.options;
    if (spool === undefined || ring.used === 0) return;
    const gone = this.#connection?.isOpen !== true && performance.now() - this.#downSince > SPILL_MILLISECONDS;
    if (gone || ring.used > ring.capacity / 2) this.#own.spill();
  }

  #stopStep(now: number, before: number): void {
    const done = this.#backlog === this.#own && this.#own.isEmpty;
    if (this.#connection !== undefined) {
      if (done && this.#connection.isOpen) this.#connection.finish();
      else if (now > before || (done && !this.#connection.isFinishing)) this.#connection.destroy();
      return;
    }
    // Worth a wait between two sessions, and where nothing keeps what is left: the collector may be restarted at the same moment.
    if (!done && (this.options.spool === undefined || this.#said === undefined) && now < before) {
      if (now >= this.#nextAttempt) this.#connect();
      return;
    }
    this.#keepRest();
    clearInterval(this.#timer);
    this.#finish();
  }

  #keepRest(): void {
    const { spool, counters, url, log } = this.options;
    if (spool !== undefined) {
      this.#own.spill();
      for (const { run, returned, templates } of new Set([this.#backlog, this.#own])) {
        if (run === undefined && returned.length === 0) continue;
        spool.putBack(
          run,
          returned.map(({ bytes }) => bytes),
          templates,
        );
      }
      spool.close();
      return;
    }
    let lost = 0;
    for (let chunk = this.#own.take(); chunk !== undefined; chunk = this.#own.take()) {
      lost += countRecords(this.#own.templates, chunk.bytes);
      eachMessage(chunk.bytes, message => this.#own.templates.learn(message));
    }
    counters.addGivenUp(lost);
    if (lost > 0) log(`the collector ${url} is away: ${lost} records could not be sent to it`);
  }

  /** Once for each reason in a row. */
  #say(reason: string): void {
    if (reason === this.#said) return;
    this.#said = reason;
    const kept =
      this.options.spool === undefined ? '' : `; what is exported meanwhile is kept in ${this.options.spool.directory}`;
    this.options.log(`the collector ${this.options.url}: ${reason}; trying on${kept}`);
  }
}
