/** Milliseconds that an answer holds at most. */
const HOLDS = 2000;

interface Remembered {
  readonly answer: Promise<unknown>;
  readonly version: number;
  readonly at: number;
}

/** Answers that several questions of a page need, remembered for a moment while nothing new comes in. */
export class Memory {
  readonly #answers = new Map<string, Remembered>();

  /** @param version of what is asked: answers of another do not hold */
  ask<T>(question: string, version: number, run: () => Promise<T>): Promise<T> {
    const now = performance.now();
    for (const [key, { at, version: its }] of this.#answers) {
      if (its !== version || now - at > HOLDS) this.#answers.delete(key);
    }
    const found = this.#answers.get(question);
    if (found !== undefined) return found.answer as Promise<T>;
    const answer = run();
    this.#answers.set(question, { answer, version, at: now });
    // The next who asks may have better luck.
    answer.catch(() => this.#answers.delete(question));
    return answer;
  }
}
