import { MESSAGE_HEADER_LENGTH, type MessageHeader, SET_HEADER_LENGTH, VERSION } from './format.js';
import type { Diagnostic } from './visitor.js';

function u16(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!;
}

function u32(bytes: Uint8Array, at: number): number {
  return u16(bytes, at) * 0x10000 + u16(bytes, at + 2);
}

/** The header of a Message, or what keeps it from being one. Octets behind the Message's own length do no harm. */
export function readHeader(bytes: Uint8Array): MessageHeader | Diagnostic {
  if (bytes.length < MESSAGE_HEADER_LENGTH) {
    return { reason: 'message-short', detail: `${bytes.length} octets are no Message header`, offset: 0 };
  }
  const version = u16(bytes, 0);
  if (version !== VERSION) return { reason: 'version', detail: `version ${version}, not ${VERSION}`, offset: 0 };
  const length = u16(bytes, 2);
  if (length < MESSAGE_HEADER_LENGTH || length > bytes.length) {
    return { reason: 'message-length', detail: `length ${length}, but ${bytes.length} octets came`, offset: 2 };
  }
  return { length, exportTime: u32(bytes, 4), sequence: u32(bytes, 8), observationDomainId: u32(bytes, 12) };
}

/** Follows the Sets from header to header; what is wrong with them, or undefined where they end with the Message. */
export function checkSets(bytes: Uint8Array, end: number): Diagnostic | undefined {
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
  return u16(bytes, at);
}

/** Octets of the Set at `at`, its header included. */
export function setLengthAt(bytes: Uint8Array, at: number): number {
  return u16(bytes, at + 2);
}
