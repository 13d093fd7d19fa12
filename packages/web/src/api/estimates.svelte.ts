/** How much of what is shown is an estimate, as the page says in one place. */
class Estimates {
  #shown = $state(0);

  get any(): boolean {
    return this.#shown > 0;
  }

  /** Something is shown, with this error or exactly, that was with that one. @returns the error */
  change(from: number | undefined, to: number | undefined): number | undefined {
    this.#shown += Number(to !== undefined) - Number(from !== undefined);
    return to;
  }
}

export const estimates = new Estimates();
