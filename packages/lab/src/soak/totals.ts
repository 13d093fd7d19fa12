/** Counters of a process that is started again and again: of all its lives together. */
export class Totals {
  #before = new Map<string, number>();
  #now = new Map<string, number>();

  /** Takes what it says of itself, in Prometheus' text format: of each name the sum over all labels, without the names' common beginning. */
  take(text: string): void {
    const figures = new Map<string, number>();
    for (const [, name, value] of text.matchAll(/^weir_(?:probe|collector)_(\w+?)(?:\{.*\})? (\S+)$/gm))
      figures.set(name!, (figures.get(name!) ?? 0) + Number(value));
    this.#now = figures;
  }

  /** What it says from now on is of another process, which counts from 0. */
  nextLife(): void {
    for (const [name, value] of this.#now) this.#before.set(name, (this.#before.get(name) ?? 0) + value);
    this.#now = new Map();
  }

  /** 0 where it was never said. */
  total(name: string): number {
    return (this.#before.get(name) ?? 0) + (this.#now.get(name) ?? 0);
  }

  /** What the process that runs now has said last. */
  latest(name: string): number {
    return this.#now.get(name) ?? 0;
  }
}
