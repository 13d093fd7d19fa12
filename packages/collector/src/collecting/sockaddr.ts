import type { BindAddress } from './bind-address.js';
import { type Peer, peerOf, peerOfText } from './peer.js';

export const AF_INET = 2;
export const AF_INET6 = 10;

/** struct sockaddr_in (16 octets) or sockaddr_in6 (28): family in host order, port and address in network order. */
export function sockaddr(at: BindAddress): Uint8Array {
  const bytes = Buffer.alloc(at.family === 6 ? 28 : 16);
  const { octets } = peerOfText(at.address, at.port);
  bytes.writeUInt16LE(at.family === 6 ? AF_INET6 : AF_INET, 0);
  bytes.writeUInt16BE(at.port, 2);
  bytes.set(at.family === 6 ? octets : octets.subarray(12), at.family === 6 ? 8 : 4);
  return bytes;
}

export function readSockaddr(name: Uint8Array): Peer {
  const octets = name[0] === AF_INET6 ? name.slice(8, 24) : name.slice(4, 8);
  return peerOf(octets, name[2]! * 256 + name[3]!);
}
