import { REVERSE_PEN } from '../biflow/reverse.js';
import { ElementRegistry } from '../elements/registry.js';
import type { InformationElement } from '../elements/types.js';
import { WeirError } from '../error.js';
import { decodeRecords } from '../message/records.js';
import type { DataSet } from '../message/visitor.js';
import type { Template } from '../template/template.js';
import { elementOf } from './record.js';

const INFORMATION_ELEMENT_ID = 303;
const INFORMATION_ELEMENT_DATA_TYPE = 339;
const INFORMATION_ELEMENT_NAME = 341;
const PRIVATE_ENTERPRISE_NUMBER = 346;
const NEEDED = [
  PRIVATE_ENTERPRISE_NUMBER,
  INFORMATION_ELEMENT_ID,
  INFORMATION_ELEMENT_DATA_TYPE,
  INFORMATION_ELEMENT_NAME,
];

/** Whether the records of an Options Template tell of elements (RFC 5610). */
export function isTypeInformation({ scopeFieldCount, fields }: Template): boolean {
  if (scopeFieldCount === 0) return false;
  return NEEDED.every(id => fields.some(field => field.enterprise === 0 && field.id === id));
}

/**
 * The private elements that an exporter told of in its Transport Session, at most `maximum`. They lie over `base`, whose elements
 * they cannot change, nor take the names of.
 */
export class LearnedElements {
  readonly registry: ElementRegistry;
  readonly #base: ElementRegistry;
  readonly #maximum: number;
  readonly #elements = new Map<string, InformationElement>();

  constructor(base: ElementRegistry, maximum: number) {
    this.#base = base;
    this.#maximum = maximum;
    this.registry = new ElementRegistry(undefined, base);
  }

  get all(): InformationElement[] {
    return [...this.#elements.values()];
  }

  /** Learns from the records of a Data Set of type information; `refused` is told why of each that is not taken. */
  learn(set: DataSet, refused: (why: string) => void): void {
    for (const { record, scope } of decodeRecords(set, this.#base)) {
      const element = elementOf({ ...record, ...scope });
      const why = typeof element === 'string' ? element : this.add(element);
      if (why !== undefined) refused(why);
    }
  }

  /** Takes an element; undefined, or why it is not taken. To tell again of a known one is no fault. */
  add(element: InformationElement): string | undefined {
    const { enterprise, id, name } = element;
    const number = `${enterprise}:${id}`;
    // What is registered already stands: exporters have no say in it.
    if (enterprise === 0 || enterprise === REVERSE_PEN || this.#base.byId(enterprise, id) !== undefined)
      return undefined;
    const known = this.#elements.get(number);
    if (known !== undefined) {
      // Type information must not be redefined within a Transport Session, conflicts are to be ignored (RFC 5610 section 3.9).
      return sameElement(known, element)
        ? undefined
        : `element ${number} was ${known.name} of type ${known.type} before`;
    }
    if (this.#elements.size >= this.#maximum) {
      return `element ${number} is one more than the ${this.#maximum} of a session`;
    }
    const named = this.registry.byName(name);
    if (named !== undefined && (named.enterprise !== enterprise || named.id !== id)) {
      return `element ${number} would have the name of ${named.enterprise}:${named.id}, ${name}`;
    }
    return this.#register(number, element);
  }

  #register(number: string, element: InformationElement): string | undefined {
    try {
      this.registry.register(element);
    } catch (error) {
      if (error instanceof WeirError) return error.message;
      throw error;
    }
    this.#elements.set(number, element);
    return undefined;
  }
}

function sameElement(a: InformationElement, b: InformationElement): boolean {
  const same = a.name === b.name && a.type === b.type && a.semantics === b.semantics && a.units === b.units;
  return same && a.range?.join() === b.range?.join();
}
