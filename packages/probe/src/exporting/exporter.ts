import { MessageWriter, type Template } from '@weir/ipfix';
import type { Clock, MessageSink } from '../host/host.js';
import type { FlowRecord } from '../metering/flow-record.js';
import { type FieldSelection, parseFields } from './field-selection.js';
import { type FlowTemplate, FlowTemplates } from './flow-templates.js';
import { STATISTICS_OCTETS, STATISTICS_TEMPLATE, type Statistics, writeStatistics } from './statistics.js';

/** Fits IPv6 over any usual tunnel with headers to spare, and 1,500-octet Ethernet. */
const MESSAGE_OCTETS = 1400;
/** Messages handed to the transport by one call. */
const MESSAGES_A_CALL = 64;
/** Over UDP Templates are repeated, for a Collecting Process that came late (RFC 7011 section 8.4). */
const TEMPLATE_REFRESH_MILLISECONDS = 10_000;
/**
 * Messages a second at most: 300,000 Flows leave in about one second, and a collector with a small receive buffer is
 * not flooded. What has to wait stays in the kernel, not here.
 */
const MESSAGES_A_SECOND = 20_000;
/** How often a collector that refuses is tried, and how long it is waited for before records are given up. */
const RETRY_MILLISECONDS = 250;
const PATIENCE_MILLISECONDS = 15_000;

export interface ExportCounters {
  messages: number;
  octets: number;
  flowRecords: number;
  /** Data Records in Messages that a transport did not take, or that went to a collector known to be away. */
  unsentRecords: number;
}

/**
 * The Exporting Process: Flow Records into Messages, Messages to every collector. All collectors get the same Messages, so
 * a Message is encoded once.
 */
export class Exporter {
  readonly counters: ExportCounters = { messages: 0, octets: 0, flowRecords: 0, unsentRecords: 0 };
  readonly #bytes = new Uint8Array(MESSAGE_OCTETS * MESSAGES_A_CALL);
  readonly #slots: Uint8Array[] = [];
  readonly #writers: MessageWriter[] = [];
  readonly #lengths = new Uint32Array(MESSAGES_A_CALL);
  readonly #records = new Uint32Array(MESSAGES_A_CALL);
  readonly #flows: FlowTemplates;
  readonly #templates = new Map<number, FlowTemplate>();
  /** Messages finished and not yet sent; the one being written comes behind them. */
  #finished = 0;
  #open = false;
  #sequence = 0;
  #nextRefresh = 0;
  #credit = MESSAGES_A_CALL;
  #creditTime = 0;
  /** When every collector began to refuse, and until when that is taken to go on. */
  #awaySince: number | undefined;
  #awayUntil = 0;

  constructor(
    private readonly sinks: readonly MessageSink[],
    private readonly clock: Clock,
    private readonly domain: number,
    fields: FieldSelection = parseFields('default'),
  ) {
    this.#flows = new FlowTemplates(fields);
    for (let i = 0; i < MESSAGES_A_CALL; i++) {
      const slot = this.#bytes.subarray(i * MESSAGE_OCTETS, (i + 1) * MESSAGE_OCTETS);
      this.#slots.push(slot);
      this.#writers.push(new MessageWriter(slot));
    }
  }

