import { cpus, loadavg } from 'node:os';

/** One thing that is measured in this process: `run` does `operations` of them. */
export interface Routine {
  readonly name: string;
  readonly operations: number;
  run(): void;
}

/** Routines that do the same work, measured in turn. */
export interface RoutineCase {
  readonly name: string;
  readonly unit: string;
  readonly subjects: readonly Routine[];
}

/** One thing that is measured from outside, as a process: each trial gives a figure for each of the case's measures. */
export interface TrialSubject {
  readonly name: string;
  trial(): Promise<Readonly<Record<string, number>>>;
}

/** Subjects that get the same work, tried in turn. */
export interface TrialCase {
  readonly name: string;
  /** Name of each measure and its unit. */
  readonly measures: Readonly<Record<string, string>>;
  readonly subjects: readonly TrialSubject[];
  readonly runs: number;
}

export interface Result {
  readonly bench: string;
  readonly case: string;
  readonly subject: string;
  /** Median of the runs. */
  readonly value: number;
  readonly unit: string;
  /** Quartiles of the runs. */
  readonly low: number;
  readonly high: number;
  readonly runs: number;
  readonly machine: Machine;
}

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly runtime: string;
  /** Processes that wanted to run in the last minute: above the number of cores the figures suffer. */
  readonly load: number;
}

export function machine(): Machine {
  const [load] = loadavg();
  return { cpu: cpus()[0]!.model, cores: cpus().length, runtime: `node ${process.version}`, load: load! };
}

/** Seconds of processor time of this process: others on the machine do not count, collecting garbage does. */
function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Operations per second, from about `seconds` of work. */
function measure(subject: Routine, repetitions: number): number {
  const begun = processorSeconds();
  for (let i = 0; i < repetitions; i++) subject.run();
  return (subject.operations * repetitions) / (processorSeconds() - begun);
}

/** Warms the subject up, and finds how often it runs in about `seconds`. */
function calibrate(subject: Routine, seconds: number): number {
  let repetitions = 1;
  for (;;) {
    const spent = (subject.operations * repetitions) / measure(subject, repetitions);
    if (spent >= seconds) return Math.max(1, Math.round((repetitions * seconds) / spent));
    repetitions *= 2;
  }
}

function quantile(sorted: readonly number[], part: number): number {
  return sorted[Math.round((sorted.length - 1) * part)]!;
}

/**
 * Measures the routines of a case: warm-up, then `runs` rounds, in each of which every one has its turn for about `seconds`, so that
 * what disturbs the machine disturbs all of them.
 */
export function runCase(bench: string, { name, unit, subjects }: RoutineCase, runs = 9, seconds = 0.15): Result[] {
  const repetitions = subjects.map(subject => calibrate(subject, seconds));
  const figures = subjects.map((): number[] => []);
  for (let round = 0; round < runs; round++) {
    subjects.forEach((subject, i) => {
      figures[i]!.push(measure(subject, repetitions[i]!));
    });
  }
  return subjects.map((subject, i) => summary(bench, name, subject.name, unit, figures[i]!.map(Math.round)));
}

/** Tries the subjects of a case in turn, each round in the other order: what disturbs the machine disturbs all of them. */
export async function runTrials(bench: string, { name, measures, subjects, runs }: TrialCase): Promise<Result[]> {
  const figures = subjects.map((): Readonly<Record<string, number>>[] => []);
  for (let round = 0; round < runs; round++) {
    const order = [...subjects.keys()];
    if (round % 2 === 1) order.reverse();
    for (const i of order) figures[i]!.push(await subjects[i]!.trial());
  }
  return Object.entries(measures).flatMap(([measure, unit]) =>
    subjects.flatMap((subject, i) => {
      const values = figures[i]!.map(each => each[measure]).filter(value => value !== undefined);
      return values.length === 0 ? [] : [summary(bench, `${name}: ${measure}`, subject.name, unit, values)];
    }),
  );
}

/** Median and quartiles. */
export function summary(
  bench: string,
  name: string,
  subject: string,
  unit: string,
  figures: readonly number[],
): Result {
  const sorted = [...figures].sort((a, b) => a - b);
  const [low, value, high] = [0.25, 0.5, 0.75].map(part => quantile(sorted, part));
  const runs = figures.length;
  return { bench, case: name, subject, value: value!, unit, low: low!, high: high!, runs, machine: machine() };
}
