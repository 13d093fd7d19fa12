/** What the probe says of itself in its Options Data Record: totals since its start, except where the name says otherwise. */
export interface Statistics {
  readonly exportedMessageTotalCount: number;
  readonly exportedFlowRecordTotalCount: number;
  readonly exportedOctetTotalCount: number;
  /** Flows known to be lost: DESTROY events that the kernel dropped, and Data Records that no transport took. */
  readonly notSentFlowTotalCount: number;
  /** Connections whose end was observed. */
  readonly observedFlowTotalCount: number;
  /** Connections in the kernel's table now, and how many it takes (nf_conntrack_max). */
  readonly conntrackEntryCount: number;
  readonly maxSessionEntries: number;
  /** Seconds: tells a collector how late the newest octets of long Flows come. */
  readonly flowActiveTimeout: number;
  readonly deferredEventTotalCount: number;
  readonly counterResetTotalCount: number;
  readonly flowTableOverflowTotalCount: number;
  readonly unobservedEndTotalCount: number;
}
