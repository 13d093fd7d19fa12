import { createReadStream } from 'node:fs';
import { type DataSet, type Diagnostic, decodeRecords, TransportSession } from '@weir/ipfix';
import { WeirError } from '../../error.js';
import type { FileMessage, Report } from './datagram.js';
import { readMessages } from './messages.js';
import { pcapByteOrder, readPcap } from './pcap.js';
import { isPcapng, readPcapng } from './pcapng.js';
import { ByteSource } from './source.js';

/** One Data Record out of a file, JSON-ready. */
export interface FileRecord {
  /** RFC 3339, UTC. */
  readonly exportTime: string;
  readonly observationDomainId: number;
  readonly templateId: number;
  /** Keys are IANA names, or PEN:ID. */
  readonly record: Record<string, unknown>;
  /** Of an Options Data Record. */
  readonly scope?: Record<string, unknown>;
}

/** Something in a file that is left out. `offset` is octets from its beginning. */
export interface FileDiagnostic extends Diagnostic {
  readonly file: string;
}

/** Transport Sessions in captures; beyond that the oldest is forgotten. */
const MAXIMUM_SESSIONS = 1024;

/**
 * Reads the Data Records of IPFIX Files, captures (pcap, pcapng) and raw datagrams, in order, in bounded memory. Templates
 * learned in one file hold for the next. What cannot be read is told and left out.
 * @param files paths; "-" is standard input
 * @throws WeirError where a file cannot be opened
 */
export async function* openRecords(
  files: readonly string[],
  onDiagnostic: (diagnostic: FileDiagnostic) => void,
): AsyncGenerator<FileRecord> {
  const sessions = new Map<string, TransportSession>();
  for (const file of files) {
    const source = new ByteSource(file === '-' ? process.stdin : createReadStream(file));
    const report: Report = diagnostic => onDiagnostic({ ...diagnostic, file });
    try {
      for await (const message of readFile(source, report)) {
        yield* recordsOf(message, sessionOf(sessions, message.session), report);
      }
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === undefined) throw error;
      throw new WeirError(`cannot read ${file}: ${reasons[code] ?? message}`);
    } finally {
      await source.close();
    }
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'this user may not read it',
  EISDIR: 'it is a directory',
};

/** The Messages of a file, whichever kind it is of. */
export async function* readFile(source: ByteSource, report: Report): AsyncGenerator<FileMessage> {
  const magic = await source.peek(4);
  if (isPcapng(magic)) yield* readPcapng(source, report);
  else if (pcapByteOrder(magic) !== undefined) yield* readPcap(source, report);
  else yield* readMessages(source, report);
}

function sessionOf(sessions: Map<string, TransportSession>, key: string): TransportSession {
  const known = sessions.get(key);
  if (known !== undefined) return known;
  const [oldest] = sessions.keys();
  if (sessions.size >= MAXIMUM_SESSIONS && oldest !== undefined) sessions.delete(oldest);
  const session = new TransportSession();
  sessions.set(key, session);
  return session;
}

function recordsOf({ bytes, offset }: FileMessage, session: TransportSession, report: Report): FileRecord[] {
  const records: FileRecord[] = [];
  session.decode(bytes, {
    dataSet(set) {
      const common = commonOf(set);
      for (const decoded of decodeRecords(set)) records.push({ ...common, ...decoded });
    },
    unknownTemplate(domain, setId, content) {
      const detail = `no Template ${setId} of Observation Domain ${domain} came before its ${content.length} octets of data; name the file that holds it first`;
      report({ reason: 'unknown-template', detail, offset, setId });
    },
    diagnostic: diagnostic => report({ ...diagnostic, offset: offset + diagnostic.offset }),
  });
  return records;
}

function commonOf({ header, template }: DataSet) {
  return {
    exportTime: new Date(header.exportTime * 1000).toISOString().replace('.000Z', 'Z'),
    observationDomainId: header.observationDomainId,
    templateId: template.id,
  };
}
