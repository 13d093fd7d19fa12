import { type FileMessage, looksLikeExport, type Report } from './datagram.js';
import { knowsLinkType, udpDatagramOf } from './packet.js';
import type { ByteSource } from './source.js';

const FILE_HEADER_LENGTH = 24;
const PACKET_HEADER_LENGTH = 16;
/** The largest snapshot length that capture programs write; a longer packet means that the file is broken. */
export const MAXIMUM_PACKET = 262_144;

/** Byte order of a pcap file by its magic number, which says microseconds or nanoseconds; undefined: no pcap file. */
export function pcapByteOrder(magic: Uint8Array): 'little' | 'big' | undefined {
  const text = Buffer.from(magic.subarray(0, 4)).toString('hex');
  if (text === 'd4c3b2a1' || text === '4d3cb2a1') return 'little';
  return text === 'a1b2c3d4' || text === 'a1b23c4d' ? 'big' : undefined;
}

/** The export datagrams of a pcap file. */
export async function* readPcap(source: ByteSource, report: Report): AsyncGenerator<FileMessage> {
  const header = await source.take(FILE_HEADER_LENGTH);
  const little = pcapByteOrder(header) === 'little';
  if (header.length < FILE_HEADER_LENGTH) {
    report({ reason: 'truncated-file', detail: 'the header of the capture is cut off', offset: 0 });
    return;
  }
  // The upper 16 bits tell of frame check sequences, not of the link type.
  const linkType = viewOf(header).getUint32(20, little) & 0xffff;
  if (!knowsLinkType(linkType)) {
    report({ reason: 'link-type', detail: `captures of link type ${linkType} cannot be read`, offset: 20 });
    return;
  }
  for (;;) {
    const { offset } = source;
    const packetHeader = await source.take(PACKET_HEADER_LENGTH);
    if (packetHeader.length === 0) return;
    const length = packetHeader.length < PACKET_HEADER_LENGTH ? 0 : viewOf(packetHeader).getUint32(8, little);
    const packet = length > MAXIMUM_PACKET ? undefined : await source.take(length);
    if (packet === undefined || packet.length < length || packetHeader.length < PACKET_HEADER_LENGTH) {
      report({ reason: 'truncated-file', detail: 'the capture breaks off in the middle of a packet', offset });
      return;
    }
    yield* messageOf(packet, linkType, offset + PACKET_HEADER_LENGTH);
  }
}

/** The Message in a captured packet, if any. */
export function* messageOf(packet: Uint8Array, linkType: number, offset: number): Generator<FileMessage> {
  const datagram = udpDatagramOf(packet, linkType);
  if (datagram === undefined || !looksLikeExport(datagram.payload)) return;
  const start = datagram.payload.byteOffset - packet.byteOffset;
  yield { bytes: datagram.payload, offset: offset + start, session: datagram.session };
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
