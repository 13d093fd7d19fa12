import { readdirSync } from 'node:fs';
import { Lab } from '../namespaces/lab.js';
import { sleep, until } from '../run/wait.js';
import { destroyKernelFlows, kernelFlows } from '../truth/conntrack.js';
import { weirCommand } from '../weir/weir.js';
import { type Accounts, accountsOf } from './account.js';
import { type Bed, makeBed } from './bed.js';
import { type Comparison, clientsFilter, compare } from './comparison.js';
import { collectorCounters, type FaultRun, probeCounters, recovered, runFault } from './fault-run.js';
import { faults } from './faults.js';
import { Load } from './load.js';
import { type Held, heldBy } from './memory.js';
import { numbersFrom, type SoakPlan, shuffled } from './plan.js';
import type { Life } from './supervised.js';

/** All that a soak has shown. */
export interface Soak {
  plan: SoakPlan;
  begun: number;
  ended: number;
  faults: FaultRun[];
  /** Faults that this machine cannot have, and why. */
  skipped: string[];
  comparison: Comparison;
  accounts: Accounts;
  /** Of all lives together. */
  counters: Record<string, number>;
  probe: { held: Held[]; lives: Life[] };
  collector: { held: Held[]; lives: Life[] };
  senders: { all: number; failed: number };
  /** What went wrong besides: one line each. */
  troubles: string[];
}

type Tell = (doing: string) => void;

/** Soaks the probe and the collector. Needs root. @param tell what is being done */
export async function soak(plan: SoakPlan, tell: Tell): Promise<Soak> {
  const lab = new Lab();
  try {
    const done = await run(lab, plan, tell);
    const left = await lab.close();
    return { ...done, troubles: [...done.troubles, ...left.map(each => `left behind: ${each}`)] };
  } catch (problem) {
    await lab.close();
    throw problem;
  }
}

async function run(lab: Lab, plan: SoakPlan, tell: Tell): Promise<Soak> {
  const bed = await makeBed(lab, plan);
  await bed.collector.begin();
  await bed.probe.begin();
  const begun = Date.now();
  const load = new Load(bed.network, plan);
  const watch = new Watch(bed, plan.look);
  await load.begin();
  const happened = await happenAll(bed, load, plan, tell);
  tell('settling');
  await load.end();
  const unsettled = await settle(bed).then(
    () => [],
    (problem: Error) => [problem.message],
  );
  await watch.end();
  const ended = Date.now();
  const problems = await endAll(bed);
  tell('comparing');
  const query = weirCommand(...['query', clientsFilter, ...always, '--store', `chdb:${bed.data}`, '--format', 'json']);
  const comparison = await compare(bed.truthFile, query, lab.directory('compare'));
  return {
    ...{ plan, begun, ended, faults: happened, skipped: skipped(bed), comparison, counters: counters(bed) },
    accounts: accountsOf(comparison, happened),
    probe: { held: watch.probe, lives: bed.probe.lives },
    collector: { held: watch.collector, lives: bed.collector.lives },
    senders: { all: load.senders, failed: load.failed },
    troubles: [
      ...happened.flatMap(({ fault, trouble }) => (trouble === undefined ? [] : `${fault.name}: ${trouble}`)),
      ...[...unsettled, ...problems, ...bed.probe.troubles, ...bed.collector.troubles],
    ],
  };
}

function skipped(bed: Bed): string[] {
  return faults.flatMap(fault => {
    const why = fault.lacks?.(bed);
    return why === undefined ? [] : [`${fault.name}: ${why}`];
  });
}

function counters({ probeTotals, collectorTotals }: Bed): Record<string, number> {
  return Object.fromEntries([
    ...probeCounters.map(name => [`probe ${name}`, probeTotals.total(name)] as const),
    ...collectorCounters.map(name => [`collector ${name}`, collectorTotals.total(name)] as const),
  ]);
}

