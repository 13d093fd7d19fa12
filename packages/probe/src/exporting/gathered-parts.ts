import type { AddressedMemory, MessageParts } from '../host/host.js';

/** Parts of all Messages that wait to be sent. More than they have of the smallest records. */
const PARTS = 4096;
/** The kernel takes 1,024 pieces of a datagram (UIO_MAXIOV); between two parts, and around them, there may be one of the Message's own. */
const PARTS_A_MESSAGE = 500;
const NOWHERE: AddressedMemory = { bytes: new Uint8Array(0), address: 0n };

/** The Data Records of Messages that wait to be sent, where the kernel left them. */
export class GatheredParts implements MessageParts {
  memory = NOWHERE;
  count = 0;
  readonly ends: Uint32Array;
  readonly places = new Uint32Array(PARTS);
  readonly lengths = new Uint32Array(PARTS);
  readonly offsets = new Uint32Array(PARTS);
  /** Parts of the Messages that are finished. */
  #ended = 0;

  constructor(messages: number) {
    this.ends = new Uint32Array(messages);
  }

  /** There are parts in other memory: they have to be sent first. */
  isElsewhere({ bytes }: AddressedMemory): boolean {
    return this.count > 0 && this.memory.bytes !== bytes;
  }

  /** Adds a part to the Message that is open. False where it has to be copied, because there are as many as can be sent. */
  add(memory: AddressedMemory, offset: number, octets: number, place: number): boolean {
    if (this.count === PARTS || this.count - this.#ended === PARTS_A_MESSAGE) return false;
    this.memory = memory;
    this.places[this.count] = place;
    this.lengths[this.count] = octets;
    this.offsets[this.count] = offset;
    this.count++;
    return true;
  }

  endMessage(index: number): void {
    this.ends[index] = this.#ended = this.count;
  }

  clear(): void {
    this.memory = NOWHERE;
    this.count = this.#ended = 0;
  }
}
