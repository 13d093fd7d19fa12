/** Milliseconds that are told ahead, so that telling is needed only once in half of them. */
const AHEAD = 2000;

/** What a probe leaves to the next one in the same network namespace; milliseconds. */
export interface LastExport {
  /** Connections that began before, since the Unix epoch, may have been reported; those that began later have not. 0: none has. */
  readonly until: number;
  /** The last report of a connection may be so much older than the end of the probe; 0 where all were reported at its stop. */
  readonly silence: number;
}

/**
 * Until when connections may have been reported. It is told before they are reported, and what is told never goes back: whenever the
 * process is killed, what it has told is no earlier than what it has done, and the next one exports nothing twice.
 */
export class ExportedUntil {
  #until: number;
  #latest = 0;

  /** @param former what the probe before has left @param tell remembers it beyond this process */
  constructor(
    former: number,
    private readonly tell: (last: LastExport) => void,
  ) {
    this.#until = former;
  }

  /** @param silence milliseconds between two reports of a connection at most: from now on, nothing says that all have just been reported */
  begin(silence: number): void {
    this.tell({ until: this.#until, silence });
  }

  /** Before connections are reported. @param now wall clock @param age milliseconds that a connection lives at least before its first report */
  report(now: number, age: number, silence: number): void {
    const needed = this.#began(now, age);
    if (needed + AHEAD / 2 < this.#until) return;
    this.#until = needed + AHEAD;
    this.tell({ until: this.#until, silence });
  }

  /** Every connection has just been reported, however young. */
  stop(now: number): void {
    this.tell({ until: this.#began(now, 0), silence: 0 });
  }

  /** When the youngest connection that is reported now may have begun: after the clock was set back, that was in the future. */
  #began(now: number, age: number): number {
    const began = now < this.#latest ? this.#latest : now - age;
    this.#latest = Math.max(this.#latest, now);
    return began;
  }
}
