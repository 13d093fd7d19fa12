import type { Clock, MessageSink } from '../host/host.js';
import type { FlowRecord } from '../metering/flow-record.js';
import type { RecordBatch } from '../metering/record-batch.js';
import { CollectorCounters } from './collector-counters.js';
import type { MessageEncoder, OptionsRecord } from './encoder.js';
import { GatheredParts } from './gathered-parts.js';

/** Messages handed to the transport by one call, and the memory that they may take. */
const MESSAGES_A_CALL = 64;
const BATCH_OCTETS = 131_072;
/**
 * Messages a second at most: 300,000 Flows leave in about one second, and a collector with a small receive buffer is
 * not flooded. What has to wait stays in the kernel, not here.
 */
const MESSAGES_A_SECOND = 20_000;
/**
 * When a collector that refuses is tried again: after the first time, doubled each time, and at most. Who says nothing for a while after a trial
 * is there.
 */
const RETRY_MILLISECONDS = 250;
const LONGEST_RETRY_MILLISECONDS = 1000;
const ANSWER_MILLISECONDS = 500;
/** How long one that is away is waited for before records are given up. */
export const PATIENCE_MILLISECONDS = 15_000;

/** When the Templates are repeated, for a Collecting Process that came late (RFC 7011 section 8.4): UDP only. */
export interface TemplateRefresh {
  readonly milliseconds: number;
  readonly messages: number;
}

/** A session that is set up first (TCP, TLS, SCTP), and a file, keep their Templates. */
export const NO_REFRESH: TemplateRefresh = {
  milliseconds: Number.POSITIVE_INFINITY,
  messages: Number.POSITIVE_INFINITY,
};

/** The Exporting Process towards one collector: records into the Messages of one Transport Session, and these to its transport. */
export class Exporter {
  readonly #slots: Uint8Array[] = [];
  #bytes = new Uint8Array(0);
  #slotOctets = 0;
  readonly #lengths = new Uint32Array(MESSAGES_A_CALL);
  readonly #records = new Uint32Array(MESSAGES_A_CALL);
  readonly #parts = new GatheredParts(MESSAGES_A_CALL);
  /** Messages finished and not yet sent; the one being written comes behind them. */
  #finished = 0;
  #open = false;
  /** Flow Records not yet in the counters. */
  #exported = 0;
  #nextRefresh = 0;
  #messagesSinceRefresh = 0;
  #credit = MESSAGES_A_CALL;
  #creditTime = 0;
  /** Until when a refusal is taken to go on: at least until the next trial. */
  #refusedUntil = 0;
  #retry = RETRY_MILLISECONDS;
  /** Since when nobody is there. */
  #awaySince: number | undefined;

  constructor(
    private readonly encoder: MessageEncoder,
    private readonly sink: MessageSink,
    private readonly clock: Clock,
    private readonly refreshing: TemplateRefresh,
    readonly counters = new CollectorCounters(),
  ) {}

