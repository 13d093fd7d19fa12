const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const SHORT = 0x80;

/**
 * What Flow Records have beyond the columns, in the layout of ClickHouse's Native format for Map(String, String): where the pairs
 * of each row end, all names, all values. Rows are filled in their order.
 */
export class OtherColumn {
  readonly #ends: BigUint64Array;
  readonly #names = new Texts();
  readonly #values = new Texts();
  #pairs = 0;
  /** Rows whose ends are known. */
  #rows = 0;

  constructor(capacity: number) {
    this.#ends = new BigUint64Array(capacity);
  }

  get isEmpty(): boolean {
    return this.#pairs === 0;
  }

  /** @param name IANA name, or PEN:ID */
  add(row: number, name: string, value: string): void {
    this.#endBefore(row);
    this.#names.add(name);
    this.#values.add(value);
    this.#pairs++;
  }

  /** The column's octets, in parts; good until the next call of anything here. */
  parts(rows: number): Uint8Array[] {
    this.#endBefore(rows);
    return [new Uint8Array(this.#ends.buffer, 0, rows * 8), this.#names.octets, this.#values.octets];
  }

  /** Names and values of each row by turns; undefined where it has none. */
  read(rows: number): (string[] | undefined)[] {
    this.#endBefore(rows);
    const names = this.#names.read();
    const values = this.#values.read();
    let pair = 0;
    return Array.from({ length: rows }, (_, row) => {
      const end = Number(this.#ends[row]!);
      if (pair === end) return undefined;
      const pairs: string[] = [];
      for (; pair < end; pair++) pairs.push(names[pair]!, values[pair]!);
      return pairs;
    });
  }

  reset(): void {
    this.#names.reset();
    this.#values.reset();
    this.#pairs = 0;
    this.#rows = 0;
  }

  #endBefore(row: number): void {
    if (this.#rows < row) this.#ends.fill(BigInt(this.#pairs), this.#rows, row);
    this.#rows = row;
  }
}

/** Strings of the Native format, one behind the other: length and UTF-8. */
class Texts {
  #octets = new Uint8Array(4096);
  #length = 0;

  get octets(): Uint8Array {
    return this.#octets.subarray(0, this.#length);
  }

  add(text: string): void {
    if (text.length < SHORT) this.#addShort(text);
    else this.#addLong(text);
  }

  read(): string[] {
    const texts: string[] = [];
    for (let at = 0; at < this.#length; ) {
      let length = 0;
      for (let shift = 0; ; shift += 7) {
        const octet = this.#octets[at++]!;
        length |= (octet & 0x7f) << shift;
        if (octet < 0x80) break;
      }
      texts.push(decoder.decode(this.#octets.subarray(at, at + length)));
      at += length;
    }
    return texts;
  }

  reset(): void {
    this.#length = 0;
  }

  /** ASCII, as nearly all is. */
  #addShort(text: string): void {
    this.#reserve(SHORT);
    const octets = this.#octets;
    const start = this.#length + 1;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code >= 0x80) {
        this.#addLong(text);
        return;
      }
      octets[start + i] = code;
    }
    octets[start - 1] = text.length;
    this.#length = start + text.length;
  }

  #addLong(text: string): void {
    const bytes = encoder.encode(text);
    // A length below 2^31 takes at most five octets.
    this.#reserve(5 + bytes.length);
    this.#length = putVarint(this.#octets, this.#length, bytes.length);
    this.#octets.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  #reserve(octets: number): void {
    const needed = this.#length + octets;
    if (needed <= this.#octets.length) return;
    const larger = new Uint8Array(Math.max(needed, 2 * this.#octets.length));
    larger.set(this.octets);
    this.#octets = larger;
  }
}

/** The texts as strings of the Native format. */
export function texts(all: readonly string[]): Uint8Array {
  const written = new Texts();
  for (const text of all) written.add(text);
  return written.octets;
}

/** Writes an unsigned LEB128 number below 2^31. @returns the offset behind it */
export function putVarint(octets: Uint8Array, at: number, value: number): number {
  let rest = value;
  let offset = at;
  for (; rest >= 0x80; rest >>>= 7) octets[offset++] = (rest & 0x7f) | 0x80;
  octets[offset++] = rest;
  return offset;
}
