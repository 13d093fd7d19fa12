import * as libc from '../host/libc.js';
import { INFO_OCTETS, readStreamInfo, type StreamInfo } from './stream-info.js';

const SOL_TCP = 6;
const TCP_INFO = 11;
const TCP_RTO_MAX_MS = 44;

/** SIOCOUTQ (linux/sockios.h): octets that were written and are not acknowledged. */
const SIOCOUTQ = 0x5411;
const TRIES = 3;

/**
 * Undefined where the kernel does not tell. Its count of octets sent (tcpi_bytes_sent) is of no use for what was written: it has those, too, that
 * did not leave because there was no route, again at each try (__tcp_transmit_skb).
 */
export function tcpInfo(descriptor: number): StreamInfo | undefined {
  let info = told(descriptor);
  for (let i = 0; i < TRIES && info !== undefined; i++) {
    const before = info.acknowledged;
    const waiting = notAcknowledged(descriptor);
    info = told(descriptor);
    // Both of the same moment: nothing was acknowledged in between.
    if (waiting !== undefined && info?.acknowledged === before) return { ...info, written: before + waiting };
  }
  return info && { ...info, written: undefined };
}

function notAcknowledged(descriptor: number): number | undefined {
  const octets = new Int32Array(1);
  return libc.ioctl(descriptor, SIOCOUTQ, octets) < 0 ? undefined : octets[0];
}

function told(descriptor: number): Omit<StreamInfo, 'written'> | undefined {
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
