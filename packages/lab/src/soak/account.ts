import type { Comparison, Deviation } from './comparison.js';
import type { FaultRun } from './fault-run.js';

/** What is stated of kills (docs/reference/exporting.md): nobody can count it, so it has to lie at them. */
export type Stated = 'no probe was there' | 'in the memory of a killed probe' | 'at the kill of the collector';

/** Why the store lacks something. */
export interface Accounts {
  /** Flow Keys by what is stated. */
  stated: Map<Stated, Deviation[]>;
  /** What is neither exact nor stated: at most as many as records are counted as lost. */
  rest: Deviation[];
  /** Flow Keys of which the store has more than the kernel. */
  excess: Deviation[];
}

/** Milliseconds around a kill: what was on its way, and when the lab's own listener heard of an end. */
const around = 5000;

export function accountsOf({ deviations }: Comparison, faults: readonly FaultRun[]): Accounts {
  const accounts: Accounts = { stated: new Map(), rest: [], excess: [] };
  const kills = faults.filter(each => each.fault.kills !== undefined);
  for (const each of deviations) {
    if (each.told > each.ends || each.lacks.some(lack => lack < 0)) {
      accounts.excess.push(each);
      continue;
    }
    const why = statedOf(each, kills);
    if (why === undefined) accounts.rest.push(each);
    else accounts.stated.set(why, [...(accounts.stated.get(why) ?? []), each]);
  }
  return accounts;
}

function statedOf({ endTimes, start }: Deviation, kills: readonly FaultRun[]): Stated | undefined {
  const within = (from: number, to: number): boolean => endTimes.some(time => time >= from && time <= to);
  for (const { fault, begun, healed } of kills) {
    if (fault.kills === 'collector') {
      if (within(begun - around, begun + around) || lived(begun)) return 'at the kill of the collector';
    } else if (within(begun - around, healed + around)) return 'no probe was there';
    else if (lived(begun)) return 'in the memory of a killed probe';
  }
  return undefined;

  function lived(time: number): boolean {
    return start <= time && endTimes.some(end => end >= time);
  }
}

/** Connections whose end the store has not. */
export function missingFlows(deviations: readonly Deviation[]): number {
  return deviations.reduce((sum, { ends, told }) => sum + Math.max(0, ends - told), 0);
}

/** Octets of both directions that the store lacks. */
export function missingOctets(deviations: readonly Deviation[]): number {
  return deviations.reduce((sum, { lacks }) => sum + lacks[1] + lacks[3], 0);
}
