import type { ElementRegistry, SessionCounters, SessionState, Template } from '@weir/ipfix';
import type { ExporterStatus } from '../http/types.js';
import { exporterNumber } from './meaning/flow-owners.js';
import type { ExporterTemplates } from './messages.js';
import type { SavedSession, Session } from './sessions.js';
import { NameBudget, TemplateList } from './template-list.js';

const MAXIMUM_EXPORTERS = 4096;
/** Observation Domains of one address, so that a single sender with invented ones does not fill the list. */
const MAXIMUM_DOMAINS = 64;
/** Statistics kept of one exporter: the registry has about 30 elements that are such counters. */
const MAXIMUM_STATISTICS = 64;
/** What an exporter's clock shows is looked at over this and the interval before. */
const CLOCK_MILLISECONDS = 150_000;

/** What a session's counters have grown by through one Message. */
export type CounterGrowth = Pick<
  SessionCounters,
  'messages' | 'octets' | 'records' | 'lostRecords' | 'lostMessages' | 'unknownTemplateSets' | 'malformedMessages'
>;

/** One Observation Domain of one exporter, as the collector sees it. */
export class Exporter {
  readonly status: ExporterStatus;
  /** By which duplicates are told apart. */
  readonly number: number;
  /** When its sysUpTime was 0, milliseconds since the epoch; undefined where no options have told. */
  bootTime: number | undefined;
  readonly templateList: TemplateList;
  readonly #templates = new Set<number>();
  /** Until when the least difference of the clocks is looked for; it, and that of the interval before. */
  #clockUntil = 0;
  #least = Number.POSITIVE_INFINITY;
  #leastBefore = Number.POSITIVE_INFINITY;

  constructor({ peer, protocol }: Session, observationDomainId: number, now: number, names = new NameBudget()) {
    this.templateList = new TemplateList(names);
    this.number = exporterNumber(peer.octets, observationDomainId);
    this.status = {
      address: peer.address,
      observationDomainId,
      transport: protocol,
      firstSeen: now,
      lastSeen: now,
      messages: 0,
      records: 0,
      octets: 0,
      lostRecords: 0,
      unknownTemplateSets: 0,
      malformedMessages: 0,
      templates: 0,
    };
  }

  /** Adds what one Message has brought. */
  add(growth: CounterGrowth, now: number): void {
    const status = this.status;
    status.lastSeen = now;
    status.messages += growth.messages;
    status.records += growth.records;
    status.octets += growth.octets;
    status.lostRecords += growth.lostRecords;
    if (growth.lostMessages !== 0) status.lostMessages = (status.lostMessages ?? 0) + growth.lostMessages;
    status.unknownTemplateSets += growth.unknownTemplateSets;
    status.malformedMessages += growth.malformedMessages;
  }

  /**
   * Compares the clocks by a Message. The quickest Messages of some minutes tell most: what is added to the difference is their time on the
   * way, and what the export time, in whole seconds (RFC 7011 section 3.1), leaves out.
   * @param exportTime milliseconds since the epoch
   */
  clock(exportTime: number, now: number): void {
    if (now >= this.#clockUntil) {
      this.#leastBefore = now >= this.#clockUntil + CLOCK_MILLISECONDS ? Number.POSITIVE_INFINITY : this.#least;
      this.#least = Number.POSITIVE_INFINITY;
      this.#clockUntil = now + CLOCK_MILLISECONDS;
    }
    this.#least = Math.min(this.#least, now - exportTime);
    this.status.clockBehind = Math.min(this.#least, this.#leastBefore);
  }

  /** A Data Set whose Template was not known has been read after all. */
  readLate(): void {
    this.status.lateSets = (this.status.lateSets ?? 0) + 1;
  }

  /** One of its records repeats what another exporter tells. */
  repeated(): void {
    this.status.duplicateRecords = (this.status.duplicateRecords ?? 0) + 1;
  }

  /** @param registry of the session that has told the Template */
  learned(template: Template, registry: ElementRegistry): void {
    this.#templates.add(template.id);
    this.templateList.keep(template, registry);
    this.status.templates = this.#templates.size;
  }

  withdrawn(templateId: number): void {
    this.#templates.delete(templateId);
    this.templateList.forget(templateId);
    this.status.templates = this.#templates.size;
  }

  /** Keeps the newest start of the exporter. What is no time, or 0, tells nothing. */
  started(time: number): void {
    if (time > 0) this.bootTime = time;
  }

  /** Keeps the newest value of each counter. */
  report(statistics: Readonly<Record<string, number>>): void {
    const kept = (this.status.statistics ??= {});
    for (const [name, value] of Object.entries(statistics)) {
      if (Object.hasOwn(kept, name) || Object.keys(kept).length < MAXIMUM_STATISTICS) kept[name] = value;
    }
  }
}

/** All exporters, by address, Observation Domain and transport protocol; bounded. */
export class ExporterTable {
  /** Times that an exporter beyond the bound was met; it is collected, but not listed. */
  unlisted = 0;
  readonly #exporters = new Map<string, Exporter>();
  readonly #domains = new Map<string, number>();
  readonly #names = new NameBudget();
  /** Those of a session by their Observation Domain, as each Message asks for one. */
  readonly #bySession = new WeakMap<Session, Map<number, Exporter>>();

