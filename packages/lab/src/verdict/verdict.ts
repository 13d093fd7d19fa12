/** Least, middle and largest of many errors. */
export interface Spread {
  median: number;
  largest: number;
}

/** How a subject told the traffic of a scenario, and what it took. */
export interface Verdict {
  /** Flows that were, by the truth. */
  flows: number;
  /** Flow Records that came. */
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
  subjectTimePerFlow: number;
  machineTimePerFlow: number;
  machineTimePerPacket: number;
  /** Octets, at the end of the traffic. */
  residentMemory: number;
  /** Gbit/s without the subject and with it, where the scenario saturates a link. */
  throughput?: { without: number; with: number };
  /** Where the sources of truth contradict each other, one line each: then the verdict says nothing. */
  contradictions: string[];
  /** What the scenario expects and the subject does not do, one line each. Empty: passed. */
  failures: string[];
}
