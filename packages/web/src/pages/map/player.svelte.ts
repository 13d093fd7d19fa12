import { untrack } from 'svelte';
import type { Page } from '../../state/page.svelte.js';
import { aheadOf, played, SPEEDS } from './timebar.js';

/** Milliseconds between two moves while playing, and between two words of it to the address. */
const MOVE = 100;
const WRITE = 1000;
/** What is made ready while nothing plays: the next quarter of an hour. */
const QUIET = 900_000;

/** The time that the map shows: now, or one in the past that may move on. In the address, too. Made while a component is. */
export class Player {
  /** Milliseconds; undefined is now. */
  time = $state.raw<number>();
  playing = $state(false);
  speed = $state<number>(SPEEDS[1]);
  readonly #page: Page;
  readonly #now: () => number;
  #written = '';

  constructor(page: Page, now: () => number) {
    this.#page = page;
    this.#now = now;
    // Also where the reader goes back, or follows a link.
    $effect.pre(() => {
      const at = page.view.at;
      untrack(() => {
        if (at === this.#written) return;
        this.#written = at;
        // Of what is to come nothing is known.
        this.time = at === '' || Number(at) >= this.#now() ? undefined : Number(at);
      });
    });
    $effect(() => {
      if (!this.playing) return undefined;
      const speed = this.speed;
      let last = performance.now();
      let wrote = last;
      const timer = setInterval(() => {
        const current = performance.now();
        const next = played(this.time ?? this.#now(), current - last, speed, this.#now());
        last = current;
        this.time = next;
        if (next === undefined) this.playing = false;
        if (next === undefined || current - wrote > WRITE) {
          wrote = current;
          this.#write();
        }
      }, MOVE);
      return () => clearInterval(timer);
    });
  }

  /** Milliseconds that should be made ready. */
  get ahead(): number {
    return this.playing ? aheadOf(this.speed) : QUIET;
  }

  seek(time: number | undefined): void {
    this.time = time === undefined || time >= this.#now() ? undefined : Math.round(time);
    if (this.time === undefined) this.playing = false;
    this.#write();
  }

  /** Plays on; from the beginning of the bar where it is now. */
  toggle(from: number): void {
    if (!this.playing && this.time === undefined) this.time = from;
    this.playing = !this.playing;
    this.#write();
  }

  #write(): void {
    this.#written = this.time === undefined ? '' : String(Math.round(this.time));
    this.#page.replace({ at: this.#written });
  }
}
