import { readFileSync } from 'node:fs';
import type { Namespace } from '../namespaces/namespace.js';
import { sleep, until } from '../run/wait.js';
import { destroyMarked } from '../traffic/traffic.js';
import { kernelFlowCount } from '../truth/conntrack.js';
import { type Bed, fillMark, timeouts } from './bed.js';
import type { Load } from './load.js';
import type { SoakPlan } from './plan.js';

/** What is done to the bed, and undone. */
export interface Fault {
  name: string;
  /** What it takes is stated, and not counted. */
  kills?: 'probe' | 'collector';
  /** A process is another one afterwards: its memory begins anew. */
  renews?: true;
  /** Why this machine cannot have it; undefined where it can. */
  lacks?(bed: Bed): string | undefined;
  /** Does it, lets it last, and undoes it. @returns what else is to be said of it */
  happen(around: Surroundings): Promise<string | undefined>;
}

export interface Surroundings {
  bed: Bed;
  load: Load;
  plan: SoakPlan;
}

const noClock = (bed: Bed): string | undefined =>
  bed.clocks === undefined ? 'no C compiler (clang) for a clock that can be stepped' : undefined;
/** Seconds ahead, and then back again. */
const clockStep = 3600;

export const faults: readonly Fault[] = [
  {
    name: 'probe killed',
    kills: 'probe',
    renews: true,
    happen: async ({ bed }) => {
      await bed.probe.kill();
      return undefined;
    },
  },
  {
    name: 'collector killed',
    kills: 'collector',
    renews: true,
    happen: async ({ bed }) => {
      await bed.collector.kill();
      return undefined;
    },
  },
  { name: "collector's engine killed", renews: true, happen: killEngine },
  {
    name: 'collector away',
    renews: true,
    happen: ({ bed, plan }) => withoutCollector(bed, () => sleep(plan.hold * 1000)),
  },
  {
    name: 'collector away for longer than the spool holds',
    renews: true,
    happen: ({ bed, plan }) => withoutCollector(bed, () => overflow(bed, plan)),
  },
  {
    name: 'disk of the spool full, collector away',
    renews: true,
    happen: ({ bed, plan }) =>
      withoutCollector(bed, async () => {
        bed.spool.fill();
        await sleep(plan.hold * 1000);
        bed.spool.makeRoom();
      }),
  },
  { name: 'disk of the store full', happen: fullStore },
  { name: 'clock of the probe steps', lacks: noClock, happen: around => stepClock(around, 'probe') },
  { name: 'clock of the collector steps', lacks: noClock, happen: around => stepClock(around, 'collector') },
  { name: 'interfaces flap', happen: flap },
  { name: 'way to the collector cut', happen: cut },
  { name: 'connection table full', lacks: tooLarge, happen: fillTable },
];

async function killEngine({ bed }: Surroundings): Promise<string | undefined> {
  const restarts = bed.collectorTotals.latest('store_restarts_total');
  const engine = bed.collector.children().at(-1);
  if (engine === undefined) return 'no engine was there';
  process.kill(engine, 'SIGKILL');
  await until('another engine', 120, async () => {
    await bed.look();
    return bed.collectorTotals.latest('store_restarts_total') > restarts || undefined;
  });
  return undefined;
}

async function withoutCollector(bed: Bed, meanwhile: () => Promise<void>): Promise<undefined> {
  await bed.collector.end();
  await meanwhile();
  await bed.collector.begin();
}

/** At least for the time that is meant, and until the spool has had to drop something. */
async function overflow(bed: Bed, plan: SoakPlan): Promise<void> {
  await sleep(plan.away * 1000);
  const dropped = bed.probeTotals.total('collector_spool_dropped_records_total');
  await until('a spool that drops', 300, async () => {
    await bed.look();
    return bed.probeTotals.total('collector_spool_dropped_records_total') > dropped || undefined;
  });
}

async function fullStore({ bed, plan }: Surroundings): Promise<undefined> {
  const { store } = bed;
  for (let i = 0; i < plan.hold; i++) {
    store.fill();
    await sleep(1000);
  }
  store.makeRoom();
}

async function stepClock({ bed, plan }: Surroundings, whose: 'probe' | 'collector'): Promise<string> {
  const clock = bed.clocks![whose];
  clock.step(clockStep);
  await sleep(plan.hold * 1000);
  clock.step(0);
  return `${clockStep} s ahead for ${plan.hold} s`;
}

const flaps = 3;
const down = (router: Namespace, link: string): string => router.ip('link', 'set', link, 'down');
const up = (router: Namespace, link: string): string => router.ip('link', 'set', link, 'up');

/** The masquerade's connections end with the address of their link (nf_nat_masquerade.c). */
async function flap({ bed: { router } }: Surroundings): Promise<string> {
  for (const link of ['server', 'client']) {
    for (let i = 0; i < flaps; i++) {
      down(router, link);
      await sleep(1000);
      up(router, link);
      await sleep(1000);
    }
  }
  return `two links, ${flaps} times each`;
}

async function cut({ bed: { router }, plan }: Surroundings): Promise<undefined> {
  down(router, 'collector');
  await sleep(plan.hold * 1000);
  up(router, 'collector');
}

const tableLimit = (): number => Number(readFileSync('/proc/sys/net/netfilter/nf_conntrack_max', 'utf8'));
/** More would need ports that are not there, and minutes. */
const mostConnections = 1_000_000;

function tooLarge(): string | undefined {
  return tableLimit() > mostConnections ? `nf_conntrack_max is above ${mostConnections}` : undefined;
}

/** By a tenth more connections than it takes. The limit is one for all namespaces, so it is not lowered, which others would feel. */
async function fillTable({ bed: { router }, load, plan }: Surroundings): Promise<string> {
  const limit = tableLimit();
  const before = tableStatistics(router);
  // They are to be there together; the traffic that goes on has its own timeouts again at once.
  router.sysctl('net.netfilter.nf_conntrack_udp_timeout', 300);
  await load.fill(Math.ceil(limit * 1.1));
  router.sysctl('net.netfilter.nf_conntrack_udp_timeout', timeouts.udp_timeout);
  await sleep(plan.hold * 1000);
  await destroyMarked(router, fillMark);
  await until('an emptier table', 240, () => kernelFlowCount(router) < limit / 4 || undefined);
  const after = tableStatistics(router);
  const [refused, early] = (['drop', 'early_drop'] as const).map(name => after[name]! - before[name]!);
  return `${limit} connections; the kernel refused ${refused} and removed ${early} early`;
}

/** What the kernel counts, over all processors. */
function tableStatistics(router: Namespace): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const [, name, value] of router.run(['conntrack', '-S']).matchAll(/(\w+)=(\d+)/g))
    sums[name!] = (sums[name!] ?? 0) + Number(value);
  return sums;
}
