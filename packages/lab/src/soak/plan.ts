/** How long a soak lasts, and how hard it is. Times are seconds, sizes octets. */
export interface SoakPlan {
  minutes: number;
  /** Of the order of faults. */
  seed: number;
  /** Flows of one packet that come at once, and how often. */
  floodFlows: number;
  floodPause: number;
  /** How long a fault lasts that may be short, and for how long the collector is away. */
  hold: number;
  away: number;
  /** Between the end of a fault and the next. */
  rest: number;
  /** What the probe may spool, and the disks of the spool and of the store. */
  spoolSize: number;
  spoolDisk: number;
  storeDisk: number;
  /** Between two looks at memory and counters. */
  look: number;
}

const MiB = 2 ** 20;

/** From so many minutes on there is time for outages of minutes, and for memory to show whether it grows. */
const longMinutes = 10;

export function soakPlan(minutes: number, seed: number): SoakPlan {
  const long = minutes >= longMinutes;
  return {
    minutes,
    seed,
    floodFlows: long ? 20_000 : 5000,
    floodPause: long ? 15 : 4,
    hold: long ? 20 : 4,
    away: long ? 150 : 12,
    rest: long ? 20 : 2,
    spoolSize: (long ? 24 : 2) * MiB,
    spoolDisk: (long ? 64 : 16) * MiB,
    storeDisk: (long ? 3072 : 512) * MiB,
    look: long ? 10 : 2,
  };
}

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
export function numbersFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** In an order of chance (Fisher and Yates). */
export function shuffled<T>(all: readonly T[], chance: () => number): T[] {
  const mixed = [...all];
  for (let i = mixed.length - 1; i > 0; i--) {
    const j = Math.floor(chance() * (i + 1));
    [mixed[i], mixed[j]] = [mixed[j]!, mixed[i]!];
  }
  return mixed;
}
