import { lookup } from 'node:dns/promises';
import type { AddressCell } from './address-cell.js';
import { reasonOf } from './reasons.js';

/** A name without an address is looked up again soon, one with an address now and then: collectors move. */
const RETRY_MILLISECONDS = 2000;
const AGAIN_MILLISECONDS = 60_000;

/** Keeps the address of a collector's name in a cell, from the start of the host to its end: a router boots before its DNS. */
export class NameResolver {
  #timer: NodeJS.Timeout | undefined;
  #said: string | undefined;
  #closed = false;

  constructor(
    private readonly name: string,
    private readonly cell: AddressCell,
    private readonly log: (line: string) => void,
  ) {
    void this.#look();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  async #look(): Promise<void> {
    let wait = AGAIN_MILLISECONDS;
    try {
      const addresses = (await lookup(this.name, { all: true })).map(({ address }) => address);
      const known = this.cell.generation > 0 && addresses.includes(this.cell.address);
      if (addresses.length > 0 && !known) this.#found(addresses[0]);
      this.#said = undefined;
    } catch (error) {
      // An address that was found stays in use: that DNS does not answer says nothing about the collector.
      if (this.cell.generation === 0) wait = RETRY_MILLISECONDS;
      this.#say(`collector "${this.name}": ${reasonOf(error)}; trying on`);
    }
    if (!this.#closed) this.#timer = setTimeout(() => void this.#look(), wait).unref();
  }

  #found(address: string): void {
    if (this.#closed) return;
    if (this.cell.generation > 0 || this.#said !== undefined)
      this.log(`collector "${this.name}" has the address ${address} now`);
    this.cell.set(address);
  }

  #say(line: string): void {
    if (line !== this.#said && !this.#closed) this.log(line);
    this.#said = line;
  }
}
