import type { Diagnostic } from '../message/visitor.js';
import { Checksums } from './checksum.js';
import { type FileMessage, MessageSplitter } from './splitter.js';

/**
 * Reads the Messages of an IPFIX File (RFC 5655) from chunks of its octets, in order; they stay valid, and are to be decoded by one
 * TransportSession. Damaged octets are left out and reported as 'file-damaged'; a Message whose checksum is wrong, as 'checksum'.
 * Offsets of diagnostics are in the file.
 */
export async function* readFile(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  report: (diagnostic: Diagnostic) => void = () => {},
): AsyncGenerator<FileMessage> {
  const splitter = new MessageSplitter(report);
  const checksums = new Checksums();
  const isRight = ({ bytes, offset }: FileMessage) => {
    if (checksums.verify(bytes)) return true;
    report({ reason: 'checksum', detail: `a Message of ${bytes.length} octets has another MD5 checksum`, offset });
    return false;
  };
  for await (const chunk of chunks) yield* splitter.push(chunk).filter(isRight);
  yield* splitter.end().filter(isRight);
}
