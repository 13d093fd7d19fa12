import * as libc from '../host/libc.js';

const SOL_TCP = 6;
const TCP_INFO = 11;
const TCP_RTO_MAX_MS = 44;
/** struct tcp_info (linux/tcp.h): octets read, and offsets. */
const INFO_OCTETS = 256;
const PROBES = 3;
const UNACKED = 24;
const LAST_ACK_RECEIVED = 56;
const BYTES_ACKED = 120;
const NOT_SENT = 144;
const BYTES_SENT = 200;
const BYTES_RETRANSMITTED = 208;
const SEND_WINDOW = 228;

/** An answer as old as this is still fresh. */
const ANSWER_MILLISECONDS = 1000;

/** What the kernel knows of a connection, octets counted from its beginning. */
export interface StreamInfo {
  /** Octets that were written to the socket, and those of them that the other side's kernel has acknowledged. */
  readonly written: number;
  readonly acknowledged: number;
  /** Octets that the other side has room for. */
  readonly window: number;
  /** The other side's kernel answers, or nothing waits for an answer. A process that was stopped leaves its window closed, but its kernel answers. */
  readonly isAlive: boolean;
}

/** Undefined where the kernel does not tell. */
export function tcpInfo(descriptor: number): StreamInfo | undefined {
  const bytes = new Uint8Array(INFO_OCTETS);
  const length = new Uint8Array(4);
  const view = new DataView(bytes.buffer);
  new DataView(length.buffer).setUint32(0, INFO_OCTETS, true);
  if (libc.getsockopt(descriptor, SOL_TCP, TCP_INFO, bytes, length) < 0) return undefined;
  // The field of the window came last, with Linux 5.4.
  if (new DataView(length.buffer).getUint32(0, true) < SEND_WINDOW + 4) return undefined;
  const long = (at: number): number => Number(view.getBigUint64(at, true));
  // Segments on their way, and probes of a closed window without an answer.
  const answered = view.getUint32(UNACKED, true) === 0 && bytes[PROBES]! <= 1;
  return {
    written: long(BYTES_SENT) - long(BYTES_RETRANSMITTED) + view.getUint32(NOT_SENT, true),
    // The SYN counts as one octet here.
    acknowledged: Math.max(0, long(BYTES_ACKED) - 1),
    window: view.getUint32(SEND_WINDOW, true),
    isAlive: answered || view.getUint32(LAST_ACK_RECEIVED, true) < ANSWER_MILLISECONDS,
  };
}

/** How long the kernel waits at most between two tries to reach the other side. Linux 6.15; older ones go up to two minutes. */
export function setLongestRetry(descriptor: number, milliseconds: number): void {
  const value = new Uint8Array(4);
  new DataView(value.buffer).setUint32(0, milliseconds, true);
  libc.setsockopt(descriptor, SOL_TCP, TCP_RTO_MAX_MS, value, 4);
}
