interface Sample {
  at: number;
  count: number;
}

/** Rate of a growing counter over the last `span` milliseconds. A counter that falls (a restart) starts anew. */
export class RateWindow {
  readonly #span: number;
  #samples: Sample[] = [];

  constructor(span: number) {
    this.#span = span;
  }

  /** Takes the counter at a time in milliseconds, gives the rate per second; 0 until there are two samples. */
  add(at: number, count: number): number {
    const last = this.#samples.at(-1);
    if (last !== undefined && (count < last.count || at <= last.at)) this.#samples = [];
    this.#samples.push({ at, count });
    while (this.#samples.length > 2 && this.#samples[1]!.at <= at - this.#span) this.#samples.shift();
    const first = this.#samples[0]!;
    return at > first.at ? ((count - first.count) * 1000) / (at - first.at) : 0;
  }
}
