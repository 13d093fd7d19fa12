import { elements } from '../elements/registry.js';
import { hex } from '../elements/text.js';
import { type DataType, naturalLength, VARIABLE_LENGTH } from '../elements/types.js';
import { decodeValue } from '../elements/value.js';
import type { Diagnostic, RecordContext } from '../message/visitor.js';
import { Reader } from '../octets/reader.js';
import { ENTERPRISE_BIT } from '../template/format.js';
import { FieldLocator } from '../template/locator.js';
import { namedFields, perTemplate, withoutScope } from '../template/names.js';
import type { Template } from '../template/template.js';
import { type BasicList, type SubTemplateGroup, type SubTemplateMultiList, semanticOf } from './types.js';

/** For Data Sets without a session. */
const NO_CONTEXT: RecordContext = {
  templates: new Map(),
  registry: elements,
  limits: { listDepth: 8, valuesPerSet: 262_144 },
  report: () => {},
};

const fieldsOf = perTemplate(namedFields);

type Records = Record<string, unknown>[];

/** Reads the values of one Data Set, lists included (RFC 6313); keeps their depth and number within the limits. */
export class ValueReader {
  readonly context: RecordContext;
  #depth = 0;
  #left: number;
  #spent = false;

  constructor(context: RecordContext = NO_CONTEXT) {
    this.context = context;
    this.#left = context.limits.valuesPerSet;
  }

  /** Takes `count` values off what the Data Set may have; false where that is used up, which is reported once. */
  take(count: number, offset: number): boolean {
    this.#left -= count;
    if (this.#left >= 0) return true;
    if (!this.#spent) this.#report('values-limit', `more than ${this.context.limits.valuesPerSet} values`, offset);
    this.#spent = true;
    return false;
  }

  /** The value of `length` octets at `at`: as decodeValue has it, lists as objects. */
  value(type: DataType, bytes: Uint8Array, at: number, length: number): unknown {
    switch (type) {
      case 'basicList':
        return this.#list(bytes, at, length, reader => this.#basicList(bytes, reader));
      case 'subTemplateList':
        return this.#list(bytes, at, length, reader => this.#subTemplateList(bytes, reader));
      case 'subTemplateMultiList':
        return this.#list(bytes, at, length, reader => this.#subTemplateMultiList(bytes, reader));
      default:
        return decodeValue(type, bytes, at, length);
    }
  }

  /** A list that has no room for its head, or is too deep, stays hex. */
  #list(bytes: Uint8Array, at: number, length: number, read: (reader: Reader) => unknown): unknown {
    const { listDepth } = this.context.limits;
    if (this.#depth >= listDepth) {
      this.#report('list-depth', `lists nested deeper than ${listDepth}`, at);
      return hex(bytes, at, length);
    }
    this.#depth++;
    const list = read(new Reader(bytes, at, at + length));
    this.#depth--;
    if (list !== undefined) return list;
    this.#report('list-truncated', `${length} octets are no list`, at);
    return hex(bytes, at, length);
  }

  #basicList(bytes: Uint8Array, reader: Reader): BasicList | undefined {
    const semantic = semanticOf(reader.u8());
    const number = reader.u16();
    const length = reader.u16();
    const enterprise = number & ENTERPRISE_BIT ? reader.u32() : 0;
    if (reader.failed) return undefined;
    const id = number & ~ENTERPRISE_BIT;
    const element = this.context.registry.byId(enterprise, id);
    const type = element?.type ?? 'octetArray';
    const list: unknown[] = [];
    const whole = this.#basicValues(bytes, reader, type, length, list);
    return {
      semantic,
      element: element?.name ?? `${enterprise}:${id}`,
      ...(length === naturalLength(type) ? {} : { length }),
      list,
      ...(whole ? {} : { cut: true }),
    };
  }

  #basicValues(bytes: Uint8Array, reader: Reader, type: DataType, fixed: number, list: unknown[]): boolean {
    while (reader.remaining > 0) {
      const offset = reader.offset;
      const length = fixed === VARIABLE_LENGTH ? variableLength(reader) : fixed;
      const at = reader.offset;
      reader.skip(length);
      if (reader.failed || reader.offset === offset) {
        return this.#report('list-truncated', `a value of ${length} octets in a basicList`, offset);
      }
      if (!this.take(1, offset)) return false;
      list.push(this.value(type, bytes, at, length));
    }
    return true;
  }

  #subTemplateList(bytes: Uint8Array, reader: Reader): unknown {
    const semantic = semanticOf(reader.u8());
    const templateId = reader.u16();
    if (reader.failed) return undefined;
    const { records, ...rest } = this.#records(templateId, bytes, reader.offset, reader.end);
    return { semantic, templateId, list: records, ...rest };
  }

  #subTemplateMultiList(bytes: Uint8Array, reader: Reader): SubTemplateMultiList | undefined {
    const semantic = semanticOf(reader.u8());
    if (reader.failed) return undefined;
    const list: SubTemplateGroup[] = [];
    while (reader.remaining > 0) {
      const offset = reader.offset;
      const templateId = reader.u16();
      // The length counts the Template ID and itself (RFC 6313 section 4.5.3).
      const length = reader.u16() - 4;
      const start = reader.offset;
      reader.skip(length);
      if (reader.failed || !this.take(1, offset)) {
        if (reader.failed) this.#report('list-truncated', 'a group overruns its subTemplateMultiList', offset);
        return { semantic, list, cut: true };
      }
      const group = this.#records(templateId, bytes, start, start + length);
      list.push({ templateId, ...group });
    }
    return { semantic, list };
  }

  #records(templateId: number, bytes: Uint8Array, start: number, end: number) {
    const template = this.context.templates.get(templateId);
    const records: Records = [];
    if (start === end) return { records };
    if (template === undefined) {
      this.#report('list-template', `a list of Template ${templateId}, which is not known`, start);
      return { records, octets: hex(bytes, start, end - start) };
    }
    return this.#readRecords(template, bytes, start, end, records) ? { records } : { records, cut: true as const };
  }

  #readRecords(template: Template, bytes: Uint8Array, start: number, end: number, records: Records): boolean {
    const fields = fieldsOf(withoutScope(template), this.context.registry);
    // One of its own: a list may hold lists of the same Template.
    const locator = new FieldLocator(template);
    for (let at = start; at < end; ) {
      const next = locator.locate(bytes, at, end);
      if (next <= at)
        return this.#report('list-truncated', `a record of Template ${template.id} overruns its list`, at);
      if (!this.take(fields.length, at)) return false;
      const record: Record<string, unknown> = {};
      fields.forEach(({ name, type, padding, repeated }, i) => {
        if (padding) return;
        const value = this.value(type, bytes, locator.positions[i]!, locator.lengths[i]!);
        putValue(record, name, repeated, value);
      });
      records.push(record);
      at = next;
    }
    return true;
  }

  #report(reason: string, detail: string, offset: number): false {
    const diagnostic: Diagnostic = { reason, detail, offset };
    this.context.report(diagnostic);
    return false;
  }
}

/** The value of an element that a Template holds several times goes to an array, in order. Always a property of the record's own. */
export function putValue(record: Record<string, unknown>, name: string, repeated: boolean, value: unknown): void {
  if (repeated && Object.hasOwn(record, name)) (record[name] as unknown[]).push(value);
  else if (name !== '__proto__') record[name] = repeated ? [value] : value;
  else Object.defineProperty(record, name, { value: repeated ? [value] : value, enumerable: true });
}

function variableLength(reader: Reader): number {
  const short = reader.u8();
  return short < 255 ? short : reader.u16();
}
