import { MessageWriter, type Template } from '@weir/ipfix';
import type { FlowRecord } from '../metering/flow-record.js';
import type { MessageEncoder, OptionsRecord } from './encoder.js';
import type { FlowTemplates } from './flow-templates.js';

/** IPFIX (RFC 7011): each kind of Flow Record has its Template, the sequence counts Data Records. */
export class IpfixEncoder implements MessageEncoder {
  records = 0;
  #bytes: Uint8Array = new Uint8Array(0);
  #writer = new MessageWriter(this.#bytes);
  /** What the session has had, in the order of appearance; and 1 at each of their ids. */
  readonly #templates: Template[] = [];
  #announced = new Uint8Array(0);
  /** Octets of a Message that has nothing in it. */
  #begun = 0;
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
    this.#begun = this.#writer.length;
  }

  addFlow(record: FlowRecord): boolean {
    const flow = this.templates.templateOf(record.kind);
    const id = flow.id;
    if (this.#announced[id] !== 1 && !this.#announce(flow.template)) return false;
    const at = this.#writer.reserve(id, flow.variable < 0 ? flow.fixedOctets : flow.octetsOf(record));
    if (at < 0) return false;
    flow.put(record, this.#bytes, at);
    return true;
  }

  reserveData(kind: number, octets: number): number {
    const { id, template } = this.templates.templateOf(kind);
    return this.#announce(template) ? this.#writer.reserve(id, octets) : -1;
  }

  addOptions({ template, values }: OptionsRecord): boolean {
    return this.#announce(template) && this.#writer.addRecord(template, values);
  }

  addTemplate(index: number): boolean {
    return this.#writer.addTemplate(this.#templates[index]);
  }

  finish(wall: number): number {
    this.records = this.#writer.records;
    if (this.#writer.length === this.#begun) return 0;
    const octets = this.#writer.finish(Math.floor(wall / 1000), this.#sequence);
    this.#sequence = (this.#sequence + this.records) >>> 0;
    return octets;
  }

  #announce(template: Template): boolean {
    const { id } = template;
    if (this.#announced[id] === 1) return true;
    if (!this.#writer.addTemplate(template)) return false;
    this.#templates.push(template);
    if (id >= this.#announced.length) this.#makeRoom(2 * id);
    this.#announced[id] = 1;
    return true;
  }

  #makeRoom(ids: number): void {
    const larger = new Uint8Array(ids);
    larger.set(this.#announced);
    this.#announced = larger;
  }
}
