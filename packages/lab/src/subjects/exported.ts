import type { FlowKey } from '../truth/flow.js';

/** A Flow Record as it was exported, whatever the exporter's dialect. What it does not tell is absent. */
export interface ExportedRecord extends FlowKey {
  /** Since the flow's record before this one, also where the exporter counts from the flow's beginning. */
  packets?: number;
  octets?: number;
  /** Present in Biflows (RFC 5103) only. */
  reversePackets?: number;
  reverseOctets?: number;
  /** Milliseconds since the Unix epoch. */
  start?: number;
  end?: number;
  /** flowEndReason. */
  endReason?: number;
  /** ICMP type, where it is told. */
  icmpType?: number;
}

/**
 * The Flow Records in a capture of export datagrams, in order, as `weir read` has them. Runs the built command.
 * @param port that the datagrams went to
 */
export function readExported(_capture: string, _port: number): Promise<ExportedRecord[]> {
  throw new Error('not built yet');
}
