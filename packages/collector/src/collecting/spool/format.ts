import { crc32 } from 'node:zlib';
import type { Session } from '../sessions.js';

// A raw spool is a stream of octets in files, its segments, each named by the position where it begins. It is written chunk by chunk; what
// the header of a chunk says tells whether the chunk is there whole. A chunk holds entries: what came, from whom, and when.
//
//   chunk   "WRS1", length of its entries, their CRC-32                                                  (32 bits each)
//   entry   length of its octets (32), kind (8), protocol (8), stream (16), time of reception (a float of 64), connection (32),
//           address (16 octets), port (16), octets
// All little-endian.

export const CHUNK_HEADER = 12;
export const ENTRY_HEADER = 38;
/** A chunk at most, with its header. */
export const CHUNK_OCTETS = 1 << 20;
/** A segment is full with so many octets; its last chunk may go past them. */
export const SEGMENT_OCTETS = 16 << 20;
/** Octets that any entry has room in: a Message or datagram has at most 65,535. */
export const LARGEST_ENTRY = ENTRY_HEADER + 65_535;

const MAGIC = 0x31535257;
const SUFFIX = '.raw';

/** Offsets in an entry. */
export const ENTRY = {
  length: 0,
  kind: 4,
  protocol: 5,
  stream: 6,
  time: 8,
  connection: 16,
  address: 20,
  port: 36,
} as const;

/** What an entry is. */
export const KIND = { datagram: 0, message: 1, end: 2 } as const;

export const PROTOCOLS: readonly Session['protocol'][] = ['udp', 'tcp', 'tls', 'sctp'];

/** Writes the header of the chunk whose entries lie behind it. */
export function sealChunk(chunk: Buffer): void {
  chunk.writeUInt32LE(MAGIC, 0);
  chunk.writeUInt32LE(chunk.length - CHUNK_HEADER, 4);
  chunk.writeUInt32LE(crc32(chunk.subarray(CHUNK_HEADER)), 8);
}

/** Length of the chunk that begins there, with its header; undefined where there is none, or not its header. */
export function chunkLength(bytes: Buffer, at: number, end: number): number | undefined {
  if (end - at < CHUNK_HEADER || bytes.readUInt32LE(at) !== MAGIC) return undefined;
  const length = CHUNK_HEADER + bytes.readUInt32LE(at + 4);
  return length <= CHUNK_OCTETS ? length : undefined;
}

/** Whether the chunk is what was written. */
export function isSound(chunk: Buffer): boolean {
  return crc32(chunk.subarray(CHUNK_HEADER)) === chunk.readUInt32LE(8);
}

export function segmentName(position: number): string {
  return position.toString(16).padStart(14, '0') + SUFFIX;
}

/** Where the segment of that name begins; undefined where it is none. */
export function segmentStart(name: string): number | undefined {
  return /^[0-9a-f]{14}\.raw$/.test(name) ? Number.parseInt(name, 16) : undefined;
}
