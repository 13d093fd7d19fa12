import { cpus, loadavg } from 'node:os';

/** One thing that is measured: `run` does `operations` of them. */
export interface Subject {
  readonly name: string;
  readonly operations: number;
  run(): void;
}

/** Subjects that do the same work, measured in turn. */
export interface Case {
  readonly name: string;
  readonly unit: string;
  readonly subjects: readonly Subject[];
}

export interface Result {
  readonly bench: string;
  readonly case: string;
  readonly subject: string;
  /** Median of the runs: operations per second of processor time. */
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
function measure(subject: Subject, repetitions: number): number {
  const begun = processorSeconds();
  for (let i = 0; i < repetitions; i++) subject.run();
  return (subject.operations * repetitions) / (processorSeconds() - begun);
}

/** Warms the subject up, and finds how often it runs in about `seconds`. */
function calibrate(subject: Subject, seconds: number): number {
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
 * Measures the subjects of a case: warm-up, then `runs` rounds, in each of which every subject has its turn for about `seconds`, so that
 * what disturbs the machine disturbs all of them.
 */
export function runCase(bench: string, { name, unit, subjects }: Case, runs = 9, seconds = 0.15): Result[] {
  const repetitions = subjects.map(subject => calibrate(subject, seconds));
  const figures = subjects.map((): number[] => []);
  for (let round = 0; round < runs; round++) {
    subjects.forEach((subject, i) => {
      figures[i]!.push(measure(subject, repetitions[i]!));
    });
  }
  return subjects.map((subject, i) => {
    const sorted = figures[i]!.sort((a, b) => a - b);
    const [low, value, high] = [0.25, 0.5, 0.75].map(part => Math.round(quantile(sorted, part)));
    return {
      bench,
      case: name,
      subject: subject.name,
      value: value!,
      unit,
      low: low!,
      high: high!,
      runs,
      machine: machine(),
    };
  });
}
