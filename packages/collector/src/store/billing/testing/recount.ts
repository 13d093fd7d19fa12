import type { MadeFlow } from './flows.js';

/** Octets of samples of five minutes, by their beginnings. */
export interface Recount {
  readonly in: Map<number, bigint>;
  readonly out: Map<number, bigint>;
  readonly within: Map<number, bigint>;
}

type Counted = Pick<MadeFlow, 'octets' | 'reverseOctets' | 'start' | 'end'>;

const FIVE_MINUTES = 300_000;

/** Counts flows anew, one after the other, straight from what was made: nothing of it is of the code under test. */
export function recount<T extends Counted>(
  flows: Iterable<T>,
  sides: (flow: T) => { source: boolean; destination: boolean },
): Recount {
  const sums: Recount = { in: new Map(), out: new Map(), within: new Map() };
  for (const flow of flows) {
    const { source, destination } = sides(flow);
    if (source && destination) {
      spread(sums.within, flow, flow.octets);
      spread(sums.within, flow, flow.reverseOctets);
    } else if (source || destination) {
      spread(source ? sums.out : sums.in, flow, flow.octets);
      spread(source ? sums.in : sums.out, flow, flow.reverseOctets);
    }
  }
  return sums;
}

/** Puts octets into the samples that the flow lasts, each up to its end as many as the time that has passed makes, rounded down. */
function spread(into: Map<number, bigint>, { start, end }: Counted, octets: number): void {
  const length = BigInt(end - start);
  let given = 0n;
  for (let sample = start - (start % FIVE_MINUTES); ; sample += FIVE_MINUTES) {
    const next = sample + FIVE_MINUTES;
    const due = next >= end ? BigInt(octets) : (BigInt(octets) * BigInt(next - start)) / length;
    into.set(sample, (into.get(sample) ?? 0n) + due - given);
    given = due;
    if (next >= end) return;
  }
}

/** The sum of samples that begin in [from, to). */
export function sumIn(samples: Map<number, bigint>, from = 0, to = Number.POSITIVE_INFINITY): bigint {
  let sum = 0n;
  for (const [time, octets] of samples) if (time >= from && time < to) sum += octets;
  return sum;
}

/** Bits per second that are left when the largest twentieth of all samples of a time, also the empty ones, is taken away. */
export function largestWithout5Percent(samples: readonly Map<number, bigint>[], from: number, to: number): number {
  const all: number[] = [];
  for (let time = from; time < to; time += FIVE_MINUTES)
    all.push(samples.reduce((sum, each) => sum + Number(each.get(time) ?? 0n), 0));
  all.sort((a, b) => b - a);
  return (all[Math.floor(all.length / 20)]! * 8) / 300;
}