  /** Pacing: may about `messages` more Messages be made now? Not while a collector that is restarted is waited for. */
  hasCredit(messages: number): boolean {
    if (this.isWaiting()) return false;
    const now = this.clock.monotonic();
    const earned = ((now - this.#creditTime) * MESSAGES_A_SECOND) / 1000;
    this.#creditTime = now;
    this.#credit = Math.min(this.#credit + earned, MESSAGES_A_SECOND / 10);
    return this.#credit >= messages;
  }

  /** No collector is there, and it may yet come back: nothing is to be exported now. */
  isWaiting(): boolean {
    const now = this.clock.monotonic();
    return this.#isAway(now) && now - (this.#awaySince ?? now) < PATIENCE_MILLISECONDS;
  }

  export(record: FlowRecord): void {
    const kind = this.#flows.kindOf(record);
    const flow = this.#templates.get(kind) ?? this.#announce(kind);
    const at = this.#reserve(flow.template, flow.octetsOf(record));
    flow.write(record, this.#slots[this.#finished], at);
    this.counters.flowRecords++;
  }

  /** Left out while nobody would read them. */
  exportStatistics(statistics: Statistics): void {
    if (this.#isAway(this.clock.monotonic())) return;
    const at = this.#reserve(STATISTICS_TEMPLATE, STATISTICS_OCTETS);
    writeStatistics(this.domain, statistics, this.#slots[this.#finished], at);
  }

  /** Repeats the Templates when it is time, and when a collector was away: it may have come back without them. */
  refreshTemplates(): void {
    const now = this.clock.monotonic();
    const refused = this.#wasRefused(now);
    if (now < this.#nextRefresh && !refused) return;
    this.#nextRefresh = now + (this.#isAway(now) ? RETRY_MILLISECONDS : TEMPLATE_REFRESH_MILLISECONDS);
    this.#addTemplate(STATISTICS_TEMPLATE);
    for (const { template } of this.#templates.values()) this.#addTemplate(template);
  }

  /** Notes who refuses. @returns true when Templates are due for it; where nobody listens they are tried now and then */
  #wasRefused(now: number): boolean {
    const refused = this.sinks.filter(sink => sink.wasRefused()).length;
    if (refused === 0) return false;
    const wasAway = this.#isAway(now);
    if (refused < this.sinks.length) return true;
    if (!wasAway) this.#awaySince = now;
    this.#awayUntil = now + 2 * RETRY_MILLISECONDS;
    return !wasAway;
  }

  #isAway(now: number): boolean {
    return now < this.#awayUntil;
  }

  /** Sends all that has been written. */
  flush(): void {
    if (this.#open) this.#finish();
    if (this.#finished === 0) return;
    for (const sink of this.sinks) this.#send(sink);
    this.#credit -= this.#finished;
    this.#finished = 0;
  }

  close(): void {
    this.flush();
    for (const sink of this.sinks) sink.close();
  }

  #announce(kind: number): FlowTemplate {
    const flow = this.#flows.templateOf(kind);
    this.#templates.set(kind, flow);
    this.#addTemplate(flow.template);
    return flow;
  }

  #addTemplate(template: Template): void {
    if (this.#writer().addTemplate(template)) return;
    this.#next();
    if (!this.#writer().addTemplate(template)) throw new RangeError(`Template ${template.id} exceeds a Message`);
  }

  #reserve(template: Template, octets: number): number {
    const at = this.#writer().reserve(template.id, octets);
    if (at >= 0) return at;
    this.#next();
    return this.#writer().reserve(template.id, octets);
  }

  #writer(): MessageWriter {
    const writer = this.#writers[this.#finished];
    if (!this.#open) {
      writer.begin(this.domain);
      this.#open = true;
    }
    return writer;
  }

  #next(): void {
    this.#finish();
    if (this.#finished === MESSAGES_A_CALL) this.flush();
  }

  #finish(): void {
    const writer = this.#writers[this.#finished];
    const octets = writer.finish(Math.floor(this.clock.wall() / 1000), this.#sequence);
    this.#lengths[this.#finished] = octets;
    this.#records[this.#finished] = writer.records;
    this.#sequence = (this.#sequence + writer.records) >>> 0;
    this.counters.messages++;
    this.counters.octets += octets;
    this.#finished++;
    this.#open = false;
  }

  #send(sink: MessageSink): void {
    const sent = sink.send(this.#bytes, MESSAGE_OCTETS, this.#lengths, this.#finished);
    const taken = this.#isAway(this.clock.monotonic()) ? 0 : sent;
    for (let i = taken; i < this.#finished; i++) this.counters.unsentRecords += this.#records[i];
  }
}
