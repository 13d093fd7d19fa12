import { forwardNames, REVERSE_PEN, reverseName } from '../biflow/reverse.js';
import { WeirError } from '../error.js';
import { DATA_TYPES, IANA_ELEMENTS, SEMANTICS, UNITS, WEIR_ELEMENTS, WEIR_ENTERPRISE } from './generated/elements.js';
import { parseRange, rangeFits } from './range.js';
import type { InformationElement } from './types.js';

/** Enterprise number of Weir's own elements: the documentation number of RFC 5612 until one is assigned. */
export const WEIR_PEN = WEIR_ENTERPRISE;

/**
 * Information Elements by number and by name. Reverse elements of IANA's (RFC 5103) are found without being registered.
 * A registry may lie over another, whose elements it knows, too.
 */
export class ElementRegistry {
  readonly #byName = new Map<string, InformationElement>();
  readonly #byId = new Map<number, InformationElement>();
  readonly #base: ElementRegistry | undefined;
  #load: (() => Iterable<InformationElement>) | undefined;
  #registered = 0;

  /**
   * `load` yields what the registry holds from the start; it is called at the first use, not before. `base` is the registry
   * below, asked for what this one has not.
   */
  constructor(load?: () => Iterable<InformationElement>, base?: ElementRegistry) {
    this.#load = load;
    this.#base = base;
  }

  /** Grows with each element registered here or below: what was made from the elements before is then out of date. */
  get revision(): number {
    return this.#registered + (this.#base?.revision ?? 0);
  }

  byId(enterprise: number, id: number): InformationElement | undefined {
    this.#fill();
    const known = this.#byId.get(key(enterprise, id)) ?? this.#base?.byId(enterprise, id);
    if (known !== undefined || enterprise !== REVERSE_PEN) return known;
    const forward = this.byId(0, id);
    return forward && this.#add({ ...forward, enterprise: REVERSE_PEN, name: reverseName(forward.name) });
  }

  /** By the registry's name, case as registered: octetDeltaCount, reverseOctetDeltaCount. */
  byName(name: string): InformationElement | undefined {
    this.#fill();
    const known = this.#byName.get(name) ?? this.#base?.byName(name);
    if (known !== undefined) return known;
    for (const forwardName of forwardNames(name)) {
      const forward = this.#byName.get(forwardName) ?? this.#base?.byName(forwardName);
      if (forward?.enterprise === 0) return this.byId(REVERSE_PEN, forward.id);
    }
    return undefined;
  }

  /**
   * Adds an element, or replaces the one of the same number. A name that another element has stays that element's.
   * Throws WeirError as checkElement does.
   */
  register(element: InformationElement): void {
    checkElement(element);
    this.#fill();
    this.#registered++;
    this.#add(element);
  }

  #fill(): void {
    const load = this.#load;
    if (load === undefined) return;
    this.#load = undefined;
    for (const element of load()) this.#add(element);
  }

  #add(element: InformationElement): InformationElement {
    const before = this.#byId.get(key(element.enterprise, element.id));
    if (before !== undefined && this.#byName.get(before.name) === before) this.#byName.delete(before.name);
    this.#byId.set(key(element.enterprise, element.id), element);
    const named = this.#byName.get(element.name) ?? this.#base?.byName(element.name);
    const free = named === undefined || (named.id === element.id && named.enterprise === element.enterprise);
    if (free) this.#byName.set(element.name, element);
    return element;
  }
}

/**
 * Throws WeirError where the name could not be a key of JSON output, the type is none, the number does not fit the wire, or the
 * range the type.
 */
export function checkElement(element: InformationElement): void {
  const { id, enterprise, name } = element;
  if (!/^[A-Za-z][\w.-]{0,254}$/.test(name)) {
    throw new WeirError(`Information Element ${enterprise}:${id}: the name is not letters and digits; give it another`);
  }
  if (!(id > 0 && id < 0x8000 && enterprise >= 0 && enterprise <= 0xffffffff)) {
    throw new WeirError(`Information Element ${name}: number ${enterprise}:${id} is out of range; use 1 to 32767`);
  }
  if (!DATA_TYPES.includes(element.type)) {
    throw new WeirError(
      `Information Element ${name}: "${element.type}" is no data type; use one of ${DATA_TYPES.join(', ')}`,
    );
  }
  if (element.range !== undefined && !rangeFits(element.type, element.range)) {
    throw new WeirError(
      `Information Element ${name}: ${JSON.stringify(element.range)} is no range of an ${element.type}; use [lowest, highest]`,
    );
  }
}

function key(enterprise: number, id: number): number {
  return enterprise * 0x10000 + id;
}

function* unpack(enterprise: number, packed: string): Generator<InformationElement> {
  for (const line of packed.trim().split('\n')) {
    const [id, name, type, semantics, units, range] = line.split(' ');
    yield {
      id: Number(id),
      enterprise,
      name: name!,
      type: DATA_TYPES[Number(type)]!,
      ...(semantics ? { semantics: SEMANTICS[Number(semantics)]! } : {}),
      ...(units ? { units: UNITS[Number(units)]! } : {}),
      ...(range ? { range: parseRange(range)! } : {}),
    };
  }
}

/** IANA's elements, their reverse elements, and Weir's own. */
export const elements: ElementRegistry = new ElementRegistry(function* () {
  yield* unpack(0, IANA_ELEMENTS);
  yield* unpack(WEIR_ENTERPRISE, WEIR_ELEMENTS);
});
