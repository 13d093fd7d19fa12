import { WeirError } from '../../error.js';

type Column = Float64Array | Float32Array | Uint32Array | Int8Array;

/** What is known of each series; index = series. "Scaled" is on the series' own scale (scale.ts). */
function makeFields(capacity: number) {
  return {
    /** Milliseconds since the epoch: of the last value, of an event's beginning, and of the last value outside the bands. */
    last: new Float64Array(capacity),
    start: new Float64Array(capacity),
    outsideAt: new Float64Array(capacity),
    /** The value of an event that is farthest outside, what was expected of it, and how far that is, in bands. */
    worst: new Float64Array(capacity),
    usual: new Float64Array(capacity),
    excess: new Float32Array(capacity),
    /** As in `SeriesParameters`; of the half-life what the level takes of an error in a step. */
    unit: new Float64Array(capacity),
    levelGain: new Float64Array(capacity),
    width: new Float64Array(capacity),
    level: new Float64Array(capacity),
    /** Mean absolute error of all the day, as the standard deviation of a normal distribution; scaled. */
    deviation: new Float32Array(capacity),
    /** Deviations that the tail of the errors reaches. */
    upperTail: new Float32Array(capacity),
    lowerTail: new Float32Array(capacity),
    /** Of all values so far; scaled. */
    lowest: new Float32Array(capacity),
    highest: new Float32Array(capacity),
    /** Error of the value before, in deviations. */
    previous: new Float32Array(capacity),
    /** How far outside the last values were, in bands. */
    evidence: new Float32Array(capacity),
    /** Values seen at all, other than zero, and since the level was taken anew. */
    seen: new Uint32Array(capacity),
    notZero: new Uint32Array(capacity),
    fresh: new Uint32Array(capacity),
    /** Index into `scales`. */
    scale: new Int8Array(capacity),
    /** 1 where weeks have anything of their own. */
    weekly: new Int8Array(capacity),
    /** 1 while an event goes on. */
    isOpen: new Int8Array(capacity),
  };
}

const MAGIC = 0x32434657;
const HEADER = 16;
/** Room that is not needed yet costs memory, each time that there is more copies all. */
const GROWTH = 1.25;

/**
 * The state of many series in flat arrays, and as bytes. Slots of seasons are slot by slot, so that a step of all series goes through them in
 * order: the value of a slot is at `slot * capacity + series`.
 */
export class Columns {
  size = 0;
  capacity = 16;
  fields = makeFields(this.capacity);
  slots: Float32Array;
  readonly #slotCount: number;
  readonly #print: number;

  /** @param key what the state depends on: state of another key cannot be read */
  constructor(slotCount: number, key: string) {
    this.#slotCount = slotCount;
    this.#print = fingerprint(key);
    this.slots = new Float32Array(slotCount * this.capacity);
  }

  /** Room for one more series; all of it zero. */
  add(): number {
    if (this.size === this.capacity) this.#grow(Math.ceil(this.capacity * GROWTH));
    return this.size++;
  }

  clear(series: number): void {
    for (const column of Object.values<Column>(this.fields)) column[series] = 0;
    for (let slot = 0; slot < this.#slotCount; slot++) this.slots[slot * this.capacity + series] = 0;
  }

  /** The octets held. */
  get octets(): number {
    return Object.values<Column>(this.fields).reduce((sum, column) => sum + column.byteLength, this.slots.byteLength);
  }

  /** In the byte order of the machine: state is for the machine that wrote it. */
  toBytes(): Uint8Array {
    const { size } = this;
    const columns = Object.values<Column>(this.fields).map(column => column.slice(0, size));
    const rows = Array.from({ length: this.#slotCount }, (_, slot) =>
      this.slots.slice(slot * this.capacity, slot * this.capacity + size),
    );
    const parts = [Uint32Array.of(MAGIC, this.#print, size, 0), ...columns, ...rows].map(
      part => new Uint8Array(part.buffer, part.byteOffset, part.byteLength),
    );
    const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let offset = 0;
    for (const part of parts) {
      bytes.set(part, offset);
      offset += part.length;
    }
    return bytes;
  }

  /** Replaces all series by those of `toBytes`. Throws WeirError where the bytes are not such, and leaves all as it is. */
  fromBytes(bytes: Uint8Array): void {
    const size = this.#sizeOf(bytes);
    this.#grow(Math.max(this.capacity, size));
    this.size = size;
    let offset = HEADER;
    const take = (target: Column) => {
      new Uint8Array(target.buffer, target.byteOffset, target.byteLength).set(
        bytes.subarray(offset, offset + target.byteLength),
      );
      offset += target.byteLength;
    };
    for (const column of Object.values<Column>(this.fields)) take(column.subarray(0, size));
    for (let slot = 0; slot < this.#slotCount; slot++) {
      take(this.slots.subarray(slot * this.capacity, slot * this.capacity + size));
    }
  }

  #sizeOf(bytes: Uint8Array): number {
    // A copy: what was read from a file may begin anywhere in memory.
    const header = Uint8Array.from(bytes.subarray(0, bytes.length < HEADER ? 0 : HEADER));
    const [magic, print, size = 0] = new Uint32Array(header.buffer);
    const each = Object.values<Column>(this.fields).reduce((sum, column) => sum + column.BYTES_PER_ELEMENT, 0);
    if (magic !== MAGIC || bytes.length !== HEADER + size * (each + 4 * this.#slotCount)) {
      throw new WeirError('this is no state of forecasts, or not all of it: let them learn again from stored flows');
    }
    if (print !== this.#print) {
      throw new WeirError('this state is of forecasts with other parameters: let them learn again from stored flows');
    }
    return size;
  }

  #grow(capacity: number): void {
    const fields = makeFields(capacity);
    for (const [name, column] of Object.entries<Column>(this.fields)) fields[name as keyof typeof fields].set(column);
    const slots = new Float32Array(this.#slotCount * capacity);
    for (let slot = 0; slot < this.#slotCount; slot++) {
      slots.set(this.slots.subarray(slot * this.capacity, (slot + 1) * this.capacity), slot * capacity);
    }
    Object.assign(this, { fields, slots, capacity });
  }
}

/** FNV-1a. */
function fingerprint(text: string): number {
  let hash = 0x811c9dc5;
  for (const letter of text) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  return hash >>> 0;
}
