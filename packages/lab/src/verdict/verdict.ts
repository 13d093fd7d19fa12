/** Middle and largest of many errors. */
export interface Spread {
  median: number;
  largest: number;
}

/** How a subject told the traffic of a scenario, and what it took. What was not measured, or cannot be, is absent. */
export interface Verdict {
  /** Flows that were, by the truth. */
  flows: number;
  /** Flow Records that came, those of the hosts' own housekeeping left out. */
  records: number;
  lost: number;
  duplicated: number;
  invented: number;
  /** Of one flow and direction; absent where the subject or the truth has no such counter. */
  octets?: Spread;
  packets?: Spread;
  /** Milliseconds. */
  start?: Spread;
  end?: Spread;
  /** Largest bucket of a steady flow, by the median bucket. */
  smoothness?: number;
  malformed: number;
  /** Microseconds of processor time: the subject's own, and the whole machine's. */
  subjectTimePerFlow?: number;
  machineTimePerFlow?: number;
  machineTimePerPacket?: number;
  /** Octets, at the end of the traffic. */
  residentMemory?: number;
  /** Gbit/s without the subject and with it, where the scenario saturates a link. */
  throughput?: { without: number; with: number };
  /** Where the sources of truth contradict each other, one line each: then the verdict says nothing. */
  contradictions: string[];
  /** What the scenario expects and the subject does not do, one line each. Empty: passed. */
  failures: string[];
}

/** How far a subject may be from the truth: what a scenario expects, with its defaults. Octets, and milliseconds. */
export interface Tolerances {
  lost: number;
  duplicated: number;
  invented: number;
  octets: number;
  packets: number;
  start: number;
  end: number;
  smoothness?: number;
  malformed: number;
}

/** What a subject took, measured by who ran it. */
export interface Costs {
  /** Seconds of processor time from before the traffic until the subject had nothing more to do. */
  subjectSeconds: number;
  machineSeconds: number;
  residentMemory: number;
  throughput?: { without: number; with: number };
}

/** Octets a second of all flows, step by step: `values[i]` is from `from + i * step` on. Milliseconds since the Unix epoch. */
export interface Series {
  from: number;
  step: number;
  values: number[];
}

/** What a report draws of a verdict. Errors are without sign, in ascending order; series only where that source has times. */
export interface Plots {
  truth?: Series;
  told?: Series;
  octets: number[];
  start: number[];
  end: number[];
}
