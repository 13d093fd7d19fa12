/** An address as a whole number of its family: IPv4 as a number, IPv6 as a bigint. */
export type Point = number | bigint;

/** What holds of the addresses of one family: from each start on, up to the next, a value; 0 means none. */
export class Segments<P extends Point> {
  readonly starts: P[] = [];
  readonly values: number[] = [];

  /**
   * Says that the value holds of [start, end), also of what the last range has of it. Ranges come in the order of their addresses.
   * @throws RangeError where one begins before the last one began
   */
  add(start: P, end: P, value: number): void {
    const { starts, values } = this;
    if (end <= start) throw new RangeError('a range that ends before it begins');
    if (value === 0) return;
    const lastEnd = starts.at(-1);
    const lastValue = values.at(-2) ?? 0;
    if (lastEnd !== undefined && start <= lastEnd) {
      if (start < starts.at(-2)!) throw new RangeError('ranges that are not in order');
      this.#pop();
      if (starts.at(-1) === start) this.#pop();
    }
    this.#push(start, value);
    if (lastEnd !== undefined && end < lastEnd) {
      this.#push(end, lastValue);
      this.#push(lastEnd, 0);
    } else {
      this.#push(end, 0);
    }
  }

  #pop(): void {
    this.starts.pop();
    this.values.pop();
  }

  #push(start: P, value: number): void {
    if ((this.values.at(-1) ?? 0) === value) return;
    this.starts.push(start);
    this.values.push(value);
  }
}

/** Both families. */
export interface AddressSegments {
  readonly v4: Segments<number>;
  readonly v6: Segments<bigint>;
}

export function noSegments(): AddressSegments {
  return { v4: new Segments(), v6: new Segments() };
}

/** Calls `each` for every start of one of them or several, in order, with the values that hold from there on. */
export function sweep<P extends Point>(
  all: readonly Segments<P>[],
  each: (start: P, values: readonly number[]) => void,
): void {
  const at = all.map(() => 0);
  const values = all.map(() => 0);
  for (;;) {
    let start: P | undefined;
    for (let i = 0; i < all.length; i++) {
      const next = all[i]!.starts[at[i]!];
      if (next !== undefined && (start === undefined || next < start)) start = next;
    }
    if (start === undefined) return;
    for (let i = 0; i < all.length; i++) {
      if (all[i]!.starts[at[i]!] === start) values[i] = all[i]!.values[at[i]!++]!;
    }
    each(start, values);
  }
}
