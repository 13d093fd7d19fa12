import {
  type DataSet,
  type Diagnostic,
  decodeRecords,
  type MessageHeader,
  type MessageVisitor,
  type Template,
} from '@weir/ipfix';
import { FlowBatch } from '../flow/batch.js';
import { CompiledTemplates } from './compiled-templates.js';
import { newCounters } from './counters.js';
import type { Enricher } from './enricher.js';
import { type Exporter, ExporterTable } from './exporters.js';
import { type FilledBatch, filledOf } from './filled-batch.js';
import { Duplicates } from './meaning/duplicates.js';
import type { FlowOwners } from './meaning/flow-owners.js';
import { Halves, type HalvesOptions } from './meaning/halves.js';
import { type HandSampling, SamplingByHand } from './meaning/sampling-by-hand.js';
import { ToldByExporters } from './meaning/told-by-exporters.js';
import type { Peer } from './peer.js';
import { type SavedSession, type SavedSessions, type Session, SessionTable, savedSession } from './sessions.js';
import { statisticsOf } from './statistics.js';
import { UnreadSets } from './unread-sets.js';

export interface IngestOptions {
  /** Rows of a batch. */
  readonly capacity: number;
  /** Takes a full batch. */
  readonly deliver: (batch: FilledBatch) => void;
  /** What adds to the records, in this order; default none. */
  readonly enrichers?: readonly Enricher[];
  /** Of exporters that do not tell theirs; default none. */
  readonly sampling?: readonly HandSampling[];
  /** Records of one direction are joined to Biflows; default not. */
  readonly halves?: HalvesOptions | undefined;
  /** Which exporter tells of which Flow; default: nothing is marked as a duplicate. */
  readonly owners?: FlowOwners | undefined;
}

/** A version number that we read: RFC 7011 section 3.1, RFC 3954 section 5.1. What follows is the decoder's to judge. */
function isExport(bytes: Uint8Array): boolean {
  return bytes.length >= 16 && bytes[0] === 0 && (bytes[1] === 10 || bytes[1] === 9 || bytes[1] === 5);
}

/**
 * Datagrams and streams of Messages -> Transport Sessions -> columns -> batches. No I/O, no clock. Nothing that comes in makes it throw.
 */
export class Ingest implements MessageVisitor {
  readonly counters = newCounters();
  /** Diagnostics of Messages by their reason. */
  readonly diagnostics = new Map<string, number>();
  readonly exporters = new ExporterTable();
  readonly told = new ToldByExporters();
  /** Records are read for what they tell of their exporter, and left out: they are stored already. */
  skips = false;
  /** What waits for its other half. */
  readonly halves: Halves | undefined;
  readonly #sessions = new SessionTable();
  #unread = new UnreadSets();
  readonly #batch: FlowBatch;
  readonly #deliver: IngestOptions['deliver'];
  readonly #enrichers: readonly Enricher[];
  readonly #duplicates: Duplicates | undefined;
  readonly #compiled: CompiledTemplates;
  readonly #byHand: SamplingByHand;
  /** Rows from which a batch is handed over between two Messages, so that a saved sequence number agrees with what is stored. */
  readonly #enough: number;
  // Of the Message in hand:
  #session!: Session;
  #exporter: Exporter | undefined;
  #now = 0;
  /** Of the newest Message. */
  #latest = 0;
  #diagnostic: Diagnostic | undefined;
  #header!: MessageHeader;
  /** Templates that it has brought. */
  readonly #brought = new Set<number>();

  constructor({ capacity, deliver, enrichers = [], sampling, halves, owners }: IngestOptions) {
    this.#batch = new FlowBatch(capacity);
    this.#compiled = new CompiledTemplates(this.#batch);
    this.#deliver = deliver;
    this.#enrichers = enrichers;
    this.#byHand = new SamplingByHand(sampling);
    this.halves = halves && new Halves(halves, capacity);
    this.#duplicates = owners && new Duplicates(owners, this.counters);
    this.#enough = capacity - Math.min(4096, capacity >> 2);
  }

  /** Rows that wait in the batch. */
  get waitingRows(): number {
    return this.#batch.rows;
  }

