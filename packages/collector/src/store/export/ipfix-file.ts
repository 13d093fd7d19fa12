import { fieldOfElement } from '@weir/flow';
import { MessageWriter, WeirError } from '@weir/ipfix';
import type { Store } from '../client.js';
import { recordsWithExporter, type StoredRecord } from '../queries/records.js';
import type { Selection } from '../queries/selection.js';
import { ALL_TEMPLATES, RecordTemplates } from './templates.js';

/** Octets of Messages that are handed on at once. */
const CHUNK_OCTETS = 65_536;
const MAXIMUM_MESSAGE = 65_535;
/** Observation Domains whose Templates are known at a time; of more, the oldest are defined anew. */
const MAXIMUM_DOMAINS = 1024;

interface Domain {
  readonly templates: RecordTemplates;
  sequence: number;
}

/** What an IPFIX File could not hold. */
export interface ExportCounters {
  records: number;
  /** Records that lack an element whose value could not be written: lists, and text that is no value of its type. */
  incomplete: number;
}

/**
 * Flow Records as an IPFIX File (RFC 5655): Messages with the export time and Observation Domain that the records came with, our own
 * Templates and sequence numbers, and in each record the exporter that it came from (RFC 7119 section 4 names these elements).
 */
export class IpfixFileMaker {
  readonly counters: ExportCounters = { records: 0, incomplete: 0 };
  readonly #buffer = new Uint8Array(MAXIMUM_MESSAGE);
  readonly #writer = new MessageWriter(this.#buffer);
  readonly #domains = new Map<number, Domain>();
  readonly #done: Uint8Array[] = [];
  #open: { readonly id: number; readonly domain: Domain; readonly exportTime: number } | undefined;

  /** Adds a record; finished Messages can then be taken. */
  add({ exportTime, observationDomainId, exporter, record }: StoredRecord & { readonly exporter: string }): void {
    const seconds = Math.floor(Date.parse(exportTime) / 1000) >>> 0;
    if (this.#open?.id !== observationDomainId || this.#open.exportTime !== seconds) {
      this.#close();
      this.#begin(observationDomainId, seconds);
    }
    const from = exporter.includes(':') ? 'originalExporterIPv6Address' : 'originalExporterIPv4Address';
    const whole = { [from]: exporter, ...record };
    this.counters.records++;
    try {
      this.#write(whole);
    } catch (error) {
      if (!(error instanceof WeirError)) throw error;
      this.#write(withoutOthers(whole));
      this.counters.incomplete++;
    }
  }

  /** The Messages made since the last time; with `all`, the open one, too. */
  take(all = false): Uint8Array[] {
    if (all) this.#close();
    return this.#done.splice(0);
  }

  #write(record: Readonly<Record<string, unknown>>): void {
    if (this.#tryWrite(record)) return;
    const { id, exportTime } = this.#open!;
    this.#close();
    this.#begin(id, exportTime);
    if (!this.#tryWrite(record)) throw new WeirError('the record does not fit in a Message');
  }

  #tryWrite(record: Readonly<Record<string, unknown>>): boolean {
    const { domain } = this.#open!;
    const { template, isNew, withdraws } = domain.templates.of(record);
    if (isNew) {
      // Templates are in a Message of their own kind's order: whoever reads it knows them before the records behind.
      if (withdraws && !this.#writer.addTemplate(ALL_TEMPLATES)) this.#next(ALL_TEMPLATES);
      if (!this.#writer.addTemplate(template)) this.#next(template);
    }
    return this.#writer.addRecord(template, record);
  }

  /** Begins the next Message with a Template that had no room in this one. */
  #next(template: Parameters<MessageWriter['addTemplate']>[0]): void {
    const { id, exportTime } = this.#open!;
    this.#close();
    this.#begin(id, exportTime);
    this.#writer.addTemplate(template);
  }

  #begin(id: number, exportTime: number): void {
    let domain = this.#domains.get(id);
    if (domain === undefined) {
      const [oldest] = this.#domains.keys();
      if (this.#domains.size >= MAXIMUM_DOMAINS && oldest !== undefined) this.#domains.delete(oldest);
      domain = { templates: new RecordTemplates(), sequence: 0 };
      this.#domains.set(id, domain);
    }
    this.#open = { id, domain, exportTime };
    this.#writer.begin(id);
  }

  #close(): void {
    if (this.#open === undefined) return;
    const { domain, exportTime } = this.#open;
    const { records } = this.#writer;
    const length = this.#writer.finish(exportTime, domain.sequence);
    domain.sequence = (domain.sequence + records) >>> 0;
    this.#open = undefined;
    this.#done.push(this.#buffer.slice(0, length));
  }
}

/** Only elements with a column: their values are of their types for certain. */
function withoutOthers(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(record).filter(
      ([name]) => fieldOfElement(name) !== undefined || name.startsWith('originalExporter'),
    ),
  );
}

/** The selection's Flow Records as the octets of an IPFIX File, in bounded memory. @throws FilterError, WeirError */
export async function* ipfixFile(
  store: Store,
  selection: Selection,
  limit?: number,
  maker = new IpfixFileMaker(),
): AsyncGenerator<Uint8Array> {
  let waiting: Uint8Array[] = [];
  let octets = 0;
  for await (const record of recordsWithExporter(store, selection, limit)) {
    maker.add(record);
    for (const message of maker.take()) {
      waiting.push(message);
      octets += message.length;
    }
    if (octets < CHUNK_OCTETS) continue;
    yield Buffer.concat(waiting);
    [waiting, octets] = [[], 0];
  }
  yield Buffer.concat([...waiting, ...maker.take(true)]);
}
