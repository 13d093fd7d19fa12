/**
 * Reads big-endian integers from `bytes`, never past `end`. The first read that does not fit sets `failed`; from then on
 * every read returns 0 and `offset` stands still, so that a caller may check once behind several reads.
 */
export class Reader {
  offset: number;
  readonly end: number;
  failed = false;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.offset = start;
    this.end = Math.min(end, bytes.length);
  }

  /** Octets that are left; 0 after a failure. */
  get remaining(): number {
    return this.failed || this.offset > this.end ? 0 : this.end - this.offset;
  }

  u8(): number {
    const at = this.#take(1);
    return at < 0 ? 0 : this.#bytes[at]!;
  }

  u16(): number {
    const at = this.#take(2);
    return at < 0 ? 0 : (this.#bytes[at]! << 8) | this.#bytes[at + 1]!;
  }

  u32(): number {
    const at = this.#take(4);
    if (at < 0) return 0;
    const b = this.#bytes;
    return ((b[at]! << 24) | (b[at + 1]! << 16) | (b[at + 2]! << 8) | b[at + 3]!) >>> 0;
  }

  skip(n: number): void {
    this.#take(n);
  }

  #take(n: number): number {
    if (!(n >= 0 && n <= this.remaining)) {
      this.failed = true;
      return -1;
    }
    const at = this.offset;
    this.offset += n;
    return at;
  }
}
