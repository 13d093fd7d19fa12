/** Bytes of a stream, taken piece by piece in bounded memory. */
export class ByteSource {
  /** Octets taken so far. */
  offset = 0;
  readonly #chunks: AsyncIterator<Uint8Array>;
  #buffer: Uint8Array = new Uint8Array(0);

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** The next `length` octets without taking them; fewer at the end of the stream. */
  async peek(length: number): Promise<Uint8Array> {
    while (this.#buffer.length < length) {
      const { done, value } = await this.#chunks.next();
      if (done === true) break;
      this.#buffer = this.#buffer.length === 0 ? value : Buffer.concat([this.#buffer, value]);
    }
    return this.#buffer.subarray(0, length);
  }

  /** Takes the next `length` octets; fewer at the end of the stream. */
  async take(length: number): Promise<Uint8Array> {
    const bytes = await this.peek(length);
    this.#buffer = this.#buffer.subarray(bytes.length);
    this.offset += bytes.length;
    return bytes;
  }

  /** Passes over `length` octets without holding them; false where the stream ends before. */
  async skip(length: number): Promise<boolean> {
    for (let left = length; left > 0; ) {
      const passed = (await this.take(Math.min(left, 65_536))).length;
      if (passed === 0) return false;
      left -= passed;
    }
    return true;
  }

  /** Ends the stream early. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }
}
