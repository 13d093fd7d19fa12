import type { MessageSink } from '../host/host.js';
import type { MessageRing } from './message-ring.js';

/** Streams have no path MTU to mind; larger Messages have fewer headers, and are still small in a collector's buffer. */
const MESSAGE_OCTETS = 8192;

/** The loop's side of a session that another thread keeps (TCP, TLS, SCTP). */
export class RingSink implements MessageSink {
  readonly messageOctets = MESSAGE_OCTETS;

  /** @param wake wakes the thread that reads the ring */
  constructor(
    private readonly ring: MessageRing,
    private readonly wake: () => void,
  ) {}

  get keeps(): boolean {
    return this.ring.keeps;
  }

  room(): number {
    return Math.floor((this.ring.capacity - this.ring.used) / MESSAGE_OCTETS);
  }

  send(bytes: Uint8Array, slotOctets: number, lengths: Uint32Array, count: number): number {
    let taken = 0;
    while (taken < count && this.ring.put(bytes, taken * slotOctets, lengths[taken])) taken++;
    if (this.ring.mustWake()) this.wake();
    return taken;
  }

  isConnected(): boolean {
    return this.ring.connected;
  }

  wasRefused(): boolean {
    return false;
  }

  close(): void {
    this.ring.setClosed();
    this.wake();
  }
}
