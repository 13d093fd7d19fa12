import * as libc from '../host/libc.js';
import { INFO_OCTETS, readStreamInfo, type StreamInfo } from './stream-info.js';

const SOL_TCP = 6;
const TCP_INFO = 11;
const TCP_RTO_MAX_MS = 44;

/** Undefined where the kernel does not tell. */
export function tcpInfo(descriptor: number): StreamInfo | undefined {
  const bytes = new Uint8Array(INFO_OCTETS);
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, INFO_OCTETS, true);
  if (libc.getsockopt(descriptor, SOL_TCP, TCP_INFO, bytes, length) < 0) return undefined;
  return readStreamInfo(bytes, new DataView(length.buffer).getUint32(0, true));
}

/** How long the kernel waits at most between two tries to reach the other side. Linux 6.15; older ones go up to two minutes. */
export function setLongestRetry(descriptor: number, milliseconds: number): void {
  const value = new Uint8Array(4);
  new DataView(value.buffer).setUint32(0, milliseconds, true);
  libc.setsockopt(descriptor, SOL_TCP, TCP_RTO_MAX_MS, value, 4);
}
