import { type DatagramSocket, SystemError } from './host.js';
import { calls, failureOf } from './quickjs-calls.js';

const NOTHING = new Uint8Array(0);
const NO_LENGTHS = new Uint32Array(0);

/** A UDP socket by the host's calls. */
export class QuickDatagramSocket implements DatagramSocket {
  readonly gathers = false;
  errorCode = '';
  readonly #descriptor: number;
  #bytes: Uint8Array = NOTHING;
  #slotOctets = 0;
  #lengths: Uint32Array = NO_LENGTHS;
  #count = 0;

  /** @throws SystemError where the kernel has no such sockets */
  constructor(family: 4 | 6) {
    this.#descriptor = calls.socketOpen(family, false);
    if (this.#descriptor < 0) throw new SystemError(failureOf(this.#descriptor), 'socket(UDP)');
  }

  bind(address: string): boolean {
    return this.#succeeds(calls.bind(this.#descriptor, address, 0));
  }

  connect(address: string, port: number): boolean {
    const connected = this.#succeeds(calls.connect(this.#descriptor, address, port));
    if (connected) this.allowFragments(false);
    return connected;
  }

  pathMtu(): number | undefined {
    const octets = calls.pathMtu(this.#descriptor);
    return octets < 0 ? undefined : octets;
  }

  allowFragments(allowed: boolean): void {
    calls.fragments(this.#descriptor, allowed);
  }

  takeError(): string {
    const error = calls.socketError(this.#descriptor);
    return error === 0 ? '' : failureOf(error);
  }

  load(bytes: Uint8Array, slotOctets: number, lengths: Uint32Array, count: number): void {
    this.#bytes = bytes;
    this.#slotOctets = slotOctets;
    this.#lengths = lengths;
    this.#count = count;
  }

  send(first: number): number {
    const left = this.#count - first;
    const taken = calls.sendMany(this.#descriptor, this.#bytes, this.#slotOctets, this.#lengths, first, left);
    return this.#succeeds(taken) ? taken : 0;
  }

  close(): void {
    calls.close(this.#descriptor);
  }

  #succeeds(result: number): boolean {
    if (result >= 0) return true;
    this.errorCode = failureOf(result);
    return false;
  }
}