  of(session: Session, observationDomainId: number, now: number): Exporter {
    const ofSession = this.#bySession.get(session) ?? new Map<number, Exporter>();
    const met = ofSession.get(observationDomainId);
    if (met !== undefined) return met;
    const exporter = this.#find(session, observationDomainId, now);
    if (exporter === undefined) return new Exporter(session, observationDomainId, now);
    this.#bySession.set(session, ofSession.set(observationDomainId, exporter));
    return exporter;
  }

  /** Undefined where there is no room for one more. */
  #find(session: Session, observationDomainId: number, now: number): Exporter | undefined {
    const { peer } = session;
    const key = keyOf(session, observationDomainId);
    const known = this.#exporters.get(key);
    if (known !== undefined) return known;
    const domains = this.#domains.get(peer.address) ?? 0;
    if (this.#exporters.size >= MAXIMUM_EXPORTERS || domains >= MAXIMUM_DOMAINS) {
      this.unlisted++;
      return undefined;
    }
    const exporter = new Exporter(session, observationDomainId, now, this.#names);
    this.#exporters.set(key, exporter);
    this.#domains.set(peer.address, domains + 1);
    return exporter;
  }

  /** When the exporters of a session were started, by Observation Domain, as far as they have told. */
  bootTimes(session: Session, { domains }: SessionState): [domain: number, time: number][] {
    return domains.flatMap(({ id }): [number, number][] => {
      const time = this.#exporters.get(keyOf(session, id))?.bootTime;
      return time === undefined ? [] : [[id, time]];
    });
  }

  /** Lists the exporters of a session that an earlier run knew, with their Templates and what `bootTimes` gave. */
  restore(session: Session, bootTimes: SavedSession['bootTimes'] = []): void {
    for (const domain of session.transport.save().domains) {
      const exporter = this.of(session, domain.id, session.lastSeen);
      for (const template of domain.templates) exporter.learned(template, session.transport.registry);
    }
    for (const [domain, time] of bootTimes) this.of(session, domain, session.lastSeen).started(time);
  }

  /** A session is over, and with it its Templates (RFC 7011 section 8). */
  ended(session: Session): void {
    for (const domain of session.transport.save().domains) {
      const exporter = this.of(session, domain.id, session.lastSeen);
      for (const template of domain.templates) exporter.withdrawn(template.id);
    }
  }

  /** A session has told of elements. */
  renamed(session: Session): void {
    for (const { templateList } of this.#bySession.get(session)?.values() ?? [])
      templateList.rename(session.transport.registry);
  }

  /** The Templates of those exporters whose have changed since they were taken the last time. */
  takeTemplates(): ExporterTemplates[] {
    const changed = [...this.#exporters.values()].filter(({ templateList }) => templateList.isChanged);
    return changed.map(({ status: { address, observationDomainId, transport }, templateList }) => ({
      ...{ address, observationDomainId, transport },
      templates: templateList.take(),
    }));
  }

  list(): ExporterStatus[] {
    return Array.from(this.#exporters.values(), exporter => exporter.status);
  }
}

function keyOf({ peer, protocol }: Session, observationDomainId: number): string {
  return `${peer.address} ${observationDomainId} ${protocol}`;
}
