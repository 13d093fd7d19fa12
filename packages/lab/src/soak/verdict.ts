import { lostIn } from './account.js';
import type { Deviation } from './comparison.js';
import { type Growth, growths, type Held } from './memory.js';
import type { Soak } from './soak.js';

/**
 * Octets at most. The probe: the runtime's, 300 for each of the 262,144 connections that the flow table takes, and what is on its way to the
 * collector or read from the spool, in several copies. The collector: its engine's, with its caches.
 */
export const bounds = { probe: 130e6 + 262_144 * 300 + 60e6, collector: 2e9 } as const;
/** From the first to the last third of a life: the runtime's heap breathes, and the engine's caches with what there is to store. */
export const growthAllowed = { probe: { part: 0.1, octets: 15e6 }, collector: { part: 0.15, octets: 30e6 } } as const;
/** The smallest Data Record of a Flow, in octets: so many records at most are in octets that were sent once more. */
export const smallestRecord = 40;

/** Records that counters say are lost, of all lives together. */
export function countedLost({ counters }: Soak): number {
  return lostIn(Object.fromEntries(Object.entries(counters).map(([name, value]) => [name.split(' ')[1]!, value])));
}

/** Why the soak has failed, one line each; none where nothing is lost but what is counted or stated, and memory is flat. */
export function failures(soak: Soak): string[] {
  return [...lossFailures(soak), ...memoryFailures(soak), ...soak.troubles];
}

function lossFailures(soak: Soak): string[] {
  const { comparison, accounts, counters } = soak;
  const found: string[] = [];
  const inFaults = soak.faults.reduce((sum, each) => sum + lostIn(each.counted), 0);
  if (comparison.kernel.flows === 0) found.push('the kernel has told of no connection: nothing was shown');
  const lacking = (when: string, all: readonly Deviation[], counted: number): void => {
    if (all.length > counted)
      found.push(
        `${when}: ${all.length} connections lack something, ${counted} records are counted as lost: ${few(all)}`,
      );
  };
  for (const [run, all] of accounts.counted) lacking(run.fault.name, all, lostIn(run.counted));
  lacking('between faults', accounts.rest, countedLost(soak) - inFaults);
  if (accounts.excess.length > 0)
    found.push(`the store has more than the kernel of ${accounts.excess.length} connections: ${few(accounts.excess)}`);
  const doubles = Math.floor(counters['probe collector_resent_bytes_total']! / smallestRecord);
  if (comparison.doubled > doubles)
    found.push(`${comparison.doubled} records are in the store twice, and ${doubles} at most were sent once more`);
  return found;
}

function few(all: readonly Deviation[]): string {
  return all
    .slice(0, 5)
    .map(each => JSON.stringify(each))
    .join(', ');
}

function memoryFailures(soak: Soak): string[] {
  return (['probe', 'collector'] as const).flatMap(name => {
    const { held } = soak[name];
    const most = Math.max(...held.map(each => each.resident));
    const found = most > bounds[name] ? [`the ${name} had ${most} octets resident, more than ${bounds[name]}`] : [];
    const { part, octets } = growthAllowed[name];
    const grown = (what: 'anonymous' | 'descriptors' | 'threads', allowed: (early: number) => number): string[] =>
      growths(lateOf(soak, name), what)
        .filter(({ early, late }) => late - early > allowed(early))
        .map(each => `${what} of the ${name} grew ${spelt(each)}`);
    return [
      ...found,
      ...grown('anonymous', early => Math.max(octets, part * early)),
      ...grown('descriptors', () => 8),
      // The engine begins one where all that it has are busy, and keeps it.
      ...grown('threads', early => Math.max(4, part * early)),
    ];
  });
}

/** What was held in the second half of the time, in which no process is ended: an outage makes room for what it brings, once. */
export function lateOf({ begun, ended, ...soak }: Soak, name: 'probe' | 'collector'): Held[] {
  return soak[name].held.filter(({ time }) => time >= (begun + ended) / 2);
}

function spelt({ pid, minutes, early, late }: Growth): string {
  return `from ${early} to ${late} in ${minutes.toFixed(0)} minutes (process ${pid})`;
}
