import { SET_HEADER_LENGTH } from '../message/format.js';
import type { Frame } from '../message/framing.js';
import { getU16, getU32 } from '../octets/get.js';
import type { Layout, Template } from '../template/template.js';

const HEADER_LENGTH = 20;

/** FlowSet IDs (RFC 3954 section 5.2 and 6.1). */
export const TEMPLATE_FLOWSET = 0;
export const OPTIONS_TEMPLATE_FLOWSET = 1;

/**
 * The header of a NetFlow v9 datagram and the extent of its FlowSets. It does not tell its length: it ends with the datagram, or
 * where zeros fill the rest. The header's count is not believed: exporters count records, FlowSets or nothing. The FlowSets
 * before a broken one are good, as nothing in RFC 3954 says otherwise.
 */
export function readNetflow9(bytes: Uint8Array): Frame {
  if (bytes.length < HEADER_LENGTH) {
    return { reason: 'message-short', detail: `${bytes.length} octets are no NetFlow v9 header`, offset: 0 };
  }
  const length = endOfFlowSets(bytes);
  const exportTime = getU32(bytes, 8);
  const header = {
    version: 9,
    length,
    exportTime,
    sequence: getU32(bytes, 12),
    observationDomainId: getU32(bytes, 16),
    sysUpTime: { milliseconds: getU32(bytes, 4), at: exportTime * 1000 },
  } as const;
  if (length === bytes.length || isZero(bytes, length, bytes.length)) return { header, start: HEADER_LENGTH };
  const detail = `no whole FlowSet in the last ${bytes.length - length} octets`;
  return { header, start: HEADER_LENGTH, problem: { reason: 'set-length', detail, offset: length } };
}

function endOfFlowSets(bytes: Uint8Array): number {
  const end = Math.min(bytes.length, 0xffff);
  let at = HEADER_LENGTH;
  while (at + SET_HEADER_LENGTH <= end) {
    const length = getU16(bytes, at + 2);
    if (length < SET_HEADER_LENGTH || at + length > end) break;
    at += length;
  }
  return at;
}

export function isZero(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] !== 0) return false;
  return true;
}

/**
 * Offset behind the last Data Record of a FlowSet that holds anything: zeros may fill it beyond the padding of RFC 3954
 * section 5.3, and a flow without a single bit is none. What Options tell may be all zero. `end` is behind the last record.
 */
export function endOfFilled(
  { scopeFieldCount }: Template,
  { fixedLength: length }: Layout,
  bytes: Uint8Array,
  start: number,
  end: number,
): number {
  if (length === 0 || scopeFieldCount > 0) return end;
  let last = end;
  while (last > start && isZero(bytes, last - length, last)) last -= length;
  return last;
}
