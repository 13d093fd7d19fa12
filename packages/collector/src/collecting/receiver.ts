import type { HostPort } from '../config/address.js';
import { WeirError } from '../error.js';
import type { Peer } from './peer.js';

/** An address to bind, no longer a name. */
export interface BindAddress {
  readonly address: string;
  readonly family: 4 | 6;
  readonly port: number;
}

/** Gets each datagram. The bytes are valid only until it returns. */
export type OnDatagram = (datagram: Uint8Array, peer: Peer) => void;

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

const advice: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there; stop it or choose another port with --listen',
  EACCES: 'ports below 1024 need root; choose another port with --listen',
  EADDRNOTAVAIL: 'this machine has no such address; choose another with --listen',
  EAFNOSUPPORT: 'this machine has no IPv6; choose an IPv4 address with --listen',
};

/** The error for people where an address cannot be bound. */
export function bindError(at: string, code: string): WeirError {
  return new WeirError(
    `cannot listen on udp://${at}: ${code}: ${advice[code] ?? 'choose another address with --listen'}`,
  );
}
