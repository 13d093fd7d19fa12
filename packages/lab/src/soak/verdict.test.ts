import { expect, test } from 'vitest';
import type { Deviation } from './comparison.js';
import { collectorCounters, type FaultRun, probeCounters } from './fault-run.js';
import { faults } from './faults.js';
import type { Held } from './memory.js';
import { soakPlan } from './plan.js';
import { soakReport } from './report.js';
import type { Soak } from './soak.js';
import { failures } from './verdict.js';

const noCounters = Object.fromEntries([
  ...probeCounters.map(name => [`probe ${name}`, 0]),
  ...collectorCounters.map(name => [`collector ${name}`, 0]),
]);
const missing: Deviation = { key: 'a', ends: 1, told: 0, lacks: [1, 48, 0, 0], endTimes: [2000], start: Number.NaN };

/** Samples of an hour of one process. */
function held(octets: (minute: number) => number): Held[] {
  return Array.from({ length: 61 }, (_, minute) => ({
    ...{ time: minute * 60_000, pid: 1, resident: octets(minute), anonymous: octets(minute) },
    ...{ descriptors: 10, threads: 4 },
  }));
}

function soak(change: Partial<Soak> = {}, counters: Record<string, number> = {}): Soak {
  const sums: [number, number, number, number] = [10, 480, 0, 0];
  return {
    ...{ plan: soakPlan(60, 1), begun: 0, ended: 3_600_000, faults: [], skipped: [] },
    comparison: {
      ...{ kernel: { flows: 10, sums }, store: { records: 10, ends: 10, sums } },
      ...{ doubled: 0, retold: 0, exact: 10, deviations: [] },
    },
    accounts: { stated: new Map(), counted: new Map(), rest: [], excess: [] },
    counters: { ...noCounters, ...counters },
    probe: { held: held(() => 100e6), lives: [] },
    collector: { held: held(() => 500e6), lives: [] },
    ...{ senders: { all: 5, failed: 0 }, troubles: [] },
    ...change,
  };
}

test('nothing lost and flat memory pass', () => {
  expect(failures(soak())).toEqual([]);
  expect(soakReport(soak(), 'soak').text).toContain('Passed');
});

test('what is lost has to be counted, when it is lost', () => {
  const lost = { accounts: { stated: new Map(), counted: new Map(), rest: [missing], excess: [] } };
  expect(failures(soak(lost))).toEqual([expect.stringMatching(/^between faults: 1 connections lack .* 0 records are/)]);
  expect(failures(soak(lost, { 'probe unsent_records_total': 1 }))).toEqual([]);
  const run: FaultRun = {
    fault: faults[0]!,
    ...{ begun: 0, healed: 1000, recovered: 3000, over: 4000, said: '', counted: { lost_events_total: 1 } },
  };
  const events = { 'probe lost_events_total': 1 };
  expect(failures(soak({ ...lost, faults: [run] }, events))).toHaveLength(1);
  const during = (all: Deviation[]): Partial<Soak> => ({
    faults: [run],
    accounts: { stated: new Map(), counted: new Map([[run, all]]), rest: [], excess: [] },
  });
  expect(failures(soak(during([missing]), events))).toEqual([]);
  expect(failures(soak(during([missing, missing]), events))).toHaveLength(1);
});

test('more than the kernel has is a failure whatever is counted', () => {
  const excess = { accounts: { stated: new Map(), counted: new Map(), rest: [], excess: [missing] } };
  expect(failures(soak(excess, { 'probe lost_events_total': 2 }))).toHaveLength(1);
});

test('records come twice only where octets were sent again', () => {
  const { comparison } = soak();
  const doubled = { comparison: { ...comparison, doubled: 3 } };
  expect(failures(soak(doubled))).toEqual([expect.stringMatching(/^3 records are in the store twice/)]);
  expect(failures(soak(doubled, { 'probe collector_resent_bytes_total': 500 }))).toEqual([]);
});

test('memory that grows, or is too much, is a failure; a report tells how it was', () => {
  const growing = soak({ probe: { held: held(minute => 100e6 + minute * 1e6), lives: [] } });
  expect(failures(growing)).toEqual([expect.stringMatching(/^anonymous of the probe grew/)]);
  expect(failures(soak({ probe: { held: held(() => 300e6), lives: [] } }))).toEqual([
    expect.stringMatching(/^the probe had 300000000 octets/),
  ]);
  const { text, plot } = soakReport(growing, 'soak');
  expect(text).toMatch(/Failed:.*grew.*\| probe \| anonymous \| 30 \|/s);
  expect(plot).toMatch(/^<svg .*<\/svg>\n$/s);
});
