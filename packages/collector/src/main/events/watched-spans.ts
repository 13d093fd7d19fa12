/** A time in which somebody looked: from and to, milliseconds since the epoch. */
export type Span = readonly [from: number, to: number];

/** When it was looked, minute by minute: nothing then is nothing, and not a collector that was away. */
export class WatchedSpans {
  #spans: Span[];

  constructor(spans: readonly Span[] = []) {
    this.#spans = [...spans];
  }

  get spans(): readonly Span[] {
    return this.#spans;
  }

  /** @param since what is before it is forgotten */
  add(from: number, to: number, since: number): void {
    const last = this.#spans.at(-1);
    if (last !== undefined && last[1] === from) this.#spans[this.#spans.length - 1] = [last[0], to];
    else this.#spans.push([from, to]);
    this.#spans = this.#spans.filter(([, end]) => end > since);
  }

  has(time: number): boolean {
    return this.#spans.some(([from, to]) => time >= from && time < to);
  }
}
