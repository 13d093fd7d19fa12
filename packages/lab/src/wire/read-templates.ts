import type { Fault, ReadSet } from './read-types.js';
import type { WireField, WireTemplate } from './template.js';

/** Reads the records of a Template Set or an Options Template Set (RFC 7011 section 3.4) into it. */
export class TemplateReader {
  #at: number;
  readonly #end: number;

  constructor(
    private readonly bytes: Buffer,
    private readonly set: ReadSet,
    private readonly faults: Fault[],
  ) {
    this.#at = set.at + 4;
    this.#end = set.at + set.length;
  }

  read(): void {
    // What is shorter than the header of a withdrawal is padding.
    while (this.#end - this.#at >= 4) if (!this.#record()) return;
    this.set.padding = { at: this.#at, length: this.#end - this.#at };
  }

  /** Whether what follows can be read. */
  #record(): boolean {
    const { set } = this;
    const at = this.#at;
    const id = this.#u16();
    const count = this.#u16();
    if (id === 0 && count === 0) return this.#padding(at);
    if (count === 0) {
      if (id < 256 && id !== set.id) return this.#fault('template-id', at, `a withdrawal of Template ID ${id}`);
      set.withdrawn.push(id);
      return true;
    }
    const isOptions = set.id === 3;
    if (isOptions && this.#end - this.#at < 2) return this.#fault('template-length', at, `Template ${id} is cut off`);
    const scopes = isOptions ? { scopes: this.#u16() } : {};
    const fields = this.#fields(count);
    if (fields === undefined) {
      return this.#fault('template-length', at, `Template ${id} of ${count} fields ends behind its Set`);
    }
    this.#judge(at, { id, ...scopes, fields });
    return true;
  }

  #judge(at: number, template: WireTemplate): void {
    const { id, scopes, fields } = template;
    if (id < 256) this.#fault('template-id', at, `Template ID ${id}`);
    else this.set.templates.push(template);
    if (scopes === 0) this.#fault('scope-count', at, `Options Template ${id} has no Scope Field`);
    if (scopes !== undefined && scopes > fields.length) {
      this.#fault('scope-count', at, `Options Template ${id} of ${fields.length} fields has ${scopes} Scope Fields`);
    }
  }

  #padding(at: number): boolean {
    this.#at = this.#end;
    this.set.padding = { at, length: this.#end - at };
    return false;
  }

  #fields(count: number): WireField[] | undefined {
    const fields: WireField[] = [];
    for (let i = 0; i < count; i++) {
      if (this.#end - this.#at < 4) return undefined;
      const id = this.#u16();
      const length = this.#u16();
      if (id >= 0x8000 && this.#end - this.#at < 4) return undefined;
      const enterprise = id >= 0x8000 ? this.#u16() * 65536 + this.#u16() : 0;
      fields.push({ id: id & 0x7fff, enterprise, length });
    }
    return fields;
  }

  #u16(): number {
    const value = this.bytes.readUInt16BE(this.#at);
    this.#at += 2;
    return value;
  }

  #fault(rule: string, at: number, detail: string): false {
    this.faults.push({ rule, at, detail });
    return false;
  }
}
