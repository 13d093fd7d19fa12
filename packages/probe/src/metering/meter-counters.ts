/** What moves in the Metering Process; totals since its start. */
export interface MeterCounters {
  /** Connections that ended, by whatever way the end was learned. */
  ended: number;
  interimReports: number;
  /** Ends that no event told of, found by comparing sweeps. What was counted after the last sweep is not known. */
  unobservedEnds: number;
  /** Connections whose counters something else set to zero. */
  counterResets: number;
  /** Live connections that found no room in the flow table: they are exported at their end only. */
  overflows: number;
  /** Events of ends that the kernel delivered again, and connections that a sweep still showed after their end: left out. */
  repeated: number;
  /** Connections that began after their end, by the kernel's stamps: the clock was set back in between. */
  clockSteps: number;
}
