import type { Comparison, Deviation } from './comparison.js';
import type { FaultRun } from './fault-run.js';

/** What is stated of kills (docs/reference/exporting.md): nobody can count it, so it has to lie at them. */
export type Stated = 'no probe was there' | 'in the memory of a killed probe' | 'at the kill of the collector';

/** Why the store lacks something. */
export interface Accounts {
  /** connections by what is stated. */
  stated: Map<Stated, Deviation[]>;
  /** By the fault in which counters say that something was lost: at most as many as they say. */
  counted: Map<FaultRun, Deviation[]>;
  /** What is none of these: at most as many as were counted between faults. */
  rest: Deviation[];
  /** connections of which the store has more than the kernel. */
  excess: Deviation[];
}

/** Milliseconds around a kill: what was on its way, and when the lab's own listener heard of an end. */
const around = 5000;

export function accountsOf({ deviations }: Comparison, faults: readonly FaultRun[]): Accounts {
  const accounts: Accounts = { stated: new Map(), counted: new Map(), rest: [], excess: [] };
  const kills = faults.filter(each => each.fault.kills !== undefined);
  const losing = faults.filter(each => lostIn(each.counted) > 0);
  for (const each of deviations) {
    const why = endedAt(each, kills);
    const when =
      losing.find(({ begun, over }) => touches(each, begun, over, 0)) ??
      losing.find(({ begun, over }) => touches(each, begun, over));
    const kill = kills.find(({ begun }) => touches(each, begun, begun));
    if (each.told > each.ends || each.lacks.some(lack => lack < 0)) accounts.excess.push(each);
    else if (why !== undefined) put(accounts.stated, why, each);
    else if (when !== undefined) put(accounts.counted, when, each);
    else if (kill !== undefined) put(accounts.stated, livedThrough[kill.fault.kills!], each);
    else accounts.rest.push(each);
  }
  return accounts;
}

const livedThrough = { probe: 'in the memory of a killed probe', collector: 'at the kill of the collector' } as const;

function put<Key>(by: Map<Key, Deviation[]>, key: Key, each: Deviation): void {
  const known = by.get(key);
  if (known === undefined) by.set(key, [each]);
  else known.push(each);
}

/** Records that counters say are lost: what the spool dropped is in what was not sent. */
export function lostIn(counted: Readonly<Record<string, number>>): number {
  const names = ['lost_events_total', 'unsent_records_total', 'failed_records_total'];
  return names.reduce((sum, name) => sum + (counted[name] ?? 0), 0);
}

/** Whether it ended in this time, or lived through it. */
function touches({ endTimes, start }: Deviation, from: number, to: number, margin = around): boolean {
  return endTimes.some(end => end >= from - margin && (end <= to + margin || start <= to));
}

/** At which kill it ended. */
function endedAt({ endTimes }: Deviation, kills: readonly FaultRun[]): Stated | undefined {
  const within = (from: number, to: number): boolean =>
    endTimes.some(end => end >= from - around && end <= to + around);
  for (const { fault, begun, healed } of kills) {
    if (fault.kills === 'collector' && within(begun, begun)) return 'at the kill of the collector';
    if (fault.kills === 'probe' && within(begun, healed)) return 'no probe was there';
  }
  return undefined;
}

/** Connections whose end the store has not. */
export function missingFlows(deviations: readonly Deviation[]): number {
  return deviations.reduce((sum, { ends, told }) => sum + Math.max(0, ends - told), 0);
}

/** Octets of both directions that the store lacks. */
export function missingOctets(deviations: readonly Deviation[]): number {
  return deviations.reduce((sum, { lacks }) => sum + lacks[1] + lacks[3], 0);
}
