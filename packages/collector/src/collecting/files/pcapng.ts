import type { FileMessage, Report } from './datagram.js';
import { knowsLinkType } from './packet.js';
import { MAXIMUM_PACKET, messageOf, viewOf } from './pcap.js';
import type { ByteSource } from './source.js';

// Block types: draft-ietf-opsawg-pcapng section 4.
const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE_DESCRIPTION = 1;
const SIMPLE_PACKET = 3;
const ENHANCED_PACKET = 6;
/** Byte-order magic 0x1a2b3c4d as a little-endian writer leaves it. */
const LITTLE_MAGIC = 0x4d3c2b1a;
const BIG_MAGIC = 0x1a2b3c4d;
/** A block holds a packet and options; a longer one means that the file is broken. */
const MAXIMUM_BLOCK = MAXIMUM_PACKET + 65_536;
const MAXIMUM_INTERFACES = 4096;

/** Whether a file begins like pcapng. */
export function isPcapng(magic: Uint8Array): boolean {
  return magic.length >= 4 && viewOf(magic).getUint32(0) === SECTION_HEADER;
}

/** One block without its lengths; `body` begins `offset` octets into the file. */
interface Block {
  readonly type: number;
  readonly body: Uint8Array;
  readonly offset: number;
}

/** The export datagrams of a pcapng file. */
export async function* readPcapng(source: ByteSource, report: Report): AsyncGenerator<FileMessage> {
  const section = { little: true, linkTypes: [] as number[] };
  for (;;) {
    const block = await nextBlock(source, section, report);
    if (block === undefined) return;
    if (block.type === SECTION_HEADER) section.linkTypes = [];
    else if (block.type === INTERFACE_DESCRIPTION) describe(block, section, report);
    else if (block.type === ENHANCED_PACKET || block.type === SIMPLE_PACKET) yield* packetOf(block, section);
  }
}

interface Section {
  little: boolean;
  linkTypes: number[];
}

async function nextBlock(source: ByteSource, section: Section, report: Report): Promise<Block | undefined> {
  const { offset } = source;
  const head = await source.peek(12);
  if (head.length === 0) return undefined;
  if (head.length === 12) {
    const view = viewOf(head);
    if (view.getUint32(0) === SECTION_HEADER) {
      const magic = view.getUint32(8);
      if (magic === LITTLE_MAGIC || magic === BIG_MAGIC) section.little = magic === LITTLE_MAGIC;
    }
    const type = view.getUint32(0, section.little);
    const length = view.getUint32(4, section.little);
    if (length >= 12 && length % 4 === 0 && length <= MAXIMUM_BLOCK) {
      const bytes = await source.take(length);
      if (bytes.length === length) return { type, body: bytes.subarray(8, length - 4), offset: offset + 8 };
    }
  }
  report({ reason: 'truncated-file', detail: 'the capture breaks off, or a block of it is broken', offset });
  return undefined;
}

function describe(block: Block, section: Section, report: Report): void {
  const linkType = block.body.length >= 2 ? viewOf(block.body).getUint16(0, section.little) : -1;
  if (!knowsLinkType(linkType)) {
    const detail = `interface ${section.linkTypes.length} has link type ${linkType}, which cannot be read`;
    report({ reason: 'link-type', detail, offset: block.offset });
  }
  if (section.linkTypes.length < MAXIMUM_INTERFACES) section.linkTypes.push(linkType);
}

function packetOf({ type, body, offset }: Block, section: Section): Generator<FileMessage> {
  const enhanced = type === ENHANCED_PACKET;
  const start = enhanced ? 20 : 4;
  if (body.length < start) return messageOf(new Uint8Array(0), -1, offset);
  const view = viewOf(body);
  const linkType = section.linkTypes[enhanced ? view.getUint32(0, section.little) : 0] ?? -1;
  // A Simple Packet Block says the length on the wire only: what was captured may be less.
  const captured = Math.min(view.getUint32(enhanced ? 12 : 0, section.little), body.length - start);
  return messageOf(body.subarray(start, start + captured), linkType, offset + start);
}
