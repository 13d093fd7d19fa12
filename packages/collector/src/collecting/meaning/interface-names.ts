import type { DecodedRecord } from '@weir/ipfix';
import type { ToldInterfaceName } from '../../flow/told.js';
import { Unkept } from './unkept.js';

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
  readonly unkept = new Unkept<ToldInterfaceName>();
  readonly #known = new Map<string, ToldInterfaceName>();
  /** Takes note of what a record, received at `now`, says of an interface, if it does. */
  learn(exporter: string, observationDomainId: number, { record, scope }: DecodedRecord, now: number): void {
    const index = NUMBERS.map(element => scope?.[element] ?? record[element]).find(value => value !== undefined);
    const description = textOf(record.interfaceDescription);
    const name = textOf(record.interfaceName) || description;
    if (typeof index !== 'number' || name === '') return;
    this.keep({ exporter, observationDomainId, interface: index, name, description, since: now });
  }

  keep(name: ToldInterfaceName): void {
    const key = `${name.exporter} ${name.observationDomainId} ${name.interface}`;
    const known = this.#known.get(key);
    if (known?.name === name.name && known.description === name.description) return;
    if (known === undefined && this.#known.size >= MAXIMUM_INTERFACES) return;
    if (known !== undefined && known.since > name.since) return;
    this.#known.set(key, name);
    this.unkept.set(key, name);
  }
}

/** Exporters fill fields of fixed length with zeros. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value.replace(/\0+$/, '').slice(0, LONGEST_NAME) : '';
}
