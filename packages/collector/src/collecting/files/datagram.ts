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

/** Whether the bytes begin like an IPFIX Message (RFC 7011 section 3.1) that they hold whole. */
export function looksLikeIpfix(bytes: Uint8Array): boolean {
  if (bytes.length < 16 || bytes[0] !== 0 || bytes[1] !== 10) return false;
  const length = bytes[2]! * 256 + bytes[3]!;
  return length >= 16 && length <= bytes.length;
}
