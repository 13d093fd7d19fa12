import { NETFLOW_V5_TEMPLATE, samplingOf } from '../netflow/v5.js';
import { isZero } from '../netflow/v9.js';
import { layoutOf } from '../template/template.js';
import type { ObservationDomain } from './domain.js';
import type { MessageHeader } from './format.js';
import type { DataSet, Diagnostic, MessageVisitor } from './visitor.js';

/** The Message being decoded. */
export interface Current {
  readonly bytes: Uint8Array;
  readonly header: MessageHeader;
  readonly domain: ObservationDomain;
  readonly visitor: MessageVisitor;
  records: number;
  /** False where a Set does not show how many records it was to hold: its Template is not known, or it is cut short. */
  countable: boolean;
  malformed: boolean;
  /** Its Data Sets, held back until all of it has been read, where a malformed Message is to be discarded. */
  readonly held: DataSet[] | undefined;
  /** A length in it makes no sense, so that it cannot be interpreted (RFC 7011 section 9.1). */
  nonsensical: boolean;
}

/** Reasons of diagnostics that tell of such lengths. */
const NONSENSICAL = new Set(['message-length', 'set-length', 'template-truncated', 'record-truncated']);

/** The flows of a NetFlow v5 datagram, behind what its header says of their sampling. */
export function flows(current: Current, start: number): void {
  const { bytes, header, visitor } = current;
  const sampling = samplingOf(bytes, header);
  if (sampling !== undefined) visitor.dataSet(sampling);
  current.records = recordsOf(header.length - start);
  const end = header.length;
  if (current.records > 0) visitor.dataSet({ header, template: NETFLOW_V5_TEMPLATE, bytes, start, end });
}

function recordsOf(octets: number): number {
  return octets / layoutOf(NETFLOW_V5_TEMPLATE).fixedLength;
}

/** Tells what is wrong behind the Message's last whole Set. Zeros behind NetFlow are nothing: exporters send full buffers. */
export function finish(current: Current, problem: Diagnostic | undefined): void {
  const { bytes, header, visitor } = current;
  const rest = bytes.length - header.length;
  if (problem !== undefined) {
    current.countable = false;
    report(current, problem);
  } else if (rest > 0 && (header.version === 10 || !isZero(bytes, header.length, bytes.length))) {
    visitor.diagnostic?.({
      reason: 'trailing-octets',
      detail: `${rest} octets behind the Message`,
      offset: header.length,
    });
  }
}

export function report(current: Current, diagnostic: Diagnostic): void {
  current.malformed = true;
  // Sets 0 and 1 are not IPFIX's: whatever is in them is skipped (RFC 7011 section 3.3.2).
  if (NONSENSICAL.has(diagnostic.reason) && (diagnostic.setId ?? 2) > 1) current.nonsensical = true;
  current.visitor.diagnostic?.(diagnostic);
}
