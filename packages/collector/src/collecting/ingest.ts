import {
  compileDecoder,
  type DataSet,
  type Diagnostic,
  decodeRecords,
  type MessageHeader,
  type MessageVisitor,
  type RecordDecoder,
  type Template,
} from '@weir/ipfix';
import { FlowBatch } from '../flow/batch.js';
import { OtherFields } from '../flow/bindings.js';
import { toNative } from '../flow/native.js';
import { lacksDirection } from './biflow.js';
import { endsOf } from './ends.js';
import type { Enricher } from './enricher.js';
import { type Exporter, ExporterTable } from './exporters.js';
import { InterfaceNames } from './meaning/interface-names.js';
import { SampledRecords } from './meaning/sampled-records.js';
import type { Peer } from './peer.js';
import { RelativeColumns, type TimedBindings, timedBindings } from './relative-times.js';
import { type SavedSession, type SavedSessions, type Session, SessionTable, savedSession } from './sessions.js';
import { statisticsOf } from './statistics.js';
import { UnreadSets } from './unread-sets.js';

/** A batch on its way to the store. */
export interface FilledBatch {
  /** ClickHouse Native block. */
  readonly block: Uint8Array;
  readonly rows: number;
  /** The interval that the records' ends cover, milliseconds; both 0 where no record has an end. */
  readonly from: number;
  readonly to: number;
}

/** What has come in; every number only grows. */
export interface IngestCounters {
  datagrams: number;
  /** Messages that came over connections. */
  streamMessages: number;
  octets: number;
  /** Data Records that are flows. */
  flowRecords: number;
  /** Options Data Records. */
  optionsRecords: number;
  batches: number;
  /** Flow Records thrown away because too many batches were waiting. */
  droppedRecords: number;
  /** Datagrams that are neither IPFIX Messages nor NetFlow v5 or v9. */
  notIpfix: number;
  /** Datagrams of senders for whom there was no room among the sessions. */
  refusedDatagrams: number;
}

interface Compiled {
  /** Its records are dropped. */
  readonly lacksDirection: boolean;
  readonly decoder: RecordDecoder;
  readonly bound: TimedBindings;
  /** Of what has no column. */
  readonly others: OtherFields | undefined;
  readonly sampled: SampledRecords;
}

export interface IngestOptions {
  /** Rows of a batch. */
  readonly capacity: number;
  /** Takes a full batch; false: no room, its records are dropped. With `mustTake` some of them came over a connection: not these. */
  readonly deliver: (batch: FilledBatch, mustTake: boolean) => boolean;
  /** What adds to the records, in this order; default none. */
  readonly enrichers?: readonly Enricher[];
}

/** A version number that we read: RFC 7011 section 3.1, RFC 3954 section 5.1. What follows is the decoder's to judge. */
function isExport(bytes: Uint8Array): boolean {
  return bytes.length >= 16 && bytes[0] === 0 && (bytes[1] === 10 || bytes[1] === 9 || bytes[1] === 5);
}

/**
 * Datagrams and streams of Messages -> Transport Sessions -> columns -> batches. No I/O, no clock. Nothing that comes in makes it throw.
 */
export class Ingest implements MessageVisitor {
  readonly counters: IngestCounters = {
    datagrams: 0,
    streamMessages: 0,
    octets: 0,
    flowRecords: 0,
    optionsRecords: 0,
    batches: 0,
    droppedRecords: 0,
    notIpfix: 0,
    refusedDatagrams: 0,
  };
  /** Diagnostics of Messages by their reason. */
  readonly diagnostics = new Map<string, number>();
  readonly exporters = new ExporterTable();
  readonly interfaces = new InterfaceNames();
  /** Templates have come since this was last set to false. */
  learned = false;
  readonly #sessions = new SessionTable();
  #unread = new UnreadSets();
  readonly #batch: FlowBatch;
  readonly #deliver: IngestOptions['deliver'];
  readonly #enrichers: readonly Enricher[];
  readonly #relative: RelativeColumns;
  readonly #compiled = new WeakMap<Template, Compiled>();
  /** Of Templates whose exporter tells when its sysUpTime was 0. */
  readonly #compiledWithClock = new WeakMap<Template, Compiled>();
  /** Rows from which a batch is handed over between two Messages, so that a saved sequence number agrees with what is stored. */
  readonly #enough: number;
  /** Records of connections, whose exporters count on their arrival, wait in the batch. */
  #mustTake = false;
  // Of the Message in hand:
  #session!: Session;
  #exporter: Exporter | undefined;
  #now = 0;
  #diagnostic: Diagnostic | undefined;
  #header!: MessageHeader;
  /** Templates that it has told. */
  readonly #told = new Set<number>();

