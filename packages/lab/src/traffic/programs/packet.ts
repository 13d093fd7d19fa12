// Packets, octet by octet: IPv4 (RFC 791), IPv6 (RFC 8200), UDP (RFC 768), TCP (RFC 9293).
import { isIPv6 } from 'node:net';

export const [TCP, UDP, ICMP, ICMPV6] = [6, 17, 1, 58];

export type Family = 4 | 6;

export function familyOf(address: string): Family {
  return isIPv6(address) ? 6 : 4;
}

/** The 4 or 16 octets of an address. */
export function addressOctets(address: string): Buffer {
  if (!isIPv6(address)) return Buffer.from(address.split('.').map(Number));
  const [head, tail] = address.split('::').map(part => part.split(':').filter(Boolean));
  const missing = 8 - head!.length - (tail?.length ?? 0);
  const groups = [...head!, ...Array.from({ length: missing }, () => '0'), ...(tail ?? [])];
  return Buffer.from(groups.flatMap(group => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]));
}

/** An IP header before the payload. The kernel fills in the checksum of IPv4. */
export function ipPacket(source: string, destination: string, protocol: number, payload: Buffer): Buffer {
  const ends = [addressOctets(source), addressOctets(destination)];
  if (familyOf(source) === 4) {
    const header = Buffer.from([0x45, 0, 0, 0, 0, 0, 0x40, 0, 64, protocol, 0, 0]);
    header.writeUInt16BE(20 + payload.length, 2);
    return Buffer.concat([header, ...ends, payload]);
  }
  const header = Buffer.from([0x60, 0, 0, 0, 0, 0, protocol, 64]);
  header.writeUInt16BE(payload.length, 4);
  return Buffer.concat([header, ...ends, payload]);
}

/** The Internet checksum (RFC 1071) of a payload and its pseudo-header (RFC 9293 section 3.1, RFC 8200 section 8.1). */
export function checksum(ends: Buffer, protocol: number, payload: Buffer): number {
  let sum = protocol + payload.length;
  for (const part of [ends, payload]) {
    for (let i = 0; i + 1 < part.length; i += 2) sum += part.readUInt16BE(i);
    if (part.length % 2 === 1) sum += part[part.length - 1]! << 8;
  }
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

interface Ends {
  source: string;
  destination: string;
}

function pseudoHeader({ source, destination }: Ends): Buffer {
  return Buffer.concat([addressOctets(source), addressOctets(destination)]);
}

export function udpDatagram(ends: Ends, sourcePort: number, destinationPort: number, data: Buffer): Buffer {
  const datagram = Buffer.alloc(8 + data.length);
  datagram.writeUInt16BE(sourcePort, 0);
  datagram.writeUInt16BE(destinationPort, 2);
  datagram.writeUInt16BE(datagram.length, 4);
  data.copy(datagram, 8);
  datagram.writeUInt16BE(checksum(pseudoHeader(ends), UDP, datagram) || 0xffff, 6);
  return datagram;
}

/** A SYN without options. */
export function tcpSyn(ends: Ends, sourcePort: number, destinationPort: number): Buffer {
  const segment = Buffer.alloc(20);
  segment.writeUInt16BE(sourcePort, 0);
  segment.writeUInt16BE(destinationPort, 2);
  segment.writeUInt32BE((sourcePort * 65_536 + destinationPort) >>> 0, 4);
  segment[12] = 5 << 4;
  segment[13] = 0x02;
  segment.writeUInt16BE(1024, 14);
  segment.writeUInt16BE(checksum(pseudoHeader(ends), TCP, segment), 16);
  return segment;
}
