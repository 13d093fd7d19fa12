import type { ExportedRecord } from '../subjects/exported.js';
import { isBackground } from '../truth/background.js';
import type { TrueFlow } from '../truth/flow.js';
import { byKey } from '../truth/grouped.js';
import type { Comparison } from './comparison.js';
import { compareConnections } from './connections.js';
import { sortedErrors, spreadOf, thinned } from './errors.js';
import { failuresOf } from './failures.js';
import { comparePackets } from './packets.js';
import { smoothnessOf, toldSeries } from './series.js';
import type { Costs, Plots, Series, Tolerances, Verdict } from './verdict.js';

/** What a verdict is made of. */
export interface Case {
  meters: 'connections' | 'packets';
  truth: readonly TrueFlow[];
  records: readonly ExportedRecord[];
  tolerances: Tolerances;
  /** Of {@link malformedDatagrams}. */
  malformed: number;
  costs?: Costs;
  /** Of {@link contradictions}. */
  contradictions?: string[];
  /** Of the capture, for the plot. */
  series?: Series;
}

/** Holds the exported records against the truth. What hosts say of their own accord (background.ts) is left out. */
export function judge(about: Case): { verdict: Verdict; plots: Plots } {
  const { meters, truth, tolerances, malformed, costs, contradictions = [], series } = about;
  const records = about.records.filter(record => !isBackground(record, record.icmpType));
  const told = byKey(records);
  const compared = (meters === 'connections' ? compareConnections : comparePackets)(truth, told);
  const smoothness = smoothnessOf(told);
  const measured = {
    flows: truth.length,
    records: records.length,
    lost: compared.lost.length,
    duplicated: compared.duplicated.length,
    invented: compared.invented.length,
    ...spreads(compared),
    ...(smoothness === undefined ? {} : { smoothness }),
    malformed,
  };
  const failures = failuresOf({ measured, compared, truth, tolerances });
  return {
    verdict: { ...measured, ...(costs === undefined ? {} : costsOf(costs, truth)), contradictions, failures },
    plots: plotsOf(compared, records, series),
  };
}

function spreads(compared: Comparison): Pick<Verdict, 'octets' | 'packets' | 'start' | 'end'> {
  const names = ['octets', 'packets', 'start', 'end'] as const;
  return Object.fromEntries(
    names.flatMap(name => {
      const spread = spreadOf(compared[name]);
      return spread === undefined ? [] : [[name, spread]];
    }),
  );
}

function costsOf(costs: Costs, truth: readonly TrueFlow[]): Partial<Verdict> {
  const { subjectSeconds, machineSeconds, residentMemory, throughput } = costs;
  const packets = truth.reduce((sum, flow) => sum + (flow.packets ?? 0) + (flow.reversePackets ?? 0), 0);
  const each = (seconds: number, count: number): number => (seconds * 1e6) / count;
  return {
    ...(truth.length === 0
      ? {}
      : {
          subjectTimePerFlow: each(subjectSeconds, truth.length),
          machineTimePerFlow: each(machineSeconds, truth.length),
        }),
    ...(packets === 0 ? {} : { machineTimePerPacket: each(machineSeconds, packets) }),
    residentMemory,
    ...(throughput === undefined ? {} : { throughput }),
  };
}

function plotsOf(compared: Comparison, records: readonly ExportedRecord[], truth: Series | undefined): Plots {
  const told = toldSeries(records, truth);
  return {
    ...(truth === undefined ? {} : { truth }),
    ...(told === undefined ? {} : { told }),
    octets: thinned(sortedErrors(compared.octets)),
    start: thinned(sortedErrors(compared.start)),
    end: thinned(sortedErrors(compared.end)),
  };
}
