import { readNetflow5 } from '../netflow/v5.js';
import { readNetflow9 } from '../netflow/v9.js';
import { getU16, getU32 } from '../octets/get.js';
import { MESSAGE_HEADER_LENGTH, type MessageHeader, SET_HEADER_LENGTH, VERSION } from './format.js';
import type { Diagnostic } from './visitor.js';

/**
 * A Message fit to be read: its header, whose length ends with the last whole Set, where its Sets (the flows of NetFlow v5) start,
 * and what is wrong behind them.
 */
export type Frame =
  | { readonly header: MessageHeader; readonly start: number; readonly problem?: Diagnostic }
  | Diagnostic;

/** The frame of an IPFIX Message or a NetFlow datagram, or what keeps the bytes from being one. */
export function frameOf(bytes: Uint8Array): Frame {
  const version = bytes.length < 2 ? -1 : getU16(bytes, 0);
  if (version === 9) return readNetflow9(bytes);
  if (version === 5) return readNetflow5(bytes);
  return readIpfix(bytes, version);
}

/**
 * An IPFIX Message. RFC 7011 section 9.1 would have a malformed one discarded whole; what is before the fault is kept, as its Sets are
 * as good as those of any Message. Octets behind the Message's own length do no harm.
 */
function readIpfix(bytes: Uint8Array, version: number): Frame {
  if (bytes.length < MESSAGE_HEADER_LENGTH) {
    return { reason: 'message-short', detail: `${bytes.length} octets are no Message header`, offset: 0 };
  }
  if (version !== VERSION) {
    return { reason: 'version', detail: `version ${version} is neither IPFIX (10) nor NetFlow 5 or 9`, offset: 0 };
  }
  const said = getU16(bytes, 2);
  if (said < MESSAGE_HEADER_LENGTH) return wrongLength(said, bytes.length);
  const length = endOfSets(bytes, Math.min(said, bytes.length));
  const observationDomainId = getU32(bytes, 12);
  const header: MessageHeader = {
    version: VERSION,
    length,
    exportTime: getU32(bytes, 4),
    sequence: getU32(bytes, 8),
    observationDomainId,
  };
  const start = MESSAGE_HEADER_LENGTH;
  if (length === said) return { header, start };
  return {
    header,
    start,
    problem: said > bytes.length ? wrongLength(said, bytes.length) : wrongSet(bytes, length, said),
  };
}

function wrongLength(said: number, came: number): Diagnostic {
  return { reason: 'message-length', detail: `length ${said}, but ${came} octets came`, offset: 2 };
}

function wrongSet(bytes: Uint8Array, at: number, end: number): Diagnostic {
  const left = end - at;
  if (left < SET_HEADER_LENGTH) return { reason: 'set-length', detail: `${left} octets are no Set`, offset: at };
  const detail = `a Set of ${setLengthAt(bytes, at)} octets, ${left} are left`;
  return { reason: 'set-length', detail, offset: at, setId: setIdAt(bytes, at) };
}

/** Follows the Sets from header to header; the offset behind the last that is whole. */
function endOfSets(bytes: Uint8Array, end: number): number {
  let at = MESSAGE_HEADER_LENGTH;
  while (at + SET_HEADER_LENGTH <= end) {
    const length = setLengthAt(bytes, at);
    if (length < SET_HEADER_LENGTH || at + length > end) break;
    at += length;
  }
  return at;
}

export function setIdAt(bytes: Uint8Array, at: number): number {
  return getU16(bytes, at);
}

/** Octets of the Set at `at`, its header included. */
export function setLengthAt(bytes: Uint8Array, at: number): number {
  return getU16(bytes, at + 2);
}
