import { Reader } from '../octets/reader.js';
import { FIRST_DATA_SET, OPTIONS_TEMPLATE_SET, TEMPLATE_SET } from '../template/format.js';
import { extentOf } from '../template/locator.js';
import { parseTemplateRecord } from '../template/parse.js';
import { layoutOf, type Template } from '../template/template.js';
import { newCounters, type SessionCounters } from './counters.js';
import { DEFAULT_LIMITS, type FieldBudget, ObservationDomain, type SessionLimits } from './domain.js';
import { MESSAGE_HEADER_LENGTH, type MessageHeader, SET_HEADER_LENGTH } from './format.js';
import { checkSets, readHeader, setIdAt, setLengthAt } from './framing.js';
import { SequenceTracker } from './sequence.js';
import type { Diagnostic, MessageVisitor } from './visitor.js';

/** What of a Transport Session outlives a restart of the Collecting Process; plain JSON. */
export interface SessionState {
  readonly domains: readonly {
    readonly id: number;
    /** Sequence number that the next Message should have; null where not known. */
    readonly nextSequence: number | null;
    readonly exportTime: number;
    readonly templates: readonly Template[];
  }[];
}

/** The Message being decoded. */
interface Current {
  readonly bytes: Uint8Array;
  readonly header: MessageHeader;
  readonly domain: ObservationDomain;
  readonly visitor: MessageVisitor;
  records: number;
  /** False where a Set does not show how many records it was to hold: its Template is not known, or it is cut short. */
  countable: boolean;
  malformed: boolean;
}

/**
 * Decodes the Messages of one Transport Session (RFC 7011): keeps the Templates and the sequence of each Observation Domain.
 * Nothing that comes in makes it throw or keep more than its limits; what is wrong is counted and told as a diagnostic.
 */
export class TransportSession {
  readonly counters: SessionCounters = newCounters();
  readonly #limits: SessionLimits;
  readonly #budget: FieldBudget = { used: 0 };
  readonly #domains = new Map<number, ObservationDomain>();

  constructor(limits: Partial<SessionLimits> = {}) {
    this.#limits = { ...DEFAULT_LIMITS, ...limits };
  }

