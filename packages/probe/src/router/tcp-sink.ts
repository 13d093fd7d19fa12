import { SessionView } from '../exporting/session-view.js';
import type { Clock, MessageSink } from '../host/host.js';
import { OwnBacklog } from '../sending/backlog.js';
import { CHUNK_OCTETS, type Chunk } from '../sending/chunk.js';
import { MessageRing, RING_HEADER_OCTETS } from '../sending/message-ring.js';
import { TcpStream } from './tcp-stream.js';

/** Room for what comes while the collector does not read: about 3,000 records. */
const RING_OCTETS = 262_144;
const MESSAGE_OCTETS = 4096;
/** Sent and not yet acknowledged, at most; of a router's memory twice, because the kernel keeps it too. */
const WINDOW_OCTETS = 262_144;
/** Waits between two attempts to connect: doubled each time. */
const FIRST_RETRY_MILLISECONDS = 250;
const LONGEST_RETRY_MILLISECONDS = 10_000;
/** What is left when the probe stops is sent for so long. */
const STOP_MILLISECONDS = 3000;

export interface TcpOptions {
  /** The collector's address, '' while it is not known. */
  readonly address: () => string;
  readonly port: number;
  readonly source?: string | undefined;
  readonly clock: Clock;
  readonly log: (line: string) => void;
}

/**
 * The session with one collector over TCP, set up again whenever it breaks. What the collector's kernel has not acknowledged until then is
 * sent again; what does not fit the ring meanwhile waits in this machine's kernel, because the sink has no room.
 */
export class TcpSink implements MessageSink {
  readonly messageOctets = MESSAGE_OCTETS;
  readonly keeps = false;
  readonly #ring = new MessageRing(new ArrayBuffer(RING_HEADER_OCTETS + RING_OCTETS));
  readonly #backlog = new OwnBacklog(this.#ring, undefined);
  #stream: TcpStream | undefined;
  #view = new SessionView(this.#backlog.templates);
  /** Written to the stream and not yet acknowledged, with the octets of the stream at their end. */
  #window: { readonly chunk: Chunk; readonly end: number }[] = [];
  #nextAttempt = 0;
  #retry = FIRST_RETRY_MILLISECONDS;
  #said = '';

  constructor(private readonly options: TcpOptions) {}

  room(): number {
    return Math.floor((this.#ring.capacity - this.#ring.used) / MESSAGE_OCTETS);
  }

  send(bytes: Uint8Array, slotOctets: number, lengths: Uint32Array, count: number): number {
    let taken = 0;
    while (taken < count && this.#ring.put(bytes, taken * slotOctets, lengths[taken])) taken++;
    this.#write();
    return taken;
  }

  isConnected(): boolean {
    return this.#stream?.isOpen ?? false;
  }

  wasRefused(): boolean {
    return false;
  }

  /** To be called often. @param now monotonic, milliseconds */
  step(now: number): void {
    if (this.#stream === undefined) this.#connect(now);
    else if (this.#stream.step()) this.#release(this.#stream.acknowledged);
    else this.#end(this.#stream.failure, now);
    this.#write();
  }

  /** Sends what is left, as far as time allows. */
  close(): void {
    const { clock } = this.options;
    const before = clock.monotonic() + STOP_MILLISECONDS;
    while (this.#stream !== undefined && clock.monotonic() < before) {
      if (this.#backlog.isEmpty && this.#window.length === 0) break;
      this.step(clock.monotonic());
      this.#stream?.wait(10);
    }
    this.#stream?.close();
    this.#stream = undefined;
    this.#nextAttempt = Number.POSITIVE_INFINITY;
  }

  #connect(now: number): void {
    const { address, port, source } = this.options;
    if (now < this.#nextAttempt || address() === '') return;
    this.#nextAttempt = now + this.#retry;
    this.#retry = Math.min(this.#retry * 2, LONGEST_RETRY_MILLISECONDS);
    this.#stream = new TcpStream(address(), port, source);
    this.#view = new SessionView(this.#backlog.templates);
  }

  #write(): void {
    const stream = this.#stream;
    if (stream?.isOpen !== true) return;
    if (this.#said !== '') this.options.log(`the collector ${this.options.address()} is connected`);
    this.#said = '';
    while (stream.isWritten && this.#unconfirmed() < WINDOW_OCTETS) {
      const chunk = this.#backlog.take();
      if (chunk === undefined) break;
      const adapted = this.#view.adapt(chunk.bytes, Math.floor(this.options.clock.wall() / 1000));
      stream.write(adapted);
      this.#window.push({ chunk, end: stream.written });
    }
  }

  #unconfirmed(): number {
    return this.#window.reduce((sum, { chunk }) => sum + Math.min(chunk.bytes.length, CHUNK_OCTETS), 0);
  }

  #release(acknowledged: number): void {
    while (this.#window.length > 0 && this.#window[0].end <= acknowledged) this.#window.shift();
    // It has taken something, so it was meant to.
    if (acknowledged > 0) this.#retry = FIRST_RETRY_MILLISECONDS;
  }

  #end(failure: string, now: number): void {
    this.#stream?.close();
    this.#stream = undefined;
    this.#backlog.giveBack(this.#window.map(({ chunk }) => chunk));
    this.#window = [];
    this.#nextAttempt = Math.max(this.#nextAttempt, now + FIRST_RETRY_MILLISECONDS);
    if (failure === this.#said) return;
    this.#said = failure;
    this.options.log(`the collector ${this.options.address()} cannot be sent to (${failure}); trying on`);
  }
}
