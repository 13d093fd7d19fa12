import { sleep, until } from '../run/wait.js';
import type { Bed } from './bed.js';
import type { Fault, Surroundings } from './faults.js';

/** Counters of what is lost, or told twice, in the names of the metrics: of the probe, and of the collector. */
export const probeCounters = [
  'lost_events_total',
  'unsent_records_total',
  'collector_spool_dropped_records_total',
  'collector_resent_bytes_total',
  'repeated_ends_total',
  'unobserved_ends_total',
  'flow_table_overflows_total',
  'clock_steps_total',
  'deferred_events_total',
  'counter_resets_total',
] as const;
export const collectorCounters = [
  'lost_records',
  'failed_records_total',
  'torn_octets_total',
  'recovered_messages_total',
  'store_restarts_total',
  'malformed_messages_total',
  'unknown_template_sets_total',
] as const;

/** A fault that has happened. Times are milliseconds since the Unix epoch. */
export interface FaultRun {
  fault: Fault;
  begun: number;
  /** When it was undone, when nothing waited any more, and when the rest after it was over. */
  healed: number;
  recovered: number;
  over: number;
  said: string;
  /** By how much counters rose until then; only those that did. */
  counted: Record<string, number>;
  /** Where it did not go as it should: why. */
  trouble?: string;
}

/** Octets: some hundred events. */
const notBehind = 1e6;
/** How long it may take until all that waits is stored, in seconds. */
const patience = 300;

/** Lets a fault happen, waits until all that waited is stored, and rests. */
export async function runFault(fault: Fault, around: Surroundings): Promise<FaultRun> {
  const { bed } = around;
  await bed.look();
  const before = countersOf(bed);
  const begun = Date.now();
  let [said, healed, trouble] = ['', Number.NaN, ''];
  try {
    said = (await fault.happen(around)) ?? '';
    healed = Date.now();
    await recovered(bed);
  } catch (problem) {
    trouble = (problem as Error).message;
  }
  const recoveredAt = Date.now();
  await sleep(around.plan.rest * 1000);
  await bed.look();
  const after = countersOf(bed);
  const counted = Object.fromEntries(
    Object.entries(after)
      .map(([name, value]) => [name, value - before[name]!] as const)
      .filter(([, rise]) => rise !== 0),
  );
  const run = { fault, begun, healed, recovered: recoveredAt, over: Date.now(), said, counted };
  return trouble === '' ? run : { ...run, trouble };
}

function countersOf({ probeTotals, collectorTotals }: Bed): Record<string, number> {
  return Object.fromEntries([
    ...probeCounters.map(name => [name, probeTotals.total(name)] as const),
    ...collectorCounters.map(name => [name, collectorTotals.total(name)] as const),
  ]);
}

/** Waits until nothing waits in the spool, the collector has stored what it has received, and the kernel's word of it is written down. */
export async function recovered(bed: Bed): Promise<void> {
  const { probeTotals: probe, collectorTotals: collector } = bed;
  let waiting = '';
  await until(
    'recovery from a fault',
    patience,
    async () => {
      await bed.look();
      const spooled = probe.latest('collector_spool_bytes');
      const away = probe.latest('collector_away');
      const batches = collector.latest('store_pending_batches');
      const healthy = collector.latest('store_healthy');
      const unread = bed.truth.waiting;
      waiting = `events that the lab has not read ${unread}, spooled octets ${spooled}, collector away ${away}, batches ${batches}, store healthy ${healthy}`;
      if (unread < notBehind && spooled === 0 && away === 0 && healthy === 1 && batches < 10) return true;
      await sleep(500);
      return undefined;
    },
    () => waiting,
  );
}
