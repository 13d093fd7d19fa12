/** A small generator with a seed (xorshift32), so that a failure can be repeated. `below` is at most 2^32. */
export function randomFrom(seed: number): (below: number) => number {
  let state = seed | 1;
  return below => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/** Values of 16 bits that lengths, counts and Set IDs break on. */
const EDGES = [0, 1, 2, 3, 4, 15, 16, 255, 256, 0x7fff, 0x8000, 0xfffe, 0xffff];

/**
 * Mutates Messages into one buffer again and again, without allocating but for the view that it returns: octets and 16-bit numbers
 * changed, parts copied within and from other Messages, the end cut off or noise appended.
 */
export class Mutator {
  readonly #buffer = new Uint8Array(65_535);
  readonly #random: (below: number) => number;

  constructor(random: (below: number) => number) {
    this.#random = random;
  }

  /** A mutation of messages[index]; valid until the next call. */
  mutate(messages: readonly Uint8Array[], index: number): Uint8Array {
    const random = this.#random;
    const source = messages[index]!;
    this.#buffer.set(source);
    let length = source.length;
    for (let changes = 1 + random(3); changes > 0; changes--) length = this.#change(length, messages);
    // Most keep a length in their header that agrees, to get past the first check.
    if (length >= 16 && source[1] === 10 && random(8) > 0) this.#put16(2, length);
    return this.#buffer.subarray(0, length);
  }

  #put16(at: number, value: number): void {
    this.#buffer[at] = value >>> 8;
    this.#buffer[at + 1] = value;
  }

  /** One change; the new length. */
  #change(length: number, messages: readonly Uint8Array[]): number {
    const random = this.#random;
    const buffer = this.#buffer;
    // Headers and Templates stand in front, and break more.
    const at = random(2) ? random(Math.min(length, 96)) : random(length);
    switch (random(8)) {
      case 0:
        return Math.max(1, at);
      case 1:
        buffer.copyWithin(random(length), at, Math.min(length, at + 64));
        return length;
      case 2: {
        const other = messages[random(messages.length)]!;
        const room = Math.min(other.length, length - at);
        buffer.set(other.subarray(other.length - room), at);
        return length;
      }
      case 3: {
        const more = random(64);
        if (length + more > buffer.length) return length;
        buffer.fill(random(256), length, length + more);
        return length + more;
      }
      case 4:
      case 5:
        this.#put16(at & ~1, EDGES[random(EDGES.length)]!);
        return Math.max(length, (at & ~1) + 2);
      default:
        buffer[at] = random(256);
        return length;
    }
  }
}
