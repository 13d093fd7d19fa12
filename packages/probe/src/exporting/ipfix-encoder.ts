import { MessageWriter, type Template } from '@weir/ipfix';
import type { FlowRecord } from '../metering/flow-record.js';
import type { MessageEncoder, OptionsRecord } from './encoder.js';
import type { FlowTemplate, FlowTemplates } from './flow-templates.js';

/** IPFIX (RFC 7011): each kind of Flow Record has its Template, the sequence counts Data Records. */
export class IpfixEncoder implements MessageEncoder {
  records = 0;
  #bytes: Uint8Array = new Uint8Array(0);
  #writer = new MessageWriter(this.#bytes);
  readonly #flows = new Map<number, FlowTemplate>();
  readonly #optionsIds = new Set<number>();
  /** What the session has had, in the order of appearance. */
  readonly #templates: Template[] = [];
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
    const kind = this.templates.kindOf(record);
    const flow = this.#flows.get(kind) ?? this.#announceFlow(kind);
    if (flow === undefined) return false;
    const at = this.#writer.reserve(flow.template.id, flow.octetsOf(record));
    if (at < 0) return false;
    flow.write(record, this.#bytes, at);
    this.#added = true;
    return true;
  }

  addOptions({ template, values }: OptionsRecord): boolean {
    if (!this.#optionsIds.has(template.id)) {
      if (!this.#announce(template)) return false;
      this.#optionsIds.add(template.id);
    }
    if (!this.#writer.addRecord(template, values)) return false;
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

  #announceFlow(kind: number): FlowTemplate | undefined {
    const flow = this.templates.templateOf(kind);
    if (!this.#announce(flow.template)) return undefined;
    this.#flows.set(kind, flow);
    return flow;
  }

  #announce(template: Template): boolean {
    if (!this.#writer.addTemplate(template)) return false;
    this.#templates.push(template);
    this.#added = true;
    return true;
  }
}
