import { WeirError } from '../error.js';

const DAY = 86_400;
const QUARTER = 900;

/** What clocks show in a time zone. Offsets are kept for the day, or the quarter of an hour, that was asked about last. */
export class LocalTime {
  readonly #format: Intl.DateTimeFormat;
  #from = 0;
  #until = 0;
  #offset = 0;

  /** @param timeZone IANA name, as `Europe/Berlin` */
  constructor(timeZone: string) {
    try {
      this.#format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
    } catch {
      throw new WeirError(`"${timeZone}" is no time zone that this machine knows: take an IANA name, as Europe/Berlin`);
    }
  }

  /** @param time seconds since the epoch @returns seconds that local clocks are past 1970-01-01 0:00 local time */
  secondsAt(time: number): number {
    if (!(time >= this.#from && time < this.#until)) this.#look(time);
    return time + this.#offset;
  }

  #look(time: number): void {
    this.#from = Math.floor(time / DAY) * DAY;
    this.#until = this.#from + DAY;
    this.#offset = this.#offsetAt(this.#from);
    if (this.#offsetAt(this.#until) === this.#offset) return;
    // Clocks are changed on this day; they are at a quarter of an hour wherever there are people.
    this.#from = Math.floor(time / QUARTER) * QUARTER;
    this.#until = this.#from + QUARTER;
    this.#offset = this.#offsetAt(this.#from);
  }

  #offsetAt(time: number): number {
    const part = this.#format.formatToParts(time * 1000).find(({ type }) => type === 'timeZoneName');
    const match = /GMT([+-])(\d+):(\d+)(?::(\d+))?/.exec(part?.value ?? '');
    if (match === null) return 0;
    const [, sign, hours, minutes, seconds = '0'] = match;
    const offset = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
    return sign === '-' ? -offset : offset;
  }
}
