import { connect, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { SessionView } from '../exporting/session-view.js';
import type { TemplateBook } from '../exporting/template-book.js';
import type { Chunk } from './chunk.js';
import { setLongestRetry, type TcpInfo, tcpInfo } from './tcp-info.js';
import { type StreamTarget, tlsOptions } from './tls-options.js';

/** Octets that wait in this process to be written, at most. */
const PENDING_OCTETS = 1_048_576;
const CONNECT_MILLISECONDS = 10_000;
/** A connection that lasts this long is taken to be wanted by the other side: TLS 1.3 tells of a refused certificate late. */
const PROVEN_MILLISECONDS = 2000;
/** A collector that acknowledges nothing for so long is dead. */
const DEAD_MILLISECONDS = 20_000;
/** An answer as old as this is still fresh. */
const ANSWER_MILLISECONDS = 1000;
const KEEP_ALIVE_MILLISECONDS = 10_000;
const LONGEST_RETRY_MILLISECONDS = 5000;
/** An orderly end is waited for as long as the collector goes on acknowledging, and this long after. */
const FINISH_MILLISECONDS = 10_000;
/** Octets at most that are sent again because the collector had perhaps not read them when it was killed. */
const UNREAD_OCTETS = 8_388_608;

export interface ConnectionEvents {
  /** The connection is there. */
  connected(): void;
  /** It takes more again. */
  writable(): void;
  /** It is over. `error` is undefined where it ended in order; `unconfirmed` is what the collector perhaps does not have. */
  closed(error: unknown, unconfirmed: Chunk[]): void;
}

/**
 * One TCP or TLS connection to a collector: a Transport Session. Keeps what was written until the collector has it:
 *
 * - acknowledged by its TCP (TCP_INFO), and then
 * - by what its receive window shows, read by it: as long as the window is smaller than it was, that many octets may lie unread
 *   in its kernel, and would be lost with the process.
 *
 * When the collector ends the session in order (FIN) nothing more is written, and what was written is waited for.
 */
export class Connection {
  readonly #raw: Socket;
  readonly #socket: Socket | TLSSocket;
  readonly #view: SessionView;
  readonly #window: { readonly chunk: Chunk; readonly end: number }[] = [];
  /** Octets of Messages written to the socket object, and those that it has handed to the kernel. */
  #written = 0;
  #flushed = 0;
  #acknowledged = 0;
  /** Messages up to `flushed` are acknowledged when the kernel's count reaches `kernel`: TLS adds octets of its own. */
  #marks: { readonly flushed: number; readonly kernel: number }[] = [];
  #widest = 0;
  #connectedAt: number | undefined;
  /** When the other side's kernel last answered, or nothing was waiting for an answer. */
  #aliveAt = 0;
  #finishing: number | undefined;
  #error: unknown;
  #closed = false;

  constructor(
    target: StreamTarget,
    templates: TemplateBook,
    private readonly events: ConnectionEvents,
  ) {
    this.#view = new SessionView(templates);
    const { host, port, source } = target;
    const tls = target.kind === 'tls' ? tlsOptions(target) : undefined;
    // Half-open: what was written must still arrive after the collector has ended its side.
    this.#raw = connect({ host, port, ...(source === undefined ? {} : { localAddress: source }), allowHalfOpen: true });
    this.#raw.setNoDelay(true);
    this.#raw.setTimeout(CONNECT_MILLISECONDS, () => this.#timeOut());
    this.#socket = tls === undefined ? this.#raw : connectTls({ ...tls, socket: this.#raw });
    this.#socket.once(tls === undefined ? 'connect' : 'secureConnect', () => this.#open());
    // Both: what is left of one of them is of no use, and would be waited for.
    this.#socket.on('error', error => this.destroy(error));
    this.#raw.on('error', error => this.destroy(error));
    this.#socket.once('end', () => this.finish());
    this.#socket.once('close', () => this.#close());
    // IPFIX has no answers; they are read so that the end is seen.
    this.#socket.resume();
  }

  get isOpen(): boolean {
    return this.#connectedAt !== undefined && this.#finishing === undefined && !this.#closed;
  }

  /** Its end was asked for, by either side, and is waited for. */
  get isFinishing(): boolean {
    return this.#finishing !== undefined;
  }

  /** It has lasted long enough not to have been refused. */
  get isProven(): boolean {
    return this.#connectedAt !== undefined && performance.now() - this.#connectedAt >= PROVEN_MILLISECONDS;
  }

  get hasRoom(): boolean {
    return this.isOpen && this.#written - this.#flushed < PENDING_OCTETS;
  }

  /** Octets that the collector perhaps does not have. */
  get unconfirmed(): number {
    return this.#window.reduce((sum, { chunk }) => sum + chunk.bytes.length, 0);
  }

  write(chunk: Chunk): void {
    const adapted = this.#view.adapt(chunk.bytes, Math.floor(Date.now() / 1000));
    this.#written += adapted.length;
    const end = this.#written;
    this.#window.push({ chunk, end });
    if (adapted.length === 0) return;
    this.#socket.write(adapted, () => {
      this.#flushed = Math.max(this.#flushed, end);
      if (this.hasRoom) this.events.writable();
    });
  }

  /** Ends the session in order, once all that was written has arrived. */
  finish(): void {
    if (this.#finishing !== undefined) return;
    this.#finishing = performance.now();
    this.tick();
  }

  /** Ends it at once. */
  destroy(error?: unknown): void {
    this.#error ??= error;
    this.#socket.destroy();
    this.#raw.destroy();
  }

  /** To be called about ten times a second: sees what has arrived, and whether the collector is still alive. */
  tick(): void {
    if (this.#closed || this.#connectedAt === undefined) return;
    const info = this.#info();
    this.#acknowledge(info);
    if (info === undefined || isAlive(info)) this.#aliveAt = performance.now();
    else if (performance.now() - this.#aliveAt > DEAD_MILLISECONDS) this.#timeOut();
    if (this.#finishing === undefined || this.#closed) return;
    if (this.#acknowledged === this.#written) {
      // Only now: after it this side hears of nothing any more.
      this.#release(this.#written);
      this.#socket.end();
    }
    if (performance.now() - this.#finishing > FINISH_MILLISECONDS) this.destroy();
  }

  #open(): void {
    this.#connectedAt = performance.now();
    this.#raw.setTimeout(0);
    this.#raw.setKeepAlive(true, KEEP_ALIVE_MILLISECONDS);
    const descriptor = this.#descriptor();
    if (descriptor !== undefined) setLongestRetry(descriptor, LONGEST_RETRY_MILLISECONDS);
    this.events.connected();
  }

  #info(): TcpInfo | undefined {
    const descriptor = this.#descriptor();
    return descriptor === undefined ? undefined : tcpInfo(descriptor);
  }

  /** Of Node's handle: it has no public name. Without it, what is written counts as arrived. */
  #descriptor(): number | undefined {
    const { _handle } = this.#raw as unknown as { _handle?: { readonly fd?: number } | null };
    return _handle?.fd !== undefined && _handle.fd >= 0 ? _handle.fd : undefined;
  }

  #acknowledge(info: TcpInfo | undefined): void {
    if (info === undefined) {
      if (!this.#raw.destroyed) this.#acknowledged = this.#flushed;
    } else {
      if ((this.#marks.at(-1)?.flushed ?? this.#acknowledged) < this.#flushed)
        this.#marks.push({ flushed: this.#flushed, kernel: info.written });
      while (this.#marks.length > 0 && this.#marks[0].kernel <= info.acknowledged)
        this.#acknowledged = this.#marks.shift()!.flushed;
      this.#widest = Math.max(this.#widest, info.window);
    }
    if (!this.isProven) return;
    // Twice, because what lies unread takes more of the window than its octets.
    const unread = info === undefined ? 0 : Math.min(UNREAD_OCTETS, 2 * (this.#widest - info.window));
    this.#release(this.#acknowledged - unread);
  }

  #release(upTo: number): void {
    while (this.#window.length > 0 && this.#window[0].end <= upTo) this.#window.shift()!.chunk.delivered?.();
  }

  #timeOut(): void {
    this.destroy(Object.assign(new Error('timeout'), { code: 'ETIMEDOUT' }));
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#raw.destroy();
    const unconfirmed = this.#window.splice(0).map(({ chunk }) => chunk);
    this.events.closed(this.#error, unconfirmed);
  }
}

/** A process that was stopped leaves its window closed, but its kernel goes on answering. */
function isAlive({ unacknowledgedSegments, unansweredProbes, sinceLastAcknowledgement }: TcpInfo): boolean {
  return (unacknowledgedSegments === 0 && unansweredProbes <= 1) || sinceLastAcknowledgement < ANSWER_MILLISECONDS;
}
