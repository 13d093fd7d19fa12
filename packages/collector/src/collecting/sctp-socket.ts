import { Duplex } from 'node:stream';
import type { Libc, Watch } from './libc.js';
import type { Peer } from './peer.js';
import { type SctpInbox, SOL_SCTP } from './sctp-inbox.js';

/** linux/sctp.h */
const SCTP_STATUS = 14;
const STATUS_OCTETS = 176;
const SOL_SOCKET = 1;
const SO_LINGER = 13;
const EAGAIN = 11;
const SHUT_WR = 1;
const END_MILLISECONDS = 20;

/** A user message, or a part of one: streams do not take turns within it. */
export interface UserMessage {
  readonly bytes: Uint8Array;
  readonly stream: number;
}

/** User messages that wait here to be taken. */
const MESSAGES = 16;

/** One SCTP association, from this side: a one-to-one socket (RFC 6458 section 4). Reads UserMessages. */
export class SctpSocket extends Duplex {
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly #c: Libc;
  readonly #descriptor: number;
  readonly #watch: Watch;
  #ending: NodeJS.Timeout | undefined;

  constructor(
    c: Libc,
    descriptor: number,
    private readonly inbox: SctpInbox,
    peer: Peer,
    readonly localPort: number,
  ) {
    super({ allowHalfOpen: false, readableObjectMode: true, readableHighWaterMark: MESSAGES });
    this.remoteAddress = peer.address;
    this.remotePort = peer.port;
    this.#c = c;
    this.#descriptor = descriptor;
    // The end of this process breaks the association: the exporter sees what may be lost, and sends it again.
    c.setsockopt(descriptor, SOL_SOCKET, SO_LINGER, new Uint8Array(Int32Array.of(1, 0).buffer), 8);
    this.#watch = c.watch(descriptor, () => this.#receive());
    this.#watch.pause();
  }

  override _read(): void {
    this.#watch.resume();
  }

  /** Collecting Processes have nothing to say. */
  override _write(_bytes: Uint8Array, _encoding: string, done: () => void): void {
    done();
  }

  /** Ends the association in order: the exporter sends nothing more, but what its kernel has still comes. */
  override _final(done: () => void): void {
    this.#c.shutdown(this.#descriptor, SHUT_WR);
    // No event tells of its end to the side that began it.
    this.#ending = setInterval(() => {
      if (!this.#watch.paused) this.#receive();
    }, END_MILLISECONDS);
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    clearInterval(this.#ending);
    this.#watch.close();
    this.#c.close(this.#descriptor);
    done(error);
  }

  #receive(): void {
    if (this.destroyed || this.readableEnded) return;
    // Read before it is looked at: what has come before the end is read before the end.
    const isOver = this.#ending !== undefined && this.#isOver();
    const received = this.inbox.receive(this.#descriptor);
    const error = received === undefined ? this.#c.errno() : 0;
    if (received !== undefined && received.bytes.length > 0) {
      if (!this.push(received)) this.#watch.pause();
    } else if (received !== undefined || isOver) {
      this.#watch.pause();
      this.push(null);
    } else if (error !== EAGAIN) {
      const code = this.#c.errorName(error);
      this.destroy(Object.assign(new Error(`SCTP: ${code}`), { code }));
    }
  }

  /** The association is no more; what it has brought may still wait to be read. */
  #isOver(): boolean {
    const length = new Uint8Array(Int32Array.of(STATUS_OCTETS).buffer);
    return this.#c.getsockopt(this.#descriptor, SOL_SCTP, SCTP_STATUS, new Uint8Array(STATUS_OCTETS), length) < 0;
  }
}
