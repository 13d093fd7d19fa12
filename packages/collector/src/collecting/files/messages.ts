import { type FileMessage, type Report, u16 } from './datagram.js';
import type { ByteSource } from './source.js';

const IPFIX_HEADER = 16;
const NETFLOW_V5_HEADER = 24;
const NETFLOW_V5_FLOW = 48;
const NETFLOW_V9_HEADER = 20;
const MAXIMUM_LENGTH = 65_535;

/** How long the next Message is, or why it is none. */
type Extent = { readonly length: number } | { readonly reason: string; readonly detail: string };

/**
 * Messages one after another: an IPFIX File (RFC 5655), or raw datagrams of IPFIX, NetFlow v5 or v9. Stops at the first octet
 * that begins no Message; zeros behind NetFlow are the filling of its datagram.
 */
export async function* readMessages(source: ByteSource, report: Report): AsyncGenerator<FileMessage> {
  for (let version = 0; ; ) {
    if (version === 5 || version === 9) await skipZeros(source);
    const { offset } = source;
    const header = await source.peek(NETFLOW_V5_HEADER);
    if (header.length === 0) return;
    version = header.length < 2 ? 0 : u16(header, 0);
    const extent = await extentOf(source, version, header);
    if ('reason' in extent) {
      report({ ...extent, offset });
      return;
    }
    const bytes = await source.take(extent.length);
    if (bytes.length < extent.length) {
      const detail = `the last Message is cut off: ${bytes.length} of ${extent.length} octets`;
      report({ reason: 'truncated-file', detail, offset });
      return;
    }
    yield { bytes, offset, session: '' };
  }
}

async function extentOf(source: ByteSource, version: number, header: Uint8Array): Promise<Extent> {
  const size = HEADERS.get(version);
  if (size === undefined) {
    return {
      reason: 'not-ipfix',
      detail: 'no IPFIX Message, no NetFlow v5 or v9 and no capture (pcap, pcapng) begins here',
    };
  }
  if (header.length < size) {
    return { reason: 'not-ipfix', detail: `a Message header is cut off: ${header.length} of ${size} octets` };
  }
  if (version === 5) return { length: NETFLOW_V5_HEADER + u16(header, 2) * NETFLOW_V5_FLOW };
  if (version === 9) return { length: await netflow9Length(source) };
  const length = u16(header, 2);
  if (length >= IPFIX_HEADER) return { length };
  return { reason: 'not-ipfix', detail: `a Message says that it is ${length} octets long` };
}

const HEADERS: ReadonlyMap<number, number> = new Map([
  [5, NETFLOW_V5_HEADER],
  [9, NETFLOW_V9_HEADER],
  [10, IPFIX_HEADER],
]);

/**
 * NetFlow v9 does not tell its length: it ends where no FlowSet begins. FlowSet IDs 2 to 255 are reserved (RFC 3954 section 5.2), so
 * that the version of the next datagram is none. A FlowSet cut off by the end of the file is the decoder's to tell.
 */
async function netflow9Length(source: ByteSource): Promise<number> {
  let length = NETFLOW_V9_HEADER;
  for (;;) {
    const bytes = await source.peek(length + 4);
    if (bytes.length < length + 4) return bytes.length;
    const id = u16(bytes, length);
    const next = u16(bytes, length + 2);
    if ((id > 1 && id < 256) || next < 4 || length + next > MAXIMUM_LENGTH) return length;
    const whole = await source.peek(length + next);
    length = Math.min(length + next, whole.length);
  }
}

async function skipZeros(source: ByteSource): Promise<void> {
  for (;;) {
    const bytes = await source.peek(1);
    // No Message begins with two zeros.
    if (bytes.length === 0 || bytes[0] !== 0 || (await source.peek(2))[1] !== 0) return;
    await source.take(1);
  }
}
