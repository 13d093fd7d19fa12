// SCTP packets (RFC 9260): a common header with a CRC32c, and one chunk.

export const SCTP = 132;
export const chunk = {
  data: 0,
  init: 1,
  initAck: 2,
  sack: 3,
  shutdown: 7,
  shutdownAck: 8,
  cookieEcho: 10,
  cookieAck: 11,
  shutdownComplete: 14,
} as const;

export interface SctpPacket {
  sourcePort: number;
  destinationPort: number;
  tag: number;
  type: number;
  body: Buffer;
}

/** The tag that a server wants, made from the client's, so that it need not remember its clients. */
export function serverTag(clientTag: number): number {
  return (clientTag ^ 0x5a5a_5a5a) >>> 0;
}

/** The body of an INIT or INIT ACK (section 3.3.2): tag, receiver window, streams, first TSN. */
export function initBody(tag: number, parameters: Buffer = Buffer.alloc(0)): Buffer {
  return Buffer.concat([words(tag, 65_536, 0x0001_0001, 1), parameters]);
}

/** 32-bit words. */
export function words(...values: number[]): Buffer {
  const octets = Buffer.alloc(values.length * 4);
  for (const [i, value] of values.entries()) octets.writeUInt32BE(value >>> 0, i * 4);
  return octets;
}

export function writeSctp({ sourcePort, destinationPort, tag, type, body }: SctpPacket, flags = 0): Buffer {
  const padding = (4 - (body.length % 4)) % 4;
  const packet = Buffer.alloc(12 + 4 + body.length + padding);
  packet.writeUInt16BE(sourcePort, 0);
  packet.writeUInt16BE(destinationPort, 2);
  packet.writeUInt32BE(tag, 4);
  packet[12] = type;
  packet[13] = flags;
  packet.writeUInt16BE(4 + body.length, 14);
  body.copy(packet, 16);
  // Section 6.8 and appendix A: least significant octet first.
  packet.writeUInt32LE(crc32c(packet), 8);
  return packet;
}

/** The first chunk of a packet. */
export function readSctp(packet: Buffer): SctpPacket {
  return {
    sourcePort: packet.readUInt16BE(0),
    destinationPort: packet.readUInt16BE(2),
    tag: packet.readUInt32BE(4),
    type: packet[12]!,
    body: packet.subarray(16, 12 + packet.readUInt16BE(14)),
  };
}

const table = Uint32Array.from({ length: 256 }, (_, octet) => {
  let remainder = octet;
  for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? (remainder >>> 1) ^ 0x82f6_3b78 : remainder >>> 1;
  return remainder;
});

/** CRC32c (Castagnoli), reflected. */
export function crc32c(octets: Uint8Array): number {
  let sum = 0xffff_ffff;
  for (const octet of octets) sum = (sum >>> 8) ^ table[(sum ^ octet) & 255]!;
  return ~sum >>> 0;
}
