import { fieldOfElement } from '@weir/flow';
import { MessageWriter, type Template, WeirError } from '@weir/ipfix';
import { ALL_TEMPLATES, RecordTemplates } from '../store/export/templates.js';
import type { ExportedRecord } from '../store/queries/records.js';

/** What says where a record came from (RFC 7119 section 4). */
const origin = /^original(Exporter|ObservationDomain)/;

/** One Transport Session of the Mediator: our own Templates, Observation Domain and sequence numbers. */
export class MediatorMessages {
  /** Records that could not be written even without what has no column. */
  refused = 0;
  readonly #writer: MessageWriter;
  readonly #buffer: Uint8Array;
  readonly #templates = new RecordTemplates();
  readonly #domain: number;
  readonly #datagrams: boolean;
  readonly #send: (message: Uint8Array) => void;
  #sequence = 0;
  #now = 0;

  /** @param maximum octets of a Message. @param datagrams Messages may be lost, so that Templates are never withdrawn (RFC 7011 section 8.4) */
  constructor(domain: number, maximum: number, datagrams: boolean, send: (message: Uint8Array) => void) {
    this.#domain = domain;
    this.#datagrams = datagrams;
    this.#send = send;
    this.#buffer = new Uint8Array(maximum);
    this.#writer = new MessageWriter(this.#buffer);
    this.#writer.begin(domain);
  }

  /** Adds a record; Messages that are full are sent. `now` is milliseconds since the epoch. */
  add({ exporter, observationDomainId, record }: ExportedRecord, now: number): void {
    this.#now = now;
    const from = exporter.includes(':') ? 'originalExporterIPv6Address' : 'originalExporterIPv4Address';
    // A Mediator before us has said already where the record began.
    const whole = { [from]: exporter, originalObservationDomainId: observationDomainId, ...record };
    if (this.#tries(whole)) return;
    const rest = Object.entries(whole).filter(([name]) => fieldOfElement(name) !== undefined || origin.test(name));
    if (!this.#tries(Object.fromEntries(rest))) this.refused++;
  }

  /** Sends what waits. */
  flush(): void {
    if (this.#writer.length <= HEADER) return;
    const { records } = this.#writer;
    const length = this.#writer.finish(Math.floor(this.#now / 1000), this.#sequence);
    this.#sequence = (this.#sequence + records) >>> 0;
    this.#send(this.#buffer.slice(0, length));
    this.#writer.begin(this.#domain);
  }

  /** Tells all Templates once more (RFC 7011 section 8.4). */
  repeatTemplates(now: number): void {
    this.flush();
    this.#now = now;
    for (const template of this.#templates.all) this.#tell(template);
    this.flush();
  }

  #tries(record: Readonly<Record<string, unknown>>): boolean {
    try {
      const { template, isNew, withdraws } = this.#templates.of(record);
      if (withdraws && !this.#datagrams) this.#tell(ALL_TEMPLATES);
      if (isNew) this.#tell(template);
      if (this.#writer.addRecord(template, record)) return true;
      this.flush();
      return this.#writer.addRecord(template, record);
    } catch (error) {
      if (error instanceof WeirError) return false;
      throw error;
    }
  }

  #tell(template: Template): void {
    if (this.#writer.addTemplate(template)) return;
    this.flush();
    this.#writer.addTemplate(template);
  }
}

const HEADER = 16;
