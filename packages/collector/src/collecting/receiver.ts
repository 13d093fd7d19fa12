import type { HostPort } from '../config/address.js';
import type { Peer } from './peer.js';

/** Gets each datagram. The bytes are valid only until it returns. */
export type OnDatagram = (datagram: Uint8Array, peer: Peer) => void;

/**
 * Who else receives on the same ports: nobody, or further sockets of this process, among which the kernel divides the exporters by a hash of
 * address and port (SO_REUSEPORT: net/core/sock_reuseport.c), so that each stays with one.
 */
export type Sharing = 'none' | 'first' | 'further';

/** UDP sockets that are open and deliver. */
export interface Receiver {
  readonly kind: 'recvmmsg' | 'dgram';
  /** What the sockets are bound to, in the order asked for. */
  readonly listening: readonly HostPort[];
  /** Octets of receive buffer that the kernel granted, the smallest of the sockets. */
  readonly receiveBuffer: number;
  /** Datagrams that the kernel dropped because a receive buffer was full; undefined where the system does not say. */
  kernelDrops(): number | undefined;
  close(): void;
}
