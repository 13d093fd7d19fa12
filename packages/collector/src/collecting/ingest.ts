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
import { bindings, setOthers, type TemplateBindings } from '../flow/bindings.js';
import { toNative } from '../flow/native.js';
import { endsOf } from './ends.js';
import { type Exporter, ExporterTable } from './exporters.js';
import type { Peer } from './peer.js';
import { type SavedSessions, type Session, SessionTable } from './sessions.js';
import { statisticsOf } from './statistics.js';

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
  octets: number;
  /** Data Records that are flows. */
  flowRecords: number;
  /** Options Data Records. */
  optionsRecords: number;
  batches: number;
  /** Flow Records thrown away because too many batches were waiting. */
  droppedRecords: number;
  /** Datagrams that are no IPFIX Message. */
  notIpfix: number;
  /** Datagrams of senders for whom there was no room among the sessions. */
  refusedDatagrams: number;
}

interface Compiled {
  readonly decoder: RecordDecoder;
  readonly bound: TemplateBindings;
}

export interface IngestOptions {
  /** Rows of a batch. */
  readonly capacity: number;
  /** Takes a full batch; false: no room, its records are dropped. */
  readonly deliver: (batch: FilledBatch) => boolean;
}

/** RFC 7011 section 3.1: Version Number 10, then a header of 16 octets. */
function isIpfix(bytes: Uint8Array): boolean {
  return bytes.length >= 16 && bytes[0] === 0 && bytes[1] === 10;
}

/**
 * Datagrams -> Transport Sessions -> columns -> batches. No I/O, no clock. Nothing that comes in makes it throw.
 */
export class Ingest implements MessageVisitor {
  readonly counters: IngestCounters = {
    datagrams: 0,
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
  /** Templates have come since this was last set to false. */
  learned = false;
  readonly #sessions = new SessionTable();
  readonly #batch: FlowBatch;
  readonly #deliver: IngestOptions['deliver'];
  readonly #compiled = new WeakMap<Template, Compiled>();
  /** Rows from which a batch is handed over between two Messages, so that a saved sequence number agrees with what is stored. */
  readonly #enough: number;
  // Of the Message in hand:
  #peer!: Peer;
  #exporter: Exporter | undefined;
  #now = 0;

  constructor({ capacity, deliver }: IngestOptions) {
    this.#batch = new FlowBatch(capacity);
    this.#deliver = deliver;
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
    if (!isIpfix(bytes)) {
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

  /** Hands over the rows that wait. */
  flush(): void {
    const batch = this.#batch;
    if (batch.rows === 0) return;
    const filled = { block: toNative(batch), rows: batch.rows, ...endsOf(batch) };
    if (this.#deliver(filled)) this.counters.batches++;
    else this.counters.droppedRecords += batch.rows;
    batch.reset();
  }

  save(now: number): SavedSessions {
    return this.#sessions.save(now);
  }

  restore(saved: SavedSessions): void {
    for (const { peer, transport, lastSeen } of this.#sessions.restore(saved)) {
      this.exporters.restore(peer, transport.save(), lastSeen);
    }
  }

  #decode(session: Session, bytes: Uint8Array, now: number): void {
    this.#peer = session.peer;
    this.#now = now;
    this.#exporter = undefined;
    session.lastSeen = now;
    const { counters } = session.transport;
    const { messages, octets, records, lostRecords, unknownTemplateSets, malformedMessages } = counters;
    session.transport.decode(bytes, this);
    // A Message too broken to name its Observation Domain is put down to domain 0.
    const exporter = this.#exporter ?? this.exporters.of(session.peer, 0, now);
    (exporter as Exporter).add(
      {
        messages: counters.messages - messages,
        octets: counters.octets - octets,
        records: counters.records - records,
        lostRecords: counters.lostRecords - lostRecords,
        unknownTemplateSets: counters.unknownTemplateSets - unknownTemplateSets,
        malformedMessages: counters.malformedMessages - malformedMessages,
      },
      now,
    );
  }

  message(header: MessageHeader): void {
    this.#exporter = this.exporters.of(this.#peer, header.observationDomainId, this.#now);
  }

  template(_domain: number, template: Template): void {
    this.learned = true;
    this.#exporter?.learned(template.id);
  }

  withdrawal(_domain: number, templateId: number): void {
    this.#exporter?.withdrawn(templateId);
  }

  diagnostic({ reason }: Diagnostic): void {
    this.diagnostics.set(reason, (this.diagnostics.get(reason) ?? 0) + 1);
  }

  dataSet(set: DataSet): void {
    if (set.template.scopeFieldCount > 0) this.#options(set);
    else this.#flows(set);
  }

  #options(set: DataSet): void {
    for (const decoded of decodeRecords(set)) {
      this.counters.optionsRecords++;
      const statistics = statisticsOf(decoded);
      if (statistics !== undefined) this.#exporter?.report(statistics);
    }
  }

  #flows(set: DataSet): void {
    const batch = this.#batch;
    const { decoder, bound } = this.#compile(set.template);
    const origin = {
      exporter: this.#peer.octets,
      observationDomainId: set.header.observationDomainId,
      templateId: set.template.id,
      exportTime: set.header.exportTime * 1000,
      receivedAt: this.#now,
      presentLow: bound.presentLow,
      presentHigh: bound.presentHigh,
    };
    for (let start = set.start, done = 0; start < set.end; start = decoder.offset) {
      if (batch.rows === batch.capacity) this.flush();
      const rows = decoder.decode(set.bytes, start, set.end, batch.rows, batch.capacity - batch.rows);
      if (rows === 0) return;
      if (bound.unbound.length > 0) setOthers(batch, batch.rows, rows, set, bound.unbound, done);
      batch.stamp(rows, origin);
      done += rows;
      this.counters.flowRecords += rows;
    }
  }

  #compile(template: Template): Compiled {
    const known = this.#compiled.get(template);
    if (known !== undefined) return known;
    const bound = bindings(template, this.#batch);
    const compiled = { bound, decoder: compileDecoder(template, bound.bindings) };
    this.#compiled.set(template, compiled);
    return compiled;
  }
}
