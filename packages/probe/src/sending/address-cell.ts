/** Generation, then the length of the text that follows. */
const GENERATION = 0;
const LENGTH = 1;
const WORDS = 2;
const TEXT_OCTETS = 56;
export const ADDRESS_CELL_OCTETS = WORDS * 4 + TEXT_OCTETS;

/** The address that a collector's name has now, told by the thread that looks names up to the one that sends. */
export class AddressCell {
  readonly #words: Int32Array;
  readonly #text: Uint8Array;

  constructor(readonly memory: ArrayBufferLike = new SharedArrayBuffer(ADDRESS_CELL_OCTETS)) {
    this.#words = new Int32Array(memory, 0, WORDS);
    this.#text = new Uint8Array(memory, WORDS * 4);
  }

  /** Rises with each change; 0 while the name has had no address. */
  get generation(): number {
    return Atomics.load(this.#words, GENERATION);
  }

  get address(): string {
    return String.fromCharCode(...this.#text.subarray(0, this.#words[LENGTH]));
  }

  /** A reader in between sees a mixture at worst, and looks again at the next generation. */
  set(address: string): void {
    for (let i = 0; i < address.length; i++) this.#text[i] = address.charCodeAt(i);
    this.#words[LENGTH] = address.length;
    Atomics.add(this.#words, GENERATION, 1);
  }
}
