// A packet of a capture: what it says of its flow, and its checksum.
import { WeirError } from '../../error.js';
import { addressText } from '../../truth/packet.js';
import { checksum, type Family, TCP, UDP } from './packet.js';

export interface Parsed {
  family: Family;
  /** From the IP header to the end that the header says. */
  ip: Buffer;
  source: string;
  destination: string;
  protocol: number;
  /** 0 where the protocol has none. */
  sourcePort: number;
  destinationPort: number;
  /** Of layer 3. */
  octets: number;
}

const vlanTags = [0x8100, 0x88a8];

/** The IP packet in an Ethernet frame, if there is one. */
export function ipPacketOf(frame: Buffer): Buffer | undefined {
  let at = 14;
  while (at <= frame.length && vlanTags.includes(frame.readUInt16BE(at - 2))) at += 4;
  const known = at < frame.length && [0x0800, 0x86dd].includes(frame.readUInt16BE(at - 2));
  return known ? frame.subarray(at) : undefined;
}

/** Reads the headers. Throws a WeirError for what cannot be replayed: packets that are cut off, fragments and extension headers. */
export function parsePacket(captured: Buffer): Parsed {
  const family = captured[0]! >> 4 === 4 ? 4 : 6;
  const octets = family === 4 ? captured.readUInt16BE(2) : 40 + captured.readUInt16BE(4);
  if (captured.length < octets) throw new WeirError('the capture holds packets that are cut off; capture them whole');
  const ip = Buffer.from(captured.subarray(0, octets));
  if (family === 4 && (ip.readUInt16BE(6) & 0x3fff) !== 0)
    throw new WeirError('the capture holds fragments, which are not replayed; capture before they are made');
  const at = family === 4 ? (ip[0]! & 15) * 4 : 40;
  const protocol = ip[family === 4 ? 9 : 6]!;
  const ports = protocol === TCP || protocol === UDP;
  return {
    family,
    ip,
    source: addressText(family === 4 ? ip.toString('latin1', 12, 16) : ip.toString('latin1', 8, 24)),
    destination: addressText(family === 4 ? ip.toString('latin1', 16, 20) : ip.toString('latin1', 24, 40)),
    protocol,
    sourcePort: ports ? ip.readUInt16BE(at) : 0,
    destinationPort: ports ? ip.readUInt16BE(at + 2) : 0,
    octets,
  };
}

/** Computes the checksum of TCP or UDP anew: captures on the sending host hold none, because its network card was to make it. */
export function renewChecksum({ ip, family, protocol }: Parsed): void {
  const at = family === 4 ? (ip[0]! & 15) * 4 : 40;
  const payload = ip.subarray(at);
  const field = protocol === TCP ? 16 : 6;
  // A UDP checksum of 0 over IPv4 means that there is none (RFC 768).
  if (protocol === UDP && family === 4 && payload.readUInt16BE(field) === 0) return;
  payload.writeUInt16BE(0, field);
  const sum = checksum(ip.subarray(family === 4 ? 12 : 8, family === 4 ? 20 : 40), protocol, payload);
  payload.writeUInt16BE(protocol === UDP ? sum || 0xffff : sum, field);
}
