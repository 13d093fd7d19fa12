import { fieldOfElement } from '@weir/flow';
import type { FlowBatch } from '../../flow/batch.js';
import type { Enricher } from '../enricher.js';
import { type AddressTable, emptyTable, find4, find6, knowsNothing } from './table.js';

/** In octets 8 to 11 of an IPv4 address in a column: ::ffff:a.b.c.d. */
const MAPPED = 0xffff;

/** One end of a Flow: where its address is, and where what is known of it goes. */
interface Side {
  readonly address: DataView;
  readonly as: Uint32Array;
  readonly country: Uint16Array;
  readonly network: Uint16Array;
  readonly name: Uint16Array;
  readonly bits: Readonly<Record<'sentAs' | 'as' | 'country' | 'network' | 'name', number>>;
}

/** Adds AS numbers where the exporter sent none, countries, names of networks and of hosts. */
export class AddressEnricher implements Enricher {
  readonly #table: AddressTable;
  /** Of hosts: their names are its networks. */
  #hosts: AddressTable;
  #renewed: AddressTable | undefined;
  readonly #knowsAddresses: boolean;
  #knowsHosts = false;
  #batch: FlowBatch | undefined;
  #sides: readonly Side[] = [];

  constructor(table: AddressTable = emptyTable(), hosts: AddressTable = emptyTable()) {
    this.#table = table;
    this.#knowsAddresses = !knowsNothing(table);
    this.#hosts = this.#renewed = hosts;
  }

  /** Takes other names of hosts, for batches to come. */
  renewHosts(hosts: AddressTable): void {
    this.#renewed = hosts;
  }

  fill(batch: FlowBatch, from: number, to: number): void {
    if (batch !== this.#batch) {
      this.#batch = batch;
      this.#sides = [sideOf(batch, 'source'), sideOf(batch, 'destination')];
    }
    // What numbers mean is the same for a whole batch.
    if (from === 0 && this.#renewed !== undefined) this.#rename(batch, this.#renewed);
    for (let i = 0; i < this.#sides.length; i++) {
      if (this.#knowsAddresses) this.#fillSide(batch, this.#sides[i]!, from, to);
      if (this.#knowsHosts) this.#nameSide(batch, this.#sides[i]!, from, to);
    }
  }

  #rename(batch: FlowBatch, hosts: AddressTable): void {
    this.#hosts = hosts;
    this.#knowsHosts = !knowsNothing(hosts);
    this.#renewed = undefined;
    batch.names = [...this.#table.names, ...hosts.names.slice(1)];
  }

  #fillSide(batch: FlowBatch, { address, as, country, network, bits }: Side, from: number, to: number): void {
    const table = this.#table;
    for (let row = from; row < to; row++) {
      const facts = find(table, address, row * 16);
      if (facts === 0) continue;
      const number = table.as[facts]!;
      // NetFlow v5 has a place for it, and 0 in it where the exporter does not know.
      if (number !== 0 && as[row] === 0) {
        as[row] = number;
        batch.unmark(row, bits.sentAs);
        batch.mark(row, bits.as);
      }
      if ((country[row] = table.country[facts]!) !== 0) batch.mark(row, bits.country);
      if ((network[row] = table.network[facts]!) !== 0) batch.mark(row, bits.network);
    }
  }

  #nameSide(batch: FlowBatch, { address, name, bits }: Side, from: number, to: number): void {
    const hosts = this.#hosts;
    const behind = this.#table.names.length - 1;
    for (let row = from; row < to; row++) {
      const facts = find(hosts, address, row * 16);
      if (facts === 0) continue;
      name[row] = behind + hosts.network[facts]!;
      batch.mark(row, bits.name);
    }
  }
}

function find(table: AddressTable, address: DataView, at: number): number {
  const a = address.getUint32(at);
  const b = address.getUint32(at + 4);
  const c = address.getUint32(at + 8);
  const d = address.getUint32(at + 12);
  return a === 0 && b === 0 && c === MAPPED ? find4(table, d) : find6(table, a, b, c, d);
}

function sideOf(batch: FlowBatch, side: 'source' | 'destination'): Side {
  const buffer = (column: string) => batch.column(`${side}${column}`).data.buffer;
  const bit = (element: string) => fieldOfElement(element)!.bit;
  return {
    address: new DataView(buffer('Address')),
    as: new Uint32Array(buffer('As')),
    country: new Uint16Array(buffer('Country')),
    network: new Uint16Array(buffer('Network')),
    name: new Uint16Array(buffer('Name')),
    bits: {
      sentAs: bit(side === 'source' ? 'bgpSourceAsNumber' : 'bgpDestinationAsNumber'),
      as: bit(`${side}AsByAddress`),
      country: bit(`${side}Country`),
      network: bit(`${side}Network`),
      name: bit(`${side}Name`),
    },
  };
}
