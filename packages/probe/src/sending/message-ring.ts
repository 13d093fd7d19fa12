import { wholeMessages } from '../exporting/template-book.js';

/** Words before the data. */
export const RING_HEADER_OCTETS = 64;
/** Octets ever written and ever read, modulo 2^32. */
const WRITTEN = 0;
const READ = 1;
/** 1: the reader waits to be woken. */
const ASLEEP = 2;
const CONNECTED = 3;
const KEEPS = 4;
const CLOSED = 5;

/**
 * Whole Messages on their way from the loop's thread to the one that keeps the session: a ring of octets in shared memory,
 * with one writer and one reader. Messages carry their own length, so that nothing else lies between them.
 */
export class MessageRing {
  readonly #words: Int32Array;
  readonly #data: Uint8Array;

  constructor(readonly memory: ArrayBufferLike) {
    this.#words = new Int32Array(memory, 0, RING_HEADER_OCTETS / 4);
    this.#data = new Uint8Array(memory, RING_HEADER_OCTETS);
  }

  /** @param octets of data, a power of two */
  static allocate(octets: number): MessageRing {
    return new MessageRing(new SharedArrayBuffer(RING_HEADER_OCTETS + octets));
  }

  get capacity(): number {
    return this.#data.length;
  }

  /** Octets that wait to be read. */
  get used(): number {
    return (Atomics.load(this.#words, WRITTEN) - Atomics.load(this.#words, READ)) >>> 0;
  }

  /** Writer: adds a Message. False where it does not fit. */
  put(bytes: Uint8Array, from: number, octets: number): boolean {
    if (octets > this.capacity - this.used) return false;
    const written = Atomics.load(this.#words, WRITTEN);
    const at = written & (this.capacity - 1);
    const first = Math.min(octets, this.capacity - at);
    this.#data.set(bytes.subarray(from, from + first), at);
    if (first < octets) this.#data.set(bytes.subarray(from + first, from + octets), 0);
    Atomics.store(this.#words, WRITTEN, (written + octets) | 0);
    return true;
  }

  /** Writer: true once after the reader has gone to sleep. */
  mustWake(): boolean {
    return Atomics.exchange(this.#words, ASLEEP, 0) === 1;
  }

  /** Reader: takes whole Messages, about `maximum` octets; undefined and asleep where there are none. */
  take(maximum: number): Uint8Array | undefined {
    if (this.used === 0) {
      Atomics.store(this.#words, ASLEEP, 1);
      // What the writer put before it could see the reader asleep.
      if (this.used === 0) return undefined;
    }
    const read = Atomics.load(this.#words, READ);
    const at = read & (this.capacity - 1);
    const octets = Math.min(this.used, Math.max(maximum, 65_536));
    const copy = new Uint8Array(octets);
    const first = Math.min(octets, this.capacity - at);
    copy.set(this.#data.subarray(at, at + first));
    if (first < octets) copy.set(this.#data.subarray(0, octets - first), first);
    const whole = wholeMessages(copy, maximum);
    Atomics.store(this.#words, READ, (read + whole) | 0);
    return copy.subarray(0, whole);
  }

  /** Reader: says whether the session is set up, and whether what is put meanwhile is kept. */
  setState(connected: boolean, keeps: boolean): void {
    Atomics.store(this.#words, CONNECTED, connected ? 1 : 0);
    Atomics.store(this.#words, KEEPS, keeps ? 1 : 0);
  }

  get connected(): boolean {
    return Atomics.load(this.#words, CONNECTED) === 1;
  }

  get keeps(): boolean {
    return Atomics.load(this.#words, KEEPS) === 1;
  }

  /** Writer: nothing more comes. */
  setClosed(): void {
    Atomics.store(this.#words, CLOSED, 1);
  }

  get closed(): boolean {
    return Atomics.load(this.#words, CLOSED) === 1;
  }
}
