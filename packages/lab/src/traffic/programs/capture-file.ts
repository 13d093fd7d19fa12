// Reads captures: pcap and pcapng (draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng), as far as packets and their times go.
import { WeirError } from '../../error.js';

/** A packet from its IP header on, as far as it was captured. */
export interface CapturedPacket {
  /** Milliseconds since the Unix epoch. */
  time: number;
  ip: Buffer;
}

/** Octets before the IP header, by link type (https://www.tcpdump.org/linktypes.html). */
const linkHeaders: Record<number, number> = { 1: 14, 12: 0, 101: 0, 113: 16, 228: 0, 229: 0, 276: 20 };
const ethertypes = [0x0800, 0x86dd];
const vlanTag = 0x8100;

type Numbers = { u32(at: number): number; u16(at: number): number };

function numbers(octets: Buffer, little: boolean): Numbers {
  return little
    ? { u32: at => octets.readUInt32LE(at), u16: at => octets.readUInt16LE(at) }
    : { u32: at => octets.readUInt32BE(at), u16: at => octets.readUInt16BE(at) };
}

/** The IP packets of a capture, in its order. Throws a WeirError if it is none, or is of a link type that is not known here. */
export function readCapture(octets: Buffer): CapturedPacket[] {
  try {
    const magic = octets.length < 24 ? 0 : octets.readUInt32BE(0);
    if (magic === 0x0a0d0d0a) return readPcapng(octets);
    for (const [little, order] of [
      [false, magic],
      [true, octets.length < 24 ? 0 : octets.readUInt32LE(0)],
    ] as const) {
      if (order === 0xa1b2c3d4) return readPcap(octets, little, 1e3);
      if (order === 0xa1b23c4d) return readPcap(octets, little, 1e6);
    }
  } catch (problem) {
    if (!(problem instanceof RangeError)) throw problem;
    throw new WeirError('the capture ends in the middle of a packet; write it anew');
  }
  throw new WeirError('this is neither pcap nor pcapng; convert it with editcap');
}

function readPcap(octets: Buffer, little: boolean, fractions: number): CapturedPacket[] {
  const { u32 } = numbers(octets, little);
  const link = u32(20) & 0xffff;
  const packets: CapturedPacket[] = [];
  for (let at = 24; at < octets.length; at += 16 + u32(at + 8)) {
    const frame = slice(octets, at + 16, u32(at + 8));
    packets.push(...toIp(frame, link, u32(at) * 1000 + u32(at + 4) / fractions));
  }
  return packets;
}

interface Interface {
  link: number;
  /** Units of time a millisecond. */
  resolution: number;
}

function readPcapng(octets: Buffer): CapturedPacket[] {
  const packets: CapturedPacket[] = [];
  let interfaces: Interface[] = [];
  let read = numbers(octets, true);
  for (let at = 0; at < octets.length; at += read.u32(at + 4)) {
    const type = octets.readUInt32LE(at);
    // A section may have another order of octets than the one before it.
    if (type === 0x0a0d0d0a) {
      read = numbers(octets, octets.readUInt32LE(at + 8) === 0x1a2b3c4d);
      interfaces = [];
    } else if (read.u32(at) === 1) interfaces.push(readInterface(octets, at, read));
    else if (read.u32(at) === 6) packets.push(...readEnhanced(octets, at, read, interfaces));
    if (read.u32(at + 4) < 12) throw new WeirError('a block of the capture has no length; write it anew');
  }
  return packets;
}

function readInterface(octets: Buffer, at: number, { u16, u32 }: Numbers): Interface {
  const end = at + u32(at + 4) - 4;
  let resolution = 1e3;
  for (let option = at + 16; option + 4 <= end && u16(option) !== 0; option += 4 + Math.ceil(u16(option + 2) / 4) * 4) {
    if (u16(option) !== 9) continue;
    const value = octets[option + 4]!;
    resolution = (value & 0x80 ? 2 ** (value & 0x7f) : 10 ** value) / 1000;
  }
  return { link: u16(at + 8), resolution };
}

function readEnhanced(
  octets: Buffer,
  at: number,
  { u32 }: Numbers,
  interfaces: readonly Interface[],
): CapturedPacket[] {
  const { link, resolution } = interfaces[u32(at + 8)]!;
  const time = (u32(at + 12) * 2 ** 32 + u32(at + 16)) / resolution;
  return toIp(slice(octets, at + 28, u32(at + 20)), link, time);
}

function slice(octets: Buffer, at: number, length: number): Buffer {
  if (at + length > octets.length) throw new RangeError('past the end');
  return octets.subarray(at, at + length);
}

/** The IP packet of a frame, if it holds one. */
function toIp(frame: Buffer, link: number, time: number): CapturedPacket[] {
  let header = linkHeaders[link];
  if (header === undefined) throw new WeirError(`link type ${link} is not known here; capture on Ethernet or "any"`);
  if (link === 1) {
    while (header < frame.length && frame.readUInt16BE(header - 2) === vlanTag) header += 4;
    if (!ethertypes.includes(frame.readUInt16BE(header - 2))) return [];
  }
  const ip = frame.subarray(header);
  return [4, 6].includes(ip[0]! >> 4) ? [{ time, ip }] : [];
}
