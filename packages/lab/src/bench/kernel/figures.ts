import { type Machine, type Result, summary } from '../harness.js';
import type { Figures } from './inside.js';
import type { Times } from './times.js';
import type { FlowTimes, Hearer, SweepTimes } from './trials.js';

/** One row before it is summed up: the value of each round. */
interface Row {
  case: string;
  subject: string;
  unit: string;
  values: number[];
}

const unit = 'ns of processor time';
const created = 'for each flow created and destroyed';
const swept = 'for each flow of a sweep';

/** What is printed of the figures that an emulated machine has brought: medians of differences and ratios within rounds. */
export function kernelResults(bench: string, figures: Figures, flows: number, machine: Machine): Result[] {
  return [...flowRows(figures, flows), ...sweepRows(figures, flows), ...ratioRows(figures, flows)].map(row => ({
    ...summary(bench, row.case, row.subject, row.unit, row.values),
    machine,
  }));
}

const sum = (a: Times, b: Times, of: (times: Times) => number): number => of(a) + of(b);
/** Of the kernel, the subject's system calls left out; with the traffic's own, and its programs. */
const outside = ({ machine, subject, self }: Times): number => machine - subject - self;
const ownKernel = ({ subject, subjectUser }: Times): number => subject - subjectUser;
const ownUser = ({ subjectUser }: Times): number => subjectUser;
const kernel = (times: Times): number => outside(times) + ownKernel(times);

/** For each round, of each flow. */
function perFlow(told: readonly FlowTimes[], flows: number, of: (times: Times) => number): number[] {
  return told.map(({ create, destroy }) => sum(create, destroy, of) / flows);
}

/** Kernel time that a hearer adds to what there is with nobody, in the same round. */
function added({ flows }: Figures, hearer: Hearer, count: number, of: (times: Times) => number): number[] {
  const without = perFlow(flows.nobody!, count, of);
  return perFlow(flows[hearer]!, count, of).map((value, round) => value - without[round]!);
}

function flowRows(figures: Figures, flows: number): Row[] {
  const hearers = (Object.keys(figures.flows) as Hearer[]).filter(hearer => hearer !== 'nobody');
  const rows = (name: string, values: (hearer: Hearer) => number[], unitOf = unit): Row[] =>
    hearers.map(subject => ({ case: `${name}, ${created}`, subject, unit: unitOf, values: values(subject) }));
  const told = (hearer: Hearer): FlowTimes[] => figures.flows[hearer]!;
  return [
    {
      case: `all of it with no meter, ${created}`,
      subject: 'nobody',
      unit,
      values: perFlow(told('nobody'), flows, outside),
    },
    ...rows('kernel time added outside the meter', hearer => added(figures, hearer, flows, outside)),
    ...rows('kernel time in the meter', hearer => perFlow(told(hearer), flows, ownKernel)),
    ...rows('user time in the meter', hearer => perFlow(told(hearer), flows, ownUser)),
    ...rows('not heard of', hearer => told(hearer).map(({ heard }) => Math.max(0, flows - heard)), 'flows'),
  ];
}

function sweepRows({ sweeps, dumps }: Figures, flows: number): Row[] {
  const perEntry = (told: readonly SweepTimes[], of: (sweep: SweepTimes) => number): number[] =>
    told.map(each => of(each) / flows);
  const dumped: Row = {
    case: `kernel time, ${swept}`,
    subject: 'a dump whose reader does nothing',
    unit,
    values: dumps.map(time => time / flows),
  };
  const rows = Object.entries(sweeps).flatMap(([source, told]): Row[] => [
    {
      case: `kernel time, ${swept}`,
      subject: `${source}, each reported`,
      unit,
      values: perEntry(told, s => kernel(s.reporting)),
    },
    {
      case: `kernel time, ${swept}`,
      subject: `${source}, nothing new`,
      unit,
      values: perEntry(told, s => kernel(s.idle)),
    },
    {
      case: `user time, ${swept}`,
      subject: `${source}, each reported`,
      unit,
      values: perEntry(told, s => ownUser(s.reporting)),
    },
    {
      case: `user time, ${swept}`,
      subject: `${source}, nothing new`,
      unit,
      values: perEntry(told, s => ownUser(s.idle)),
    },
    { case: 'reports of a sweep', subject: source, unit: 'records', values: told.map(({ reports }) => reports) },
  ]);
  return [dumped, ...rows].sort((a, b) => a.case.localeCompare(b.case));
}

/** How many times as much ctnetlink costs; nothing without the kernel meter. */
function ratioRows(figures: Figures, flows: number): Row[] {
  if (figures.flows.kernel === undefined || figures.sweeps.kernel === undefined) return [];
  const row = (subject: string, theirs: number[], ours: number[]): Row => ({
    case: 'the kernel meter does with one part of',
    subject,
    unit: '',
    values: theirs.map((value, round) => value / ours[round]!),
  });
  const meterKernel = added(figures, 'kernel', flows, outside);
  const users = (hearer: Hearer): number[] => perFlow(figures.flows[hearer]!, flows, ownUser);
  return [
    row('kernel time added by a DESTROY listener', added(figures, 'a DESTROY listener', flows, outside), meterKernel),
    row('kernel time added outside the probe by ctnetlink', added(figures, 'ctnetlink', flows, outside), meterKernel),
    row(
      'kernel time of a dump',
      figures.dumps,
      figures.sweeps.kernel.map(({ reporting }) => kernel(reporting)),
    ),
    row('user time of the probe by ctnetlink', users('ctnetlink'), users('kernel')),
  ];
}
