import type { DecodedRecord } from '@weir/ipfix';
import type { ToldInterfaceName } from '../../flow/interface-name.js';

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
  readonly #known = new Map<string, ToldInterfaceName>();
  /** Those that the store has not kept yet. */
  readonly #unkept = new Map<string, ToldInterfaceName>();
  /** Of these, those that it has been told of and has not answered for. */
  #told: readonly ToldInterfaceName[] = [];

  /** Takes note of what a record, received at `now`, says of an interface, if it does. */
  learn(exporter: string, observationDomainId: number, { record, scope }: DecodedRecord, now: number): void {
    const index = NUMBERS.map(element => scope?.[element] ?? record[element]).find(value => value !== undefined);
    const description = textOf(record.interfaceDescription);
    const name = textOf(record.interfaceName) || description;
    if (typeof index !== 'number' || name === '') return;
    this.#keep({ exporter, observationDomainId, interface: index, name, description, since: now });
  }

  /** What the store is to be told now: nothing as long as it has not answered for what it was told before. */
  take(): readonly ToldInterfaceName[] {
    if (this.#told.length > 0) return [];
    this.#told = this.unkept;
    return this.#told;
  }

  /** The store has answered: whether it keeps what it was told. If not, it is to be told again. */
  answered(areKept: boolean): void {
    for (const name of areKept ? this.#told : []) {
      if (this.#unkept.get(keyOf(name)) === name) this.#unkept.delete(keyOf(name));
    }
    this.#told = [];
  }

  /** What would be lost if this process ended now. */
  get unkept(): ToldInterfaceName[] {
    return [...this.#unkept.values()];
  }

  /** Goes on with what an earlier run had not told the store. */
  restore(names: readonly ToldInterfaceName[]): void {
    for (const name of names) this.#keep(name);
  }

  #keep(name: ToldInterfaceName): void {
    const key = keyOf(name);
    const known = this.#known.get(key);
    if (known?.name === name.name && known.description === name.description) return;
    if (known === undefined && this.#known.size >= MAXIMUM_INTERFACES) return;
    if (known !== undefined && known.since > name.since) return;
    this.#known.set(key, name);
    this.#unkept.set(key, name);
  }
}

function keyOf({ exporter, observationDomainId, interface: number }: ToldInterfaceName): string {
  return `${exporter} ${observationDomainId} ${number}`;
}

/** Exporters fill fields of fixed length with zeros. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value.replace(/\0+$/, '').slice(0, LONGEST_NAME) : '';
}