  constructor({ capacity, deliver, enrichers = [] }: IngestOptions) {
    this.#batch = new FlowBatch(capacity);
    this.#relative = new RelativeColumns(capacity);
    this.#deliver = deliver;
    this.#enrichers = enrichers;
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

  /** Hands over the rows that wait. */
  flush(): void {
    const batch = this.#batch;
    if (batch.rows === 0) return;
    const filled = { block: toNative(batch), rows: batch.rows, ...endsOf(batch) };
    if (this.#deliver(filled, this.#mustTake)) this.counters.batches++;
    else this.counters.droppedRecords += batch.rows;
    batch.reset();
    this.#mustTake = false;
  }

  /** What is known of exporters by their datagrams, and what of all that they have told would be lost with this process. */
  save(now: number): SavedSessions {
    const interfaces = this.interfaces.unkept;
    const saved = this.#sessions.save(now, session => this.saveSession(session));
    return interfaces.length === 0 ? saved : { ...saved, interfaces };
  }

  /** Goes on where `save` was called. */
  restore(saved: SavedSessions): void {
    this.interfaces.restore(saved.interfaces ?? []);
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
    this.#exporter = undefined;
    this.#diagnostic = undefined;
    session.lastSeen = now;
    const { counters } = session.transport;
    const { messages, octets, records, lostRecords, lostMessages, unknownTemplateSets, malformedMessages } = counters;
    session.transport.decode(bytes, this, stream);
    if (this.#told.size > 0) this.#readLate();
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
    const sets = this.#unread.isEmpty ? [] : this.#unread.take(this.#session, this.#header, this.#told);
    this.#told.clear();
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
    this.learned = true;
    this.#told.add(template.id);
    this.#sessions.introduced(this.#session);
    this.#exporter?.learned(template.id);
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
      this.interfaces.learn(this.#session.peer.address, set.header.observationDomainId, decoded, this.#now);
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
    const compiled = this.#compile(set.template, set.header.sysUpTime !== undefined || bootTime !== undefined);
    if (compiled.lacksDirection) {
      this.#dropBiflows(set);
      return;
    }
    const { decoder, bound, others, sampled } = compiled;
    const sampling = this.#session.sampling.of(set.header.observationDomainId);
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
      if (this.#session.protocol !== 'udp') this.#mustTake = true;
      bound.settle(batch.rows, rows, set.header, bootTime);
      others?.read(batch, batch.rows, set, start, decoder.offset);
      batch.stamp(rows, origin);
      sampled.fill(batch, batch.rows - rows, set, start, decoder.offset, sampling);
      for (const enricher of this.#enrichers) enricher.fill(batch, batch.rows - rows, batch.rows);
      this.counters.flowRecords += rows;
    }
  }

  #dropBiflows({ template, start }: DataSet): void {
    const detail = `Template ${template.id} has reverse elements, but neither source nor destination`;
    this.diagnostic({ reason: 'biflow-without-key', detail, offset: start, setId: template.id });
  }

  #compile(template: Template, hasClock: boolean): Compiled {
    const cache = hasClock ? this.#compiledWithClock : this.#compiled;
    const known = cache.get(template);
    if (known !== undefined) return known;
    const bound = timedBindings(template, this.#batch, this.#relative, hasClock);
    const decoder = compileDecoder(template, bound.bindings);
    const others = bound.unbound.length > 0 ? new OtherFields(template, bound.unbound) : undefined;
    const sampled = new SampledRecords(template, bound.present);
    const compiled = { bound, decoder, others, sampled, lacksDirection: lacksDirection(template) };
    cache.set(template, compiled);
    return compiled;
  }
}
