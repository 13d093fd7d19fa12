import type { DecodedRecord } from '@weir/ipfix';
import type { InterfaceName } from '../../flow/interface-name.js';

/** Anyone may tell of interfaces that there are not: more than these are not kept. */
const MAXIMUM_INTERFACES = 65_536;
const LONGEST_NAME = 256;
/** Information Elements that number an interface: the scope of such tables, or a field beside the names (RFC 3954 section 6.1). */
const NUMBERS = ['ingressInterface', 'egressInterface'] as const;

/**
 * Names of interfaces by exporter and Observation Domain, from Options Data Records (RFC 7011 section 3.4.2). Flow Records have but the
 * numbers.
 */
export class InterfaceNames {
  readonly #known = new Map<string, InterfaceName>();
  #changed = new Map<string, InterfaceName>();

  /** Takes note of what a record says of an interface, if it does. */
  learn(exporter: string, observationDomainId: number, { record, scope }: DecodedRecord): void {
    const index = NUMBERS.map(element => scope?.[element] ?? record[element]).find(value => value !== undefined);
    const description = textOf(record.interfaceDescription);
    const name = textOf(record.interfaceName) || description;
    if (typeof index !== 'number' || name === '') return;
    const key = `${exporter} ${observationDomainId} ${index}`;
    const known = this.#known.get(key);
    if (known?.name === name && known.description === description) return;
    if (known === undefined && this.#known.size >= MAXIMUM_INTERFACES) return;
    const learned = { exporter, observationDomainId, interface: index, name, description };
    this.#known.set(key, learned);
    this.#changed.set(key, learned);
  }

  /** What was learned since this was called before. */
  takeChanged(): InterfaceName[] {
    const changed = [...this.#changed.values()];
    if (changed.length > 0) this.#changed = new Map();
    return changed;
  }
}

/** Exporters fill fields of fixed length with zeros. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value.replace(/\0+$/, '').slice(0, LONGEST_NAME) : '';
}
