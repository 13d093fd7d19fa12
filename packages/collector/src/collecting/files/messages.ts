import type { FileMessage, Report } from './datagram.js';
import type { ByteSource } from './source.js';

const HEADER_LENGTH = 16;

/** Messages one after another: an IPFIX File (RFC 5655), or raw datagrams. Stops at the first octet that begins no Message. */
export async function* readMessages(source: ByteSource, report: Report): AsyncGenerator<FileMessage> {
  for (;;) {
    const { offset } = source;
    const header = await source.peek(HEADER_LENGTH);
    if (header.length === 0) return;
    const problem = problemOf(header);
    if (problem !== undefined) {
      report({ reason: 'not-ipfix', detail: problem, offset });
      return;
    }
    const length = header[2]! * 256 + header[3]!;
    const bytes = await source.take(length);
    if (bytes.length < length) {
      const detail = `the last Message is cut off: ${bytes.length} of ${length} octets`;
      report({ reason: 'truncated-file', detail, offset });
      return;
    }
    yield { bytes, offset, session: '' };
  }
}

function problemOf(header: Uint8Array): string | undefined {
  const version = header[0]! * 256 + (header[1] ?? 0);
  if (version === 5 || version === 9) return `NetFlow v${version} cannot be read yet, IPFIX can`;
  if (version !== 10) return 'no IPFIX Message and no capture (pcap, pcapng) begins here';
  if (header.length < HEADER_LENGTH) return `a Message header is cut off: ${header.length} of ${HEADER_LENGTH} octets`;
  const length = header[2]! * 256 + header[3]!;
  return length < HEADER_LENGTH ? `a Message says that it is ${length} octets long` : undefined;
}
