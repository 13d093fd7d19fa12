import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Diagnostic } from '@weir/ipfix';
import { readFile } from '../collecting/files/records.js';
import { ByteSource } from '../collecting/files/source.js';
import { copyOf, type FilledBatch } from '../collecting/filled-batch.js';
import { Ingest, type IngestOptions } from '../collecting/ingest.js';
import { type Peer, peerOf, peerOfText } from '../collecting/peer.js';
import { WeirError } from '../error.js';
import type { Store } from '../store/client.js';
import { type ImportedFile, ImportLedger } from './ledger.js';

const BATCH_ROWS = 65_536;
/** Milliseconds after which others get a turn. */
const TURN = 20;
/** Of one kind of thing that is left out, so many are told. */
const TOLD = 100;
/** Blocks that wait for the engine at most. */
const BLOCKS_UNDERWAY = 4;

/** A file to be taken into the store. */
export interface ImportRequest {
  /** For people. */
  readonly name: string;
  /** SHA-256 of the file in hexadecimal, by which it is known again; undefined where it can be read only once, as a pipe. */
  readonly digest: string | undefined;
  /** Take it though the store has it. */
  readonly again: boolean;
  /** Address of the exporter where the file does not tell. */
  readonly exporter: string;
}

export interface ImportResult {
  messages: number;
  records: number;
  /** Data Records that sequence numbers say were sent and that are not in the file. */
  lostRecords: number;
  malformedMessages: number;
  unknownTemplateSets: number;
  /** What was left out, as `weir read` tells it; the first of each kind. */
  problems: { offset: number; reason: string; detail: string }[];
}

/** What is known beside a file. */
export type ImportKnowledge = Omit<IngestOptions, 'capacity' | 'deliver'>;

/** The store has the file already, whole or in part. */
export class AlreadyImported extends WeirError {}

/** Takes the records of files into the store by the same way as those that come in live, with the times of the file. */
export class Importer {
  readonly #store: Store;
  readonly #ledger: ImportLedger;
  readonly #known: () => ImportKnowledge;
  #running = false;

  /** @param directory the collector's data directory. @param known what each file is read with */
  constructor(store: Store, directory: string, known: () => ImportKnowledge = () => ({})) {
    this.#store = store;
    this.#known = known;
    this.#ledger = new ImportLedger(join(directory, 'imports.json'));
  }

  /**
   * Takes a file; when this resolves it is in the table. Of one that breaks off what came before it is in.
   * @throws AlreadyImported, WeirError where another file is being taken, or the store refuses a batch
   */
  async take(octets: AsyncIterable<Uint8Array>, request: ImportRequest): Promise<ImportResult> {
    if (this.#running) throw new WeirError('another file is being imported; try again when it is in');
    this.#running = true;
    try {
      return await this.#take(octets, request);
    } finally {
      this.#running = false;
    }
  }

  async #take(octets: AsyncIterable<Uint8Array>, { name, digest, again, exporter }: ImportRequest) {
    const known = digest === undefined ? undefined : this.#ledger.of(digest);
    if (known !== undefined && !again) throw new AlreadyImported(alreadyText(name, known));
    const begun = new Date().toISOString();
    if (digest !== undefined) this.#ledger.keep({ digest, name, begun });
    const hash = createHash('sha256');
    const result = await this.#read(hashed(octets, hash), exporter);
    const found = hash.digest('hex');
    if (digest !== undefined && found !== digest) {
      const last = result.problems.at(-1);
      const why =
        last === undefined
          ? `${name} is not the file that was announced: it changed, or came in part`
          : `${name} could not be read to its end: octet ${last.offset}: ${last.detail}`;
      throw new WeirError(`${why}; its records so far are in the store`);
    }
    this.#ledger.keep({ digest: found, name, begun, records: result.records });
    return result;
  }

  async #read(octets: AsyncIterable<Uint8Array>, exporter: string): Promise<ImportResult> {
    const result = emptyResult();
    const report = reporter(result);
    const batches: { block: Uint8Array; rows: number }[] = [];
    const deliver = (batch: FilledBatch) => batches.push(copyOf(batch));
    const ingest = new Ingest({ capacity: BATCH_ROWS, deliver, ...this.#known() });
    const inserted: Promise<void>[] = [];
    const settle = async () => {
      for (const { block, rows } of batches.splice(0)) {
        inserted.push(this.#store.insert(block, rows));
        inserted.at(-1)!.catch(() => {});
        if (inserted.length >= BLOCKS_UNDERWAY) await inserted.shift();
      }
    };
    const peers = new Map<string, Peer>();
    const unknown = peerOfText(exporter, 0);
    let turn = performance.now();
    for await (const { bytes, session } of readFile(new ByteSource(octets), report)) {
      const peer = session === '' ? unknown : peerOfSession(peers, session);
      ingest.datagram(bytes, peer, exportTimeOf(bytes));
      await settle();
      if (performance.now() - turn < TURN) continue;
      await new Promise(resolve => setImmediate(resolve));
      turn = performance.now();
    }
    ingest.release();
    await settle();
    await Promise.all(inserted);
    if (ingest.told.unkept !== undefined) await this.#store.keepTold(ingest.told.unkept);
    addUp(result, ingest);
    return result;
  }
}

function emptyResult(): ImportResult {
  return { messages: 0, records: 0, lostRecords: 0, malformedMessages: 0, unknownTemplateSets: 0, problems: [] };
}

function reporter({ problems }: ImportResult): (diagnostic: Diagnostic) => void {
  return ({ offset, reason, detail }) => {
    if (problems.length < TOLD) problems.push({ offset, reason, detail });
  };
}

function addUp(result: ImportResult, { exporters, counters }: Ingest): void {
  result.records = counters.flowRecords;
  result.messages = counters.datagrams - counters.notIpfix - counters.refusedDatagrams;
  for (const exporter of exporters.list()) {
    result.lostRecords += exporter.lostRecords;
    result.malformedMessages += exporter.malformedMessages;
    result.unknownTemplateSets += exporter.unknownTemplateSets;
  }
}

function alreadyText(name: string, { begun, records, name: before }: ImportedFile): string {
  const as = before === name ? '' : ` as ${before}`;
  return records === undefined
    ? `${name} was begun to be imported at ${begun}${as}, and did not come to its end; --again takes it from its beginning, and doubles what is in`
    : `${name} is in the store: imported at ${begun}${as}, ${records} Flow Records; --again takes it once more`;
}

async function* hashed(octets: AsyncIterable<Uint8Array>, hash: ReturnType<typeof createHash>) {
  for await (const chunk of octets) {
    hash.update(chunk);
    yield chunk;
  }
}

/** The sender of a captured datagram, as packet.ts names its session. */
function peerOfSession(peers: Map<string, Peer>, session: string): Peer {
  const known = peers.get(session);
  if (known !== undefined) return known;
  const [addresses = '', ports = '0'] = session.split(' ');
  const both = Buffer.from(addresses, 'hex');
  const peer = peerOf(both.subarray(0, both.length / 2), Number(ports) >>> 16);
  peers.set(session, peer);
  return peer;
}

/** Milliseconds: the export time of IPFIX (RFC 7011 section 3.1) or the UNIX seconds of NetFlow v5 and v9 (RFC 3954 section 5.1). */
function exportTimeOf(bytes: Uint8Array): number {
  const at = bytes[1] === 10 ? 4 : 8;
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(at) * 1000;
}