/** Clocks have stepped: the widest interval that can be asked for. */
const always = ['--from', '1970-01-01T00:00:00Z', '--to', '2100-01-01T00:00:00Z'];

/**
 * One fault after the other until the time is over, each once at least, in rounds of an order of chance. In the second half no process
 * is ended: what lives has to live long for its memory to be seen.
 */
async function happenAll(bed: Bed, load: Load, plan: SoakPlan, tell: Tell): Promise<FaultRun[]> {
  const chance = numbersFrom(plan.seed);
  const possible = faults.filter(fault => fault.lacks?.(bed) === undefined);
  const begun = performance.now();
  const part = (): number => (performance.now() - begun) / (plan.minutes * 60_000);
  const happened: FaultRun[] = [];
  await sleep(plan.rest * 1000);
  for (let round = 0; round === 0 || part() < 1; round++) {
    for (const fault of shuffled(possible, chance)) {
      if (round > 0 && (part() >= 1 || (part() > 0.5 && fault.renews))) continue;
      tell(fault.name);
      const done = await runFault(fault, { bed, load, plan });
      happened.push(done);
      tell(`${fault.name}: ${said(done)}`);
    }
  }
  return happened;
}

function said({ begun, healed, recovered, said, counted, trouble }: FaultRun): string {
  const seconds = (from: number, to: number): string => `${((to - from) / 1000).toFixed(0)} s`;
  const rises = Object.entries(counted).map(([name, rise]) => `${name} +${rise}`);
  return [`${seconds(begun, healed)}, recovered in ${seconds(healed, recovered)}`, said, trouble, ...rises]
    .filter(Boolean)
    .join(', ');
}

/** Ends all connections, and waits until all of them are told and stored. */
async function settle(bed: Bed): Promise<void> {
  destroyKernelFlows(bed.router);
  await recovered(bed);
  let before = -1;
  await until('the end of storing', 300, async () => {
    await bed.look();
    const [received, stored] = ['flow_records_total', 'stored_records_total'].map(name =>
      bed.collectorTotals.latest(name),
    );
    const waiting = kernelFlows(bed.router).length > 20 || bed.collectorTotals.latest('store_pending_batches') > 0;
    const still = received === before && !waiting && stored! <= received!;
    before = received!;
    await sleep(3000);
    return still || undefined;
  });
  await recovered(bed);
}

/** In order, one after the other. @returns what was not in order, one line each */
async function endAll(bed: Bed): Promise<string[]> {
  await bed.probe.end();
  const [, exported, lost] = /(\d+) Flow Records exported, (\d+) flows lost/.exec(bed.probe.output) ?? [];
  const problems = exported === undefined ? ['the probe did not say at its end what it had exported'] : [];
  const counted = bed.probeTotals.latest('lost_events_total') + bed.probeTotals.latest('unsent_records_total');
  if (Number(lost) > counted)
    problems.push(`at its end the probe says that ${lost} flows were lost, its metrics said ${counted}`);
  const spooled = readdirSync(bed.spool.directory).filter(name => name !== 'filling');
  if (spooled.length > 0) problems.push(`the spool was not empty at the end: ${spooled.join(', ')}`);
  await bed.collector.end();
  return [...problems, ...(await bed.truth.end())];
}

/** Looks at what both hold, from time to time. */
class Watch {
  readonly probe: Held[] = [];
  readonly collector: Held[] = [];
  #ending = false;
  readonly #done: Promise<void>;

  constructor(bed: Bed, seconds: number) {
    this.#done = this.#run(bed, seconds);
  }

  async end(): Promise<void> {
    this.#ending = true;
    await this.#done;
  }

  async #run(bed: Bed, seconds: number): Promise<void> {
    while (!this.#ending) {
      for (const name of ['probe', 'collector'] as const) {
        const held = heldBy(bed[name].pid);
        if (held.resident > 0) this[name].push(held);
      }
      await bed.look();
      await sleep(seconds * 1000);
    }
  }
}