  get sessionCount(): number {
    return this.#sessions.size;
  }

  /** Takes one datagram: one Message (RFC 7011 section 10.3.3). `now` is milliseconds since the epoch. */
  datagram(bytes: Uint8Array, peer: Peer, now: number): void {
    this.counters.datagrams++;
    this.counters.octets += bytes.length;
    if (!isExport(bytes)) {
      this.counters.notIpfix++;
      return;
    }
    const session = this.#sessions.of(peer, now);
    if (session === undefined) {
      this.counters.refusedDatagrams++;
      return;
    }
    this.#decode(session, bytes, now);
    if (this.#batch.rows >= this.#enough) this.flush();
  }

  /** Takes one IPFIX Message of a connection, or of that stream of an association. What is wrong with it where it is malformed, else undefined. */
  streamMessage(session: Session, bytes: Uint8Array, now: number, stream = 0): string | undefined {
    this.counters.streamMessages++;
    this.counters.octets += bytes.length;
    const { malformedMessages } = session.transport.counters;
    this.#decode(session, bytes, now, stream);
    if (this.#batch.rows >= this.#enough) this.flush();
    return session.transport.counters.malformedMessages > malformedMessages ? this.#diagnostic?.detail : undefined;
  }

  /** Forgets the Templates of a connection. */
  endOfStream(session: Session): void {
    this.exporters.ended(session);
    this.#unread.forget(session);
  }

  /**
   * Hands over the rows that wait, but halves, whose time is not over.
   * @param now milliseconds since the epoch; default when the newest Message came
   */
  flush(now = this.#latest): void {
    const batch = this.#batch;
    if (!this.skips) {
      if (this.halves === undefined) this.#handOver(batch);
      else this.halves.pass(batch, now, ready => this.#handOver(ready));
    }
    batch.reset();
  }

  /** Hands over all, halves too. */
  release(): void {
    this.flush();
    this.halves?.release(ready => this.#handOver(ready));
  }

  #handOver(batch: FlowBatch): void {
    if (batch.rows === 0) return;
    this.#deliver(filledOf(batch));
    this.counters.batches++;
  }

  /** What is known of exporters by their datagrams, and what of all that they have told would be lost with this process. */
  save(now: number): SavedSessions {
    const saved = this.#sessions.save(now, session => this.saveSession(session));
    const told = this.told.unkept;
    return told === undefined ? saved : { ...saved, told };
  }

  /** Goes on where `save` was called. */
  restore(saved: SavedSessions): void {
    if (saved.told !== undefined) this.told.restore(saved.told);
    this.#unread = new UnreadSets();
    for (const [session, its] of this.#sessions.restore(saved)) this.resume(session, its);
  }

  saveSession(session: Session): SavedSession {
    const saved = savedSession(session);
    const bootTimes = this.exporters.bootTimes(session, saved.state);
    const unread = this.#unread.save(session);
    return {
      ...saved,
      ...(bootTimes.length > 0 && { bootTimes }),
      ...(unread.length > 0 && { unread }),
    };
  }

  /** Goes on with a session that was restored from what `saveSession` gave. */
  resume(session: Session, { bootTimes, unread = [] }: SavedSession): void {
    this.exporters.restore(session, bootTimes);
    this.#unread.restore(session, unread);
  }

  #decode(session: Session, bytes: Uint8Array, now: number, stream = 0): void {
    this.#session = session;
    this.#now = now;
    this.#latest = now;
    this.#exporter = undefined;
    this.#diagnostic = undefined;
    session.lastSeen = now;
    const { counters } = session.transport;
    const { messages, octets, records, lostRecords, lostMessages, unknownTemplateSets, malformedMessages } = counters;
    session.transport.decode(bytes, this, stream);
    if (this.#brought.size > 0) this.#readLate();
    // A Message too broken to name its Observation Domain is put down to domain 0.
    const exporter = this.#exporter ?? this.exporters.of(session, 0, now);
    (exporter as Exporter).add(
      {
        messages: counters.messages - messages,
        octets: counters.octets - octets,
        records: counters.records - records,
        lostRecords: counters.lostRecords - lostRecords,
        lostMessages: counters.lostMessages - lostMessages,
        unknownTemplateSets: counters.unknownTemplateSets - unknownTemplateSets,
        malformedMessages: counters.malformedMessages - malformedMessages,
      },
      now,
    );
  }

  /** Reads what came before its Template. */
  #readLate(): void {
    const sets = this.#unread.isEmpty ? [] : this.#unread.take(this.#session, this.#header, this.#brought);
    this.#brought.clear();
    for (const { header, setId, content, receivedAt } of sets) {
      this.#now = receivedAt;
      this.#session.transport.decodeSet(header, setId, content, this);
      this.#exporter?.readLate();
    }
  }

  message(header: MessageHeader): void {
    this.#header = header;
    this.#exporter = this.exporters.of(this.#session, header.observationDomainId, this.#now);
    this.#exporter.clock(header.exportTime * 1000, this.#now);
  }

  template(_domain: number, template: Template): void {
    this.#brought.add(template.id);
    this.#sessions.introduced(this.#session);
    this.#exporter?.learned(template, this.#session.transport.registry);
  }

  unknownTemplate(_domain: number, setId: number, content: Uint8Array): void {
    this.#unread.keep({ session: this.#session, header: this.#header, setId, content, receivedAt: this.#now });
  }

  withdrawal(_domain: number, templateId: number): void {
    this.#exporter?.withdrawn(templateId);
  }

  diagnostic(diagnostic: Diagnostic): void {
    const { reason } = diagnostic;
    this.#diagnostic = diagnostic;
    this.diagnostics.set(reason, (this.diagnostics.get(reason) ?? 0) + 1);
  }

  dataSet(set: DataSet): void {
    if (set.template.scopeFieldCount > 0) this.#options(set);
    else this.#flows(set);
  }

  #options(set: DataSet): void {
    for (const decoded of decodeRecords(set)) {
      this.counters.optionsRecords++;
      const hasTold = this.told.learn(this.#session, set.header.observationDomainId, decoded, this.#now);
      if (hasTold) this.exporters.renamed(this.#session);
      this.#session.sampling.learn(set.header.observationDomainId, decoded);
      const statistics = statisticsOf(decoded);
      if (statistics !== undefined) this.#exporter?.report(statistics);
      const started = decoded.record.systemInitTimeMilliseconds;
      if (typeof started === 'string') this.#exporter?.started(Date.parse(started));
    }
  }

  #flows(set: DataSet): void {
    const batch = this.#batch;
    const bootTime = this.#exporter?.bootTime;
    const compiled = this.#compiled.of(set, set.header.sysUpTime !== undefined || bootTime !== undefined);
    if (compiled.lacksDirection) {
      this.#dropBiflows(set);
      return;
    }
    const { decoder, bound, others, sampled, compared } = compiled;
    const told = this.#session.sampling.of(set.header.observationDomainId);
    const byHand = this.#byHand.of(this.#session.peer);
    const origin = {
      exporter: this.#session.peer.octets,
      observationDomainId: set.header.observationDomainId,
      templateId: set.template.id,
      exportTime: set.header.exportTime * 1000,
      receivedAt: this.#now,
      present: bound.present,
    };
    for (let start = set.start; start < set.end; start = decoder.offset) {
      if (batch.rows === batch.capacity) this.flush();
      const rows = decoder.decode(set.bytes, start, set.end, batch.rows, batch.capacity - batch.rows);
      if (rows === 0) return;
      bound.settle(batch.rows, rows, set.header, bootTime);
      others?.read(batch, batch.rows, set, start, decoder.offset);
      batch.stamp(rows, origin);
      sampled.fill(batch, batch.rows - rows, set, start, decoder.offset, told, byHand);
      for (const enricher of this.#enrichers) enricher.fill(batch, batch.rows - rows, batch.rows);
      this.#duplicates?.mark(batch, batch.rows - rows, compared, this.#exporter!, this.#now);
      this.counters.flowRecords += rows;
    }
  }

  #dropBiflows({ template, start }: DataSet): void {
    const detail = `Template ${template.id} has reverse elements, but neither source nor destination`;
    this.diagnostic({ reason: 'biflow-without-key', detail, offset: start, setId: template.id });
  }
}
