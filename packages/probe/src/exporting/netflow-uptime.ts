import type { Clock } from '../host/host.js';

/** 24.8 days in milliseconds: half of what sysUpTime, a 32-bit number, holds. */
const HALF = 2 ** 31;
const WHOLE = 2 ** 32;
/** A Message is not open for longer than this. */
const MARGIN = 3_600_000;

/**
 * The clock of NetFlow v5 and v9: times are milliseconds since a start of the exporter, which the header tells by sysUpTime. The
 * start is put 24.8 days before the true one, so that Flows older than the probe have times; it moves on before the 32 bits
 * are full, so that no collector has to guess what a number that has wrapped means.
 */
export class NetflowUptime {
  /** Times that lie before the start, told as the start: of Flows that have gone on for longer without a report. */
  clampedTimes = 0;
  #start: number;

  constructor(private readonly clock: Clock) {
    this.#start = this.#newStart();
  }

  /** To be called before the first time of each Message: its header and its records have the same start. */
  begin(): void {
    const now = this.clock.wall();
    if (now < this.#start || now - this.#start > WHOLE - MARGIN) this.#start = this.#newStart();
  }

  /** @param wall milliseconds since the epoch @returns milliseconds since the start, 32 bits */
  at(wall: number): number {
    const uptime = Math.floor(wall - this.#start);
    if (uptime >= 0 && uptime < WHOLE) return uptime;
    this.clampedTimes++;
    return uptime < 0 ? 0 : WHOLE - 1;
  }

  #newStart(): number {
    return Math.floor(this.clock.wall()) - HALF;
  }
}
