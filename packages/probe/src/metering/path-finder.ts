import type { FlowRecord } from './flow-record.js';

/**
 * Which way the forward direction of a Flow takes through this host. A path is a small number that can be kept beside the
 * Flow; it stays what it was when routes and links change, so that a Flow whose link is gone still tells of it.
 */
export interface PathFinder {
  /** The path that the kernel would choose now for this Flow (addresses, zone, mark of the record); 0 where it is not known. */
  find(record: FlowRecord): number;
  /** Fills interfaces, next hop, MACs and VLANs of the record; path 0 clears them. */
  describe(path: number, record: FlowRecord): void;
}
