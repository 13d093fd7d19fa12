import { type ElementRegistry, elements } from '../elements/registry.js';
import { endOfFilled } from '../netflow/v9.js';
import { Reader } from '../octets/reader.js';
import { FIRST_DATA_SET, OPTIONS_TEMPLATE_SET } from '../template/format.js';
import { extentOf } from '../template/locator.js';
import type { Template } from '../template/template.js';
import { isTypeInformation, LearnedElements } from '../typeinfo/learned.js';
import { newCounters, type SessionCounters } from './counters.js';
import { type Current, finish, flows, report } from './current.js';
import { templateParser } from './dialect.js';
import { DEFAULT_LIMITS, type FieldBudget, ObservationDomain, type SessionLimits } from './domain.js';
import { type MessageHeader, SET_HEADER_LENGTH, type Version } from './format.js';
import { frameOf, setIdAt, setLengthAt } from './framing.js';
import { trackerFor } from './sequence.js';
import type { SessionOptions, SessionState } from './state.js';
import type { DataSet, Diagnostic, MessageVisitor, RecordContext } from './visitor.js';

/** An exporter that sends in two versions numbers its Observation Domains, Templates and Messages in each anew. */
function domainKey(version: Version, id: number): number {
  return version * 2 ** 32 + id;
}

/**
 * Decodes the Messages of one Transport Session (RFC 7011), and NetFlow v5 and v9 (RFC 3954) into the same: keeps the Templates and
 * the sequence of each Observation Domain.
 * Nothing that comes in makes it throw or keep more than its limits; what is wrong is counted and told as a diagnostic.
 */