  /** Templates known now, in all Observation Domains. */
  get templateCount(): number {
    let count = 0;
    for (const domain of this.#domains.values()) count += domain.templates.size;
    return count;
  }

  /** Decodes one Message. Malformed in its framing, it is dropped whole (RFC 7011 section 9). */
  decode(message: Uint8Array, visitor: MessageVisitor): void {
    this.counters.messages++;
    this.counters.octets += message.length;
    const header = readHeader(message);
    const problem = 'reason' in header ? header : checkSets(message, header.length);
    if ('reason' in header || problem !== undefined) {
      this.counters.malformedMessages++;
      if (problem !== undefined) visitor.diagnostic?.(problem);
      return;
    }
    const domain = this.#domain(header, visitor);
    const current = { bytes: message, header, domain, visitor, records: 0, countable: true, malformed: false };
    visitor.message?.(header);
    this.#sets(current);
    this.counters.records += current.records;
    if (current.malformed) this.counters.malformedMessages++;
    const records = current.countable ? current.records : undefined;
    domain.sequence.observe(header.sequence, records, header.exportTime, this.counters);
  }

  /** The session's Templates and sequence numbers, to be kept as JSON. */
  save(): SessionState {
    const domains = Array.from(this.#domains.values(), domain => ({
      id: domain.id,
      nextSequence: domain.sequence.expected ?? null,
      exportTime: domain.sequence.exportTime,
      templates: [...domain.templates.values()],
    }));
    return { domains };
  }

  /** A session that goes on where save() was called, as far as the limits allow. Its counters start at 0. */
  static restore(state: SessionState, limits: Partial<SessionLimits> = {}): TransportSession {
    const session = new TransportSession(limits);
    for (const saved of state.domains.slice(0, session.#limits.domains)) {
      const sequence = new SequenceTracker(saved.nextSequence ?? undefined, saved.exportTime);
      const domain = new ObservationDomain(saved.id, session.#limits, session.#budget, sequence);
      session.#domains.set(saved.id, domain);
      for (const template of saved.templates) domain.define(template);
    }
    return session;
  }

  #domain(header: MessageHeader, visitor: MessageVisitor): ObservationDomain {
    const id = header.observationDomainId;
    const known = this.#domains.get(id);
    if (known !== undefined) return known;
    if (this.#domains.size < this.#limits.domains) {
      const domain = new ObservationDomain(id, this.#limits, this.#budget);
      this.#domains.set(id, domain);
      return domain;
    }
    const detail = `Observation Domain ${id} is one more than the ${this.#limits.domains} of a session`;
    visitor.diagnostic?.({ reason: 'domain-limit', detail, offset: 12 });
    // Lives for this Message only, and can learn nothing: its Templates are refused, its Data Sets unknown, all counted.
    return new ObservationDomain(id, { ...this.#limits, templatesPerDomain: 0 }, this.#budget);
  }

  #sets(current: Current): void {
    const { bytes, header, visitor } = current;
    for (let at = MESSAGE_HEADER_LENGTH; at < header.length; ) {
      const id = setIdAt(bytes, at);
      const start = at + SET_HEADER_LENGTH;
      at += setLengthAt(bytes, at);
      if (id >= FIRST_DATA_SET) this.#dataSet(current, id, start, at);
      else if (id === TEMPLATE_SET || id === OPTIONS_TEMPLATE_SET) this.#templateSet(current, id, start, at);
      else report(current, { reason: 'set-id', detail: `Set ID ${id} is reserved`, offset: start - 4, setId: id });
    }
    if (header.length < bytes.length) {
      const detail = `${bytes.length - header.length} octets behind the Message`;
      visitor.diagnostic?.({ reason: 'trailing-octets', detail, offset: header.length });
    }
  }

  #dataSet(current: Current, id: number, start: number, end: number): void {
    const { bytes, header, domain, visitor } = current;
    const template = domain.templates.get(id);
    if (template === undefined) {
      this.counters.unknownTemplateSets++;
      current.countable = false;
      visitor.unknownTemplate?.(domain.id, id, bytes.subarray(start, end));
      return;
    }
    const [behind, count] = extentOf(template, bytes, start, end);
    current.records += count;
    // Padding is shorter than any record of the Set (RFC 7011 section 3.3.1): what is longer was to be one.
    if (end - behind >= layoutOf(template).minimumLength) {
      current.countable = false;
      const detail = `a Data Record of Template ${id} overruns its Set`;
      report(current, { reason: 'record-truncated', detail, offset: behind, setId: id });
    }
    if (count > 0) visitor.dataSet({ header, template, bytes, start, end: behind });
  }

  #templateSet(current: Current, setId: number, start: number, end: number): void {
    const reader = new Reader(current.bytes, start, end);
    for (;;) {
      const offset = reader.offset;
      const record = parseTemplateRecord(reader, setId);
      if (record === undefined) return;
      if (record.kind === 'template') this.#define(current, record.template, offset, setId);
      else if (record.kind === 'withdrawal') this.#withdraw(current, record.id, offset, setId);
      else {
        report(current, { reason: record.reason, detail: record.detail, offset, setId });
        if (record.fatal) return;
      }
    }
  }

  #define(current: Current, template: Template, offset: number, setId: number): void {
    const { domain, visitor } = current;
    const outcome = domain.define(template);
    if (outcome === 'refused') {
      this.counters.templatesRefused++;
      const detail = `Template ${template.id} with ${template.fields.length} fields exceeds a limit of the session`;
      visitor.diagnostic?.({ reason: 'template-limit', detail, offset, setId });
      return;
    }
    this.counters.templates++;
    if (outcome !== 'same') visitor.template?.(domain.id, template);
  }

  #withdraw(current: Current, id: number, offset: number, setId: number): void {
    const { domain, visitor } = current;
    if (id === setId) {
      for (const each of domain.withdrawAll(setId === OPTIONS_TEMPLATE_SET)) visitor.withdrawal?.(domain.id, each);
    } else if (domain.withdraw(id)) {
      visitor.withdrawal?.(domain.id, id);
    } else {
      visitor.diagnostic?.({ reason: 'withdrawal', detail: `Template ${id} was not known`, offset, setId });
    }
  }
}

function report(current: Current, diagnostic: Diagnostic): void {
  current.malformed = true;
  current.visitor.diagnostic?.(diagnostic);
}
