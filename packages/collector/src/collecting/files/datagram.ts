import type { Diagnostic } from '@weir/ipfix';

/** One Message out of a file. */
export interface FileMessage {
  readonly bytes: Uint8Array;
  /** Octets from the beginning of the file. */
  readonly offset: number;
  /** The Transport Session that it belongs to; one for all plain files. */
  readonly session: string;
}

/** Tells of something in the file that is left out. `offset` is octets from the beginning of the file. */
export type Report = (diagnostic: Diagnostic) => void;

const NETFLOW_V5_HEADER = 24;
const NETFLOW_V5_FLOW = 48;
const NETFLOW_V9_HEADER = 20;

/** Whether the bytes are an export datagram: an IPFIX Message (RFC 7011 section 3.1), NetFlow v5, NetFlow v9 (RFC 3954 section 5). */
export function looksLikeExport(bytes: Uint8Array): boolean {
  if (bytes.length < 16 || bytes[0] !== 0) return false;
  const length = u16(bytes, 2);
  if (bytes[1] === 10) return length >= 16 && length <= bytes.length;
  // The count of NetFlow v5 and v9 stands where IPFIX has the length.
  if (bytes[1] === 5) return length > 0 && bytes.length >= NETFLOW_V5_HEADER + length * NETFLOW_V5_FLOW;
  if (bytes[1] !== 9 || bytes.length < NETFLOW_V9_HEADER + 4) return false;
  const [id, first] = [u16(bytes, NETFLOW_V9_HEADER), u16(bytes, NETFLOW_V9_HEADER + 2)];
  return (id < 2 || id >= 256) && first >= 4 && NETFLOW_V9_HEADER + first <= bytes.length;
}

export function u16(bytes: Uint8Array, at: number): number {
  return bytes[at]! * 256 + bytes[at + 1]!;
}