  /** Pacing: may about `messages` more Messages be made now? Not while a collector that is restarted is waited for. */
  hasCredit(messages: number): boolean {
    if (this.isWaiting()) return false;
    const now = this.clock.monotonic();
    const earned = ((now - this.#creditTime) * MESSAGES_A_SECOND) / 1000;
    this.#creditTime = now;
    this.#credit = Math.min(this.#credit + earned, MESSAGES_A_SECOND / 10);
    return this.#credit >= messages;
  }

  /** The transport would not take `messages` Messages now: the collector reads more slowly than records come. */
  lacksRoom(messages: number): boolean {
    return this.sink.room() < messages;
  }

  /** The collector is not there, but may soon be, and nothing keeps what is sent until then: nothing is to be exported now. */
  isWaiting(): boolean {
    const now = this.clock.monotonic();
    if (!this.#isAway(now) || this.sink.keeps) return false;
    return now - (this.#awaySince ?? now) < PATIENCE_MILLISECONDS;
  }

  get isAway(): boolean {
    return this.#isAway(this.clock.monotonic());
  }

  /** What is exported while the collector is away reaches it later. */
  get keeps(): boolean {
    return this.sink.keeps;
  }

  export(record: FlowRecord): void {
    if (!this.#open) this.#begin();
    // A Flow may need several Messages (NetFlow v5), as long as each takes something of it.
    while (!this.encoder.addFlow(record)) {
      if (this.#next()) continue;
      this.counters.addUnsent(1);
      return;
    }
    this.#exported++;
  }

  /** The protocol carries Data Records of IPFIX as they are. */
  get takesRecords(): boolean {
    return this.encoder.reserveData !== undefined;
  }

  /**
   * Exports Data Records that are finished, as `export` does what they tell. Where the transport can gather, they are not copied: their
   * memory must stay as it is until `flush` has returned, and nothing refers to it after that.
   */
  exportRecords(batch: RecordBatch): void {
    if (this.#parts.isElsewhere(batch)) this.flush();
    for (let i = 0; i < batch.count; i++) {
      const place = this.#reserve(batch.kinds[i], batch.lengths[i]);
      if (place < 0) this.counters.addUnsent(1);
      else this.#place(batch, i, place);
    }
  }

  /** Left out while nobody would read it. */
  exportOptions(record: OptionsRecord): void {
    if (this.isAway && !this.sink.keeps) return;
    this.#begin();
    while (!this.encoder.addOptions(record)) {
      if (this.#next()) continue;
      this.counters.addUnsent(1);
      return;
    }
  }

  /** To be called at each pass: sees whether the collector is there, and repeats the Templates when they are due. */
  refresh(): void {
    const now = this.clock.monotonic();
    const wasAway = this.#awaySince !== undefined;
    const refused = this.sink.wasRefused();
    if (refused) this.#refusedUntil = Number.POSITIVE_INFINITY;
    const away = this.#isAway(now);
    if (away !== wasAway) this.#awaySince = away ? now : undefined;
    this.counters.setAway(away);
    // Who refused may have come back without Templates; while nobody listens they are what is tried with.
    const due = this.#messagesSinceRefresh >= this.refreshing.messages || (refused && !wasAway);
    if (!this.sink.isConnected() || (now < this.#nextRefresh && !due)) return;
    this.#nextRefresh = now + (away ? this.#retry : this.refreshing.milliseconds);
    this.#retry = away ? Math.min(2 * this.#retry, LONGEST_RETRY_MILLISECONDS) : RETRY_MILLISECONDS;
    if (away) this.#refusedUntil = now + ANSWER_MILLISECONDS;
    if (this.refreshing === NO_REFRESH) return;
    if (away && this.encoder.templateCount === 0) this.#sendNothing();
    else this.#repeatTemplates();
  }

  /** Sends all that has been written, and lets go of the memory of batches. */
  flush(): void {
    if (this.#open) this.#finish();
    if (this.#finished === 0) return;
    const sent = this.sink.send(this.#bytes, this.#slotOctets, this.#lengths, this.#finished, this.#parts);
    const taken = this.clock.monotonic() < this.#refusedUntil ? 0 : sent;
    for (let i = taken; i < this.#finished; i++) this.counters.addUnsent(this.#records[i]);
    this.#credit -= this.#finished;
    this.#finished = 0;
    this.#parts.clear();
  }

  close(): void {
    this.flush();
    this.sink.close();
  }

  /** Room for a Data Record in the Message that is open then. @returns its place there, -1 where it fits none */
  #reserve(kind: number, octets: number): number {
    this.#begin();
    for (;;) {
      const place = this.encoder.reserveData?.(kind, octets) ?? -1;
      if (place >= 0 || !this.#next()) return place;
    }
  }

  #place(batch: RecordBatch, record: number, place: number): void {
    const offset = batch.offsets[record];
    const octets = batch.lengths[record];
    if (!this.sink.gathers || !this.#parts.add(batch, offset, octets, place)) {
      const message = this.#slots[this.#finished];
      for (let i = 0; i < octets; i++) message[place + i] = batch.bytes[offset + i];
    }
    this.#exported++;
  }

  #isAway(now: number): boolean {
    return now < this.#refusedUntil || !this.sink.isConnected();
  }

  /** Where there are no Templates (NetFlow v5), an empty datagram shows whether anybody listens, and does no harm. */
  #sendNothing(): void {
    if (this.#finished > 0 || this.#open || this.#slots.length === 0) return;
    this.#lengths[0] = 0;
    this.sink.send(this.#bytes, this.#slotOctets, this.#lengths, 1);
  }

  #repeatTemplates(): void {
    this.#messagesSinceRefresh = 0;
    for (let i = 0; i < this.encoder.templateCount; i++) {
      this.#begin();
      if (this.encoder.addTemplate(i)) continue;
      this.#next();
      this.encoder.addTemplate(i);
    }
  }

  #begin(): void {
    if (this.#open) return;
    if (this.#finished === 0 && this.sink.messageOctets !== this.#slotOctets) this.#resize(this.sink.messageOctets);
    this.encoder.begin(this.#slots[this.#finished]);
    this.#open = true;
  }

  /** The transport's largest Message has changed: the path's MTU. */
  #resize(octets: number): void {
    const count = Math.max(1, Math.min(MESSAGES_A_CALL, Math.floor(BATCH_OCTETS / octets)));
    this.#slotOctets = octets;
    this.#bytes = new Uint8Array(octets * count);
    this.#slots.length = 0;
    for (let i = 0; i < count; i++) this.#slots.push(this.#bytes.subarray(i * octets, (i + 1) * octets));
  }

  /** Goes on with another Message. @returns false where the one before had nothing in it */
  #next(): boolean {
    const filled = this.#finish();
    if (this.#finished === this.#slots.length) this.flush();
    this.#begin();
    return filled;
  }

  #finish(): boolean {
    this.#open = false;
    this.counters.addFlowRecords(this.#exported);
    this.#exported = 0;
    const octets = this.encoder.finish(this.clock.wall());
    if (octets === 0) return false;
    this.#lengths[this.#finished] = octets;
    this.#records[this.#finished] = this.encoder.records;
    this.#parts.endMessage(this.#finished);
    this.#finished++;
    this.#messagesSinceRefresh++;
    this.counters.addMessage(octets);
    return true;
  }
}
