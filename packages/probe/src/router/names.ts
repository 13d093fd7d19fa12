import { calls, failureOf } from '../host/quickjs-calls.js';
import type { AddressCell } from '../sending/address-cell.js';

/** A name without an address is looked up again soon, one with an address now and then: collectors move. */
const RETRY_MILLISECONDS = 2000;
const AGAIN_MILLISECONDS = 60_000;
const ANSWER_OCTETS = 1024;

/** Keeps the address of a collector's name in a cell: a router boots before its DNS. A child of the process waits for the answer. */
export class NameLookup {
  #descriptor = -1;
  #answer = '';
  #next = 0;
  #said = false;
  readonly #buffer = new Uint8Array(ANSWER_OCTETS);

  constructor(
    private readonly name: string,
    private readonly cell: AddressCell,
    private readonly log: (line: string) => void,
  ) {}

  /** To be called often. @param now monotonic, milliseconds */
  step(now: number): void {
    if (this.#descriptor < 0) {
      if (now < this.#next) return;
      this.#next = now + RETRY_MILLISECONDS;
      this.#descriptor = calls.resolve(this.name);
    }
    while (this.#descriptor >= 0) {
      const octets = calls.receive(this.#descriptor, this.#buffer);
      if (octets > 0) this.#answer += String.fromCharCode(...this.#buffer.subarray(0, octets));
      else if (octets < 0 && failureOf(octets) === 'EAGAIN') return;
      else this.#end(now);
    }
  }

  close(): void {
    if (this.#descriptor >= 0) calls.close(this.#descriptor);
    this.#descriptor = -1;
    this.#next = Number.POSITIVE_INFINITY;
  }

  #end(now: number): void {
    calls.close(this.#descriptor);
    this.#descriptor = -1;
    const addresses = this.#answer.split('\n').filter(line => line !== '');
    this.#answer = '';
    // An address that was found stays in use: that DNS does not answer says nothing about the collector.
    if (addresses.length > 0) this.#found(addresses);
    else if (this.cell.generation === 0 && !this.#said) this.#complain();
    this.#next = now + (this.cell.generation > 0 ? AGAIN_MILLISECONDS : RETRY_MILLISECONDS);
  }

  #found(addresses: readonly string[]): void {
    const { cell, name } = this;
    if (cell.generation > 0 && addresses.includes(cell.address)) return;
    if (cell.generation > 0 || this.#said) this.log(`collector "${name}" has the address ${addresses[0]} now`);
    this.#said = false;
    cell.set(addresses[0]);
  }

  #complain(): void {
    this.#said = true;
    this.log(`collector "${this.name}": its name has no address; trying on`);
  }
}
