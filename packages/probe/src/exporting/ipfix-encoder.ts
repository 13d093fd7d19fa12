import { MessageWriter, type Template } from '@weir/ipfix';
import type { FlowRecord } from '../metering/flow-record.js';
import type { MessageEncoder, OptionsRecord } from './encoder.js';
import type { FlowTemplates } from './flow-templates.js';

/** IPFIX (RFC 7011): each kind of Flow Record has its Template, the sequence counts Data Records. */
export class IpfixEncoder implements MessageEncoder {
  records = 0;
  #bytes: Uint8Array = new Uint8Array(0);
  #writer = new MessageWriter(this.#bytes);
  /** What the session has had, in the order of appearance, and their ids. */
  readonly #templates: Template[] = [];
  readonly #announced = new Set<number>();
  #added = false;
  #sequence = 0;

  /** @param templates of the selection of fields; sessions may share them */
  constructor(
    private readonly domain: number,
    private readonly templates: FlowTemplates,
  ) {}

  get templateCount(): number {
    return this.#templates.length;
  }

  begin(bytes: Uint8Array): void {
    this.#bytes = bytes;
    this.#writer = new MessageWriter(bytes);
    this.#writer.begin(this.domain);
    this.#added = false;
  }

  addFlow(record: FlowRecord): boolean {
    const flow = this.templates.templateOf(this.templates.kindOf(record));
    const at = this.#reserve(flow.template, flow.octets);
    if (at < 0) return false;
    flow.put(this.#bytes, at);
    return true;
  }

  reserveData(kind: number, octets: number): number {
    return this.#reserve(this.templates.templateOf(kind).template, octets);
  }

  addOptions({ template, values }: OptionsRecord): boolean {
    if (!this.#announce(template) || !this.#writer.addRecord(template, values)) return false;
    this.#added = true;
    return true;
  }

  addTemplate(index: number): boolean {
    if (!this.#writer.addTemplate(this.#templates[index])) return false;
    this.#added = true;
    return true;
  }

  finish(wall: number): number {
    this.records = this.#writer.records;
    if (!this.#added) return 0;
    const octets = this.#writer.finish(Math.floor(wall / 1000), this.#sequence);
    this.#sequence = (this.#sequence + this.records) >>> 0;
    return octets;
  }

  #reserve(template: Template, octets: number): number {
    if (!this.#announce(template)) return -1;
    const at = this.#writer.reserve(template.id, octets);
    if (at >= 0) this.#added = true;
    return at;
  }

  #announce(template: Template): boolean {
    if (this.#announced.has(template.id)) return true;
    if (!this.#writer.addTemplate(template)) return false;
    this.#templates.push(template);
    this.#announced.add(template.id);
    this.#added = true;
    return true;
  }
}
