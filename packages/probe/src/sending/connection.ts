import { connect, Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { SessionView } from '../exporting/session-view.js';
import { eachMessage, type TemplateBook } from '../exporting/template-book.js';
import type { Chunk } from './chunk.js';
import { SctpSocket } from './sctp-socket.js';
import type { StreamInfo } from './stream-info.js';
import { setLongestRetry, tcpInfo } from './tcp-info.js';
import { type StreamTarget, tlsOptions } from './tls-options.js';

/** Octets that wait in this process to be written, at most. */
const PENDING_OCTETS = 1_048_576;
const CONNECT_MILLISECONDS = 10_000;
/** A connection that lasts this long is taken to be wanted by the other side: TLS 1.3 tells of a refused certificate late. */
const PROVEN_MILLISECONDS = 2000;
/** A collector that acknowledges nothing for so long is dead. */
const DEAD_MILLISECONDS = 20_000;
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
 * One TCP, TLS or SCTP connection to a collector: a Transport Session. Keeps what was written until the collector has it:
 *
 * - acknowledged by its kernel, and then
 * - by what its receive window shows, read by it: as long as the window is smaller than it was, that many octets may lie unread
 *   in its kernel, and would be lost with the process.
 *
 * When the collector ends the session in order (FIN, SHUTDOWN) nothing more is written, and what was written is waited for.
 */
export class Connection {
  readonly #raw: Socket | SctpSocket;
  readonly #socket: Socket | TLSSocket | SctpSocket;
  readonly #opening: NodeJS.Timeout;
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
    const tls = target.kind === 'tls' ? tlsOptions(target) : undefined;
    this.#raw = target.kind === 'sctp' ? new SctpSocket(target) : connectTcp(target);
    this.#opening = setTimeout(() => this.#timeOut(), CONNECT_MILLISECONDS);
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
    // An SCTP association may end between any two Messages; then the rest is for the next session.
    if (this.#raw instanceof SctpSocket) for (const part of messagesOf(chunk)) this.#write(part);
    else this.#write(chunk);
  }

  #write(chunk: Chunk): void {
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
    if (info === undefined || info.isAlive) this.#aliveAt = performance.now();
    else if (performance.now() - this.#aliveAt > DEAD_MILLISECONDS) this.#timeOut();
    if (this.#isOver(info)) {
      this.#release(this.#acknowledged);
      this.destroy();
    }
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
    clearTimeout(this.#opening);
    if (this.#raw instanceof Socket) {
      this.#raw.setKeepAlive(true, KEEP_ALIVE_MILLISECONDS);
      const descriptor = descriptorOf(this.#raw);
      if (descriptor !== undefined) setLongestRetry(descriptor, LONGEST_RETRY_MILLISECONDS);
    }
    this.events.connected();
  }

  /** Without it, what is written counts as arrived. */
  #info(): StreamInfo | undefined {
    if (this.#raw instanceof SctpSocket) return this.#raw.info();
    const descriptor = descriptorOf(this.#raw);
    return descriptor === undefined ? undefined : tcpInfo(descriptor);
  }

  /** An SCTP association that ended in order: no event tells the side that began the end. */
  #isOver(info: StreamInfo | undefined): boolean {
    return info === undefined && this.#raw instanceof SctpSocket && !this.#raw.destroyed;
  }

  #acknowledge(info: StreamInfo | undefined): void {
    if (info === undefined) {
      if (!this.#raw.destroyed) this.#acknowledged = this.#flushed;
    } else {
      if (info.written !== undefined && (this.#marks.at(-1)?.flushed ?? this.#acknowledged) < this.#flushed)
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
    clearTimeout(this.#opening);
    this.#raw.destroy();
    const unconfirmed = this.#window.splice(0).map(({ chunk }) => chunk);
    this.events.closed(this.#error, unconfirmed);
  }
}

function connectTcp({ host, port, source }: StreamTarget): Socket {
  // Half-open: what was written must still arrive after the collector has ended its side.
  const socket = connect({ host, port, ...(source && { localAddress: source }), allowHalfOpen: true });
  return socket.setNoDelay(true);
}

/** Of Node's handle: it has no public name. */
function descriptorOf(socket: Socket): number | undefined {
  const { _handle } = socket as unknown as { _handle?: { readonly fd?: number } | null };
  return _handle?.fd !== undefined && _handle.fd >= 0 ? _handle.fd : undefined;
}

/** Each Message of a chunk by itself; the last brings the word that all are delivered. */
function messagesOf({ bytes, delivered }: Chunk): Chunk[] {
  const parts: Chunk[] = [];
  eachMessage(bytes, message => parts.push({ bytes: message }));
  const last = parts.pop();
  return last === undefined ? [] : [...parts, { bytes: last.bytes, delivered }];
}
