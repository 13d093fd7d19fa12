/** Bounds of memory, where they are not those of a server. */
export interface MeterLimits {
  /** Ends that are remembered, a power of two: more than come while a datagram of a dump waits. */
  readonly recentEnds: number;
  /** Connections whose labels, helper and master are kept. */
  readonly details: number;
}

export interface MeterOptions extends Partial<MeterLimits> {
  /** Counters since a Flow's start are exported; without it they are not filled in. */
  readonly totals?: boolean;
}
