import { readNetflow5 } from '../netflow/v5.js';
import { readNetflow9 } from '../netflow/v9.js';
import { getU16, getU32 } from '../octets/get.js';
import { MESSAGE_HEADER_LENGTH, type MessageHeader, SET_HEADER_LENGTH, VERSION } from './format.js';
import type { Diagnostic } from './visitor.js';

/** A Message fit to be read: its header, where its Sets (the flows of NetFlow v5) start, and what is wrong behind header.length. */
export type Frame =
  | { readonly header: MessageHeader; readonly start: number; readonly problem?: Diagnostic }
  | Diagnostic;

/** The frame of an IPFIX Message or a NetFlow datagram, or what keeps the bytes from being one. */
export function frameOf(bytes: Uint8Array): Frame {
  const version = bytes.length < 2 ? -1 : getU16(bytes, 0);
  if (version === 9) return readNetflow9(bytes);
  if (version === 5) return readNetflow5(bytes);
  const header = readHeader(bytes);
  if ('reason' in header) return header;
  return checkSets(bytes, header.length) ?? { header, start: MESSAGE_HEADER_LENGTH };
}

/** The header of an IPFIX Message. Octets behind the Message's own length do no harm. */
function readHeader(bytes: Uint8Array): MessageHeader | Diagnostic {
  if (bytes.length < MESSAGE_HEADER_LENGTH) {
    return { reason: 'message-short', detail: `${bytes.length} octets are no Message header`, offset: 0 };
  }
  const version = getU16(bytes, 0);
  if (version !== VERSION) {
    return { reason: 'version', detail: `version ${version} is neither IPFIX (10) nor NetFlow 5 or 9`, offset: 0 };
  }
  const length = getU16(bytes, 2);
  if (length < MESSAGE_HEADER_LENGTH || length > bytes.length) {
    return { reason: 'message-length', detail: `length ${length}, but ${bytes.length} octets came`, offset: 2 };
  }
  const observationDomainId = getU32(bytes, 12);
  return { version: VERSION, length, exportTime: getU32(bytes, 4), sequence: getU32(bytes, 8), observationDomainId };
}

/** Follows the Sets from header to header; what is wrong with them, or undefined where they end with the Message. */
function checkSets(bytes: Uint8Array, end: number): Diagnostic | undefined {
  let at = MESSAGE_HEADER_LENGTH;
  while (at < end) {
    const length = at + SET_HEADER_LENGTH > end ? 0 : setLengthAt(bytes, at);
    if (length < SET_HEADER_LENGTH || at + length > end) {
      return { reason: 'set-length', detail: `a Set of ${length} octets, ${end - at} are left`, offset: at };
    }
    at += length;
  }
  return undefined;
}

export function setIdAt(bytes: Uint8Array, at: number): number {
  return getU16(bytes, at);
}

/** Octets of the Set at `at`, its header included. */
export function setLengthAt(bytes: Uint8Array, at: number): number {
  return getU16(bytes, at + 2);
}
