import { totalmem } from 'node:os';
import { machine } from '../bench/harness.js';
import { missingFlows, missingOctets } from './account.js';
import type { Deviation } from './comparison.js';
import type { FaultRun } from './fault-run.js';
import { growths } from './memory.js';
import { memoryPlot } from './plot.js';
import type { Soak } from './soak.js';
import { bounds, countedLost, failures, lateOf } from './verdict.js';

/** What a soak has shown, as Markdown; and the plot that it shows, a file of that name beside it. */
export function soakReport(soak: Soak, name: string): { text: string; plot: string } {
  const found = failures(soak);
  const parts = [
    `# A soak of ${soak.plan.minutes} minutes`,
    found.length === 0
      ? 'Passed: nothing is lost but what is counted or stated below, and memory is flat.'
      : `Failed:\n\n${found.map(each => `- ${each}`).join('\n')}`,
    about(soak),
    '## Faults',
    faultTable(soak),
    '## What is in the store, and what the kernel counted',
    totals(soak),
    losses(soak),
    '## Memory',
    `![Resident memory over time](${name}.svg)`,
    memoryTable(soak),
  ];
  const spans = soak.faults.map(({ begun, recovered }) => ({ from: begun, to: recovered }));
  const plot = memoryPlot(soak.probe.held, soak.collector.held, spans);
  return { text: `${parts.join('\n\n')}\n`, plot };
}

function about(soak: Soak): string {
  const { cpu, cores, runtime, load } = machine();
  const time = (at: number): string => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return [
    `- From ${time(soak.begun)} to ${time(soak.ended)}; order of the faults by the seed ${soak.plan.seed}.`,
    `- Machine: ${cores} x ${cpu}, ${(totalmem() / 1e9).toFixed(0)} GB, ${runtime}; load at the end ${load.toFixed(1)}.`,
    `- Traffic: ${count(soak.comparison.kernel.flows)} connections by ${count(soak.senders.all)} senders, of which ${count(soak.senders.failed)} failed under faults.`,
    ...soak.skipped.map(each => `- Not done: ${each}.`),
  ].join('\n');
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  return [heads, heads.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n');
}

function faultTable({ begun, faults, accounts }: Soak): string {
  const lost = [...accounts.stated.values(), ...accounts.counted.values(), accounts.rest].flat();
  const rows = faults.map(each => [
    ((each.begun - begun) / 60_000).toFixed(1),
    each.fault.name,
    `${seconds(each.begun, each.healed)} + ${seconds(each.healed, each.recovered)}`,
    lostMeanwhile(each, lost),
    counters(each),
    each.trouble ?? each.said,
  ]);
  return table(['minute', 'fault', 'lasts + recovers (s)', 'flows lost', 'counters', ''], rows);
}

/** Those whose end the kernel told of meanwhile. */
function lostMeanwhile({ begun, over }: FaultRun, lost: readonly Deviation[]): string {
  const meanwhile = lost.filter(({ endTimes }) => endTimes.some(time => time >= begun && time < over));
  return count(missingFlows(meanwhile));
}

function counters({ counted }: FaultRun): string {
  return Object.entries(counted)
    .map(([name, rise]) => `${name} ${count(rise)}`)
    .join(', ');
}

function totals({ comparison }: Soak): string {
  const { kernel, store } = comparison;
  const names = ['packets', 'octets', 'packets back', 'octets back'];
  const rows = [
    ['flows that ended', kernel.flows, store.ends],
    ...names.map((name, i) => [name, kernel.sums[i]!, store.sums[i]!] as const),
  ].map(([name, of, in_]) => [String(name), count(Number(of)), count(Number(in_)), count(Number(of) - Number(in_))]);
  return table(['', 'kernel', 'store', 'difference'], rows);
}

function losses(soak: Soak): string {
  const { comparison, accounts, counters } = soak;
  const row = (why: string, all: readonly Deviation[]): string[] => [
    why,
    count(all.length),
    count(missingFlows(all)),
    count(missingOctets(all)),
  ];
  const counted = [...accounts.counted.values(), accounts.rest].flat();
  const rows = [
    ...[...accounts.stated].map(([why, all]) => row(`stated: ${why}`, all)),
    row(`counted: ${count(countedLost(soak))} records that counters say are lost`, counted),
    row('more than the kernel has', accounts.excess),
  ];
  return [
    `${count(comparison.exact)} flows are exact, in octets and packets of both directions. Of the others:`,
    table(['why', 'connections', 'flows missing', 'octets missing'], rows),
    `${count(comparison.store.records)} Flow Records are in the store, ${count(comparison.doubled)} of them once more; the probe sent ${count(counters['probe collector_resent_bytes_total']!)} octets again.`,
    table(
      ['counter, over all processes', ''],
      Object.entries(counters).map(([name, value]) => [`\`${name}\``, count(value)]),
    ),
  ].join('\n\n');
}

function memoryTable(soak: Soak): string {
  const rows = (['probe', 'collector'] as const).flatMap(name => {
    const { held } = soak[name];
    const most = Math.max(...held.map(each => each.resident));
    return (['anonymous', 'descriptors', 'threads'] as const).flatMap(what =>
      growths(lateOf(soak, name), what).map(({ minutes, early, late }) => {
        const figure = (value: number): string => (what === 'anonymous' ? megabytes(value) : count(value));
        return [
          name,
          what,
          minutes.toFixed(0),
          figure(early),
          figure(late),
          `${megabytes(most)} of ${megabytes(bounds[name])}`,
        ];
      }),
    );
  });
  const heads = ['', '', 'minutes of one process', 'first third', 'last third', 'most resident, and its bound'];
  return `Medians of the second half of the time, of processes that lived for ten minutes or more of it; their first five minutes are left out.\n\n${table(heads, rows)}`;
}

function seconds(from: number, to: number): string {
  return ((to - from) / 1000).toFixed(0);
}

function megabytes(octets: number): string {
  return `${(octets / 1e6).toFixed(0)} MB`;
}

function count(value: number): string {
  return value.toLocaleString('en');
}
