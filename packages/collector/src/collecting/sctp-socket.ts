import { Duplex } from 'node:stream';
import type { Libc } from './libc.js';
import type { Peer } from './peer.js';

/** linux/sctp.h */
export const SOL_SCTP = 132;
const SCTP_STATUS = 14;
const STATUS_OCTETS = 176;
const SOL_SOCKET = 1;
const SO_LINGER = 13;
const EAGAIN = 11;
const MSG_DONTWAIT = 0x40;
const SHUT_WR = 1;
/** The largest IPFIX Message. */
const MESSAGE_OCTETS = 65_535;
const END_MILLISECONDS = 20;

/** One SCTP association, from this side: a one-to-one socket (RFC 6458 section 4). Each chunk is a user message, or a part of one. */
export class SctpSocket extends Duplex {
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly #c: Libc;
  readonly #descriptor: number;
  readonly #watch: ReturnType<Libc['watch']>;
  readonly #buffer = new Uint8Array(MESSAGE_OCTETS);
  #ending: NodeJS.Timeout | undefined;

  constructor(
    c: Libc,
    descriptor: number,
    peer: Peer,
    readonly localPort: number,
  ) {
    super({ allowHalfOpen: false, readableHighWaterMark: MESSAGE_OCTETS });
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
    const octets = this.#c.recv(this.#descriptor, this.#buffer, MESSAGE_OCTETS, MSG_DONTWAIT);
    const error = octets < 0 ? this.#c.errno() : 0;
    if (octets > 0) {
      if (!this.push(Buffer.from(this.#buffer.subarray(0, octets)))) this.#watch.pause();
    } else if (octets === 0 || isOver) {
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