export class TransportSession {
  readonly counters: SessionCounters = newCounters();
  readonly #limits: SessionLimits;
  readonly #budget: FieldBudget = { used: 0 };
  readonly #domains = new Map<number, ObservationDomain>();
  /** Of the Message before, most likely that of the next. */
  #last: ObservationDomain | undefined;
  readonly #learned: LearnedElements;
  readonly #datagrams: boolean;
  /** Holds the Data Sets of one Message; undefined where they are told at once. */
  readonly #held: DataSet[] | undefined;
  /** Of the Message being decoded. */
  #visitor: MessageVisitor | undefined;
  readonly #reportList = (diagnostic: Diagnostic): void => {
    this.counters.listsCut++;
    this.#visitor?.diagnostic?.(diagnostic);
  };

  /** `registry` holds the elements known beforehand; those that the exporter tells of (RFC 5610) lie over them. */
  constructor(
    limits: Partial<SessionLimits> = {},
    registry: ElementRegistry = elements,
    { datagrams = false, discardMalformed = false }: SessionOptions = {},
  ) {
    this.#datagrams = datagrams;
    this.#held = discardMalformed ? [] : undefined;
    this.#limits = { ...DEFAULT_LIMITS, ...limits };
    this.#learned = new LearnedElements(registry, this.#limits.elements);
  }

  /** The elements known in this session. */
  get registry(): ElementRegistry {
    return this.#learned.registry;
  }

  /** Templates known now, in all Observation Domains. */
  get templateCount(): number {
    let count = 0;
    for (const domain of this.#domains.values()) count += domain.templates.size;
    return count;
  }

  /**
   * Decodes one Message; of a malformed one all that is whole, unless it is to be discarded.
   * @param stream the SCTP stream that it came over
   */
  decode(message: Uint8Array, visitor: MessageVisitor, stream = 0): void {
    this.counters.messages++;
    this.counters.octets += message.length;
    this.#visitor = visitor;
    const frame = frameOf(message);
    if ('reason' in frame) {
      this.counters.malformedMessages++;
      visitor.diagnostic?.(frame);
      return;
    }
    const { header, start, problem } = frame;
    const domain = this.#domain(header, visitor);
    const current = this.#current(message, header, domain, visitor);
    visitor.message?.(header);
    if (header.version === 5) flows(current, start);
    else if (problem === undefined || current.held === undefined) this.#sets(current, start);
    finish(current, problem);
    this.#release(current);
    this.counters.records += current.records;
    if (current.malformed) this.counters.malformedMessages++;
    const advance = header.version === 9 ? 1 : current.countable ? current.records : undefined;
    domain.sequenceOf(stream).observe(header.sequence, advance, header.exportTime, this.counters);
  }

  /**
   * Decodes a Data Set that `unknownTemplate` told of, now that its Template has come (RFC 7011 section 8). Its records count, the sequence
   * stays as it is.
   * @param header of the Message that it was in
   */
  decodeSet(header: MessageHeader, setId: number, content: Uint8Array, visitor: MessageVisitor): void {
    const current = this.#current(content, header, this.#domain(header, visitor), visitor);
    this.#dataSet(current, setId, 0, content.length);
    this.#release(current);
    this.counters.records += current.records;
  }

  /** The session's Templates and sequence numbers, to be kept as JSON. */
  save(): SessionState {
    const domains = Array.from(this.#domains.values(), domain => ({
      ...(domain.version === 10 ? {} : { version: domain.version }),
      id: domain.id,
      nextSequence: domain.sequence.expected ?? null,
      exportTime: domain.sequence.exportTime,
      templates: [...domain.templates.values()],
    }));
    const learned = this.#learned.all;
    return learned.length === 0 ? { domains } : { domains, elements: learned };
  }

  /** A session that goes on where save() was called, as far as the limits allow. Its counters start at 0. */
  static restore(
    state: SessionState,
    limits: Partial<SessionLimits> = {},
    registry: ElementRegistry = elements,
    options: SessionOptions = {},
  ): TransportSession {
    const session = new TransportSession(limits, registry, options);
    for (const element of state.elements ?? []) session.#learned.add(element);
    for (const saved of state.domains.slice(0, session.#limits.domains)) {
      const version = saved.version ?? 10;
      const sequence = trackerFor(version, saved.nextSequence ?? undefined, saved.exportTime);
      const domain = new ObservationDomain(version, saved.id, session.#limits, session.#budget, sequence);
      session.#domains.set(domainKey(version, saved.id), domain);
      for (const template of saved.templates) domain.define(template, saved.exportTime);
    }
    return session;
  }

  /**
   * Forgets the Templates that were not repeated for `lifetime` seconds (RFC 7011 section 8.4), by the exporter's own clock: the
   * export time of its newest Message. Exporters that tell their Templates but once over UDP are not understood from then on.
   */
  expireTemplates(lifetime: number, visitor?: Pick<MessageVisitor, 'withdrawal'>): void {
    for (const domain of this.#domains.values()) {
      const ids = domain.expire(domain.sequence.exportTime - lifetime);
      for (const id of ids) visitor?.withdrawal?.(domain.id, id);
    }
  }

  #current(bytes: Uint8Array, header: MessageHeader, domain: ObservationDomain, visitor: MessageVisitor): Current {
    return {
      bytes,
      header,
      domain,
      visitor,
      records: 0,
      countable: true,
      malformed: false,
      nonsensical: false,
      held: header.version === 10 ? this.#held : undefined,
    };
  }

  #domain(header: MessageHeader, visitor: MessageVisitor): ObservationDomain {
    const { version, observationDomainId: id } = header;
    const last = this.#last;
    if (last !== undefined && last.id === id && last.version === version) return last;
    const key = domainKey(version, id);
    const known = this.#domains.get(key);
    if (known !== undefined) {
      this.#last = known;
      return known;
    }
    if (this.#domains.size < this.#limits.domains) {
      const domain = new ObservationDomain(version, id, this.#limits, this.#budget, trackerFor(version));
      this.#domains.set(key, domain);
      return domain;
    }
    const detail = `Observation Domain ${id} is one more than the ${this.#limits.domains} of a session`;
    visitor.diagnostic?.({ reason: 'domain-limit', detail, offset: 12 });
    // Lives for this Message only, and can learn nothing: its Templates are refused, its Data Sets unknown, all counted.
    const limits = { ...this.#limits, templatesPerDomain: 0 };
    return new ObservationDomain(version, id, limits, this.#budget, trackerFor(version));
  }

  #sets(current: Current, first: number): void {
    const { bytes, header } = current;
    for (let at = first; at < header.length; ) {
      const id = setIdAt(bytes, at);
      const start = at + SET_HEADER_LENGTH;
      at += setLengthAt(bytes, at);
      if (id >= FIRST_DATA_SET) this.#dataSet(current, id, start, at);
      else this.#templateSet(current, id, start, at);
    }
  }

  #dataSet(current: Current, id: number, start: number, end: number): void {
    const { bytes, header, domain, visitor } = current;
    const known = domain.known(id);
    if (known === undefined) {
      this.counters.unknownTemplateSets++;
      current.countable = false;
      visitor.unknownTemplate?.(domain.id, id, bytes.subarray(start, end));
      return;
    }
    const { template, layout } = known;
    const { fixedLength, minimumLength } = layout;
    let [last, count] = extentOf(layout, bytes, start, end);
    // Padding is shorter than any record of the Set (RFC 7011 section 3.3.1): what is longer was to be one.
    if (end - last >= minimumLength) {
      current.countable = false;
      const detail = `a Data Record of Template ${id} overruns its Set`;
      report(current, { reason: 'record-truncated', detail, offset: last, setId: id });
    }
    if (header.version === 9 && fixedLength > 0) {
      last = endOfFilled(template, layout, bytes, start, last);
      count = (last - start) / fixedLength;
    }
    current.records += count;
    if (count > 0) this.#tell(current, { header, template, bytes, start, end: last, context: this.#contextOf(domain) });
  }

  /** Tells of what was held back, or, where the Message is discarded, of nothing. */
  #release(current: Current): void {
    if (current.held === undefined) return;
    const sets = current.held.splice(0);
    if (current.nonsensical) current.records = 0;
    else for (const set of sets) this.#tellNow(current, set);
  }

  #tell(current: Current, set: DataSet): void {
    if (current.held === undefined) this.#tellNow(current, set);
    else current.held.push(set);
  }

  #tellNow({ visitor }: Current, set: DataSet): void {
    if (isTypeInformation(set.template)) {
      this.#learned.learn(set, detail => {
        this.counters.elementsRefused++;
        visitor.diagnostic?.({ reason: 'element-refused', detail, offset: set.start, setId: set.template.id });
      });
    }
    visitor.dataSet(set);
  }

  #contextOf(domain: ObservationDomain): RecordContext {
    domain.context ??= {
      templates: domain.templates,
      registry: this.registry,
      limits: this.#limits,
      report: this.#reportList,
    };
    return domain.context;
  }

  #templateSet(current: Current, setId: number, start: number, end: number): void {
    const parse = templateParser(current.header.version, setId);
    if (parse === undefined) {
      report(current, { reason: 'set-id', detail: `Set ID ${setId} is reserved`, offset: start - 4, setId });
      return;
    }
    const reader = new Reader(current.bytes, start, end);
    for (;;) {
      const offset = reader.offset;
      const record = parse(reader, setId);
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
    const outcome = domain.define(template, current.header.exportTime);
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
    if (this.#datagrams) {
      visitor.diagnostic?.({ reason: 'withdrawal', detail: `of Template ${id}, not allowed over UDP`, offset, setId });
    } else if (id === setId) {
      for (const each of domain.withdrawAll(setId === OPTIONS_TEMPLATE_SET)) visitor.withdrawal?.(domain.id, each);
    } else if (domain.withdraw(id)) {
      visitor.withdrawal?.(domain.id, id);
    } else {
      visitor.diagnostic?.({ reason: 'withdrawal', detail: `Template ${id} was not known`, offset, setId });
    }
  }
}
