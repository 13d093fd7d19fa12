const WRITTEN = 0;
const FREED = 1;
/** In 32-bit words, behind the two positions. */
const ASLEEP = 4;

/** How far the two threads at a raw spool are, in memory that they share. */
export class Progress {
  readonly memory: SharedArrayBuffer;
  readonly #positions: BigInt64Array;
  readonly #flags: Int32Array;

  constructor(memory = new SharedArrayBuffer(24)) {
    this.memory = memory;
    this.#positions = new BigInt64Array(memory, 0, 2);
    this.#flags = new Int32Array(memory);
  }

  /** Position behind the last chunk that is there whole. */
  get written(): number {
    return Number(Atomics.load(this.#positions, WRITTEN));
  }

  set written(position: number) {
    Atomics.store(this.#positions, WRITTEN, BigInt(position));
  }

  /** What lies before this position is needed no more. */
  get freed(): number {
    return Number(Atomics.load(this.#positions, FREED));
  }

  set freed(position: number) {
    Atomics.store(this.#positions, FREED, BigInt(position));
  }

  /** The reader is about to sleep. It must look at `written` once more before it does. */
  fallAsleep(): void {
    Atomics.store(this.#flags, ASLEEP, 1);
  }

  /** Whether the reader sleeps and is to be woken: once for each sleep. */
  takeSleeper(): boolean {
    return Atomics.exchange(this.#flags, ASLEEP, 0) === 1;
  }
}
