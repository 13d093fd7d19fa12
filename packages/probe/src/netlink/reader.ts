import type { NetlinkSocket } from '../host/host.js';
import { MessageCursor } from './messages.js';

/** A socket's batch, and the same memory as host-endian halves and words: signed, because QuickJS has no fast numbers above 2^31. */
export interface MessageOctets {
  readonly bytes: Uint8Array;
  readonly halves: Uint16Array;
  readonly words: Int32Array;
}

/** What a netlink socket receives: its datagrams, and a cursor over the messages of one of them. */
export class DatagramReader implements MessageOctets {
  readonly messages = new MessageCursor();
  readonly bytes: Uint8Array;
  readonly halves: Uint16Array;
  readonly words: Int32Array;

  constructor(private readonly socket: NetlinkSocket) {
    const { bytes } = socket.batch;
    this.bytes = bytes;
    this.halves = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
    this.words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  }

  /** Receives a batch. @returns how many datagrams it has, 0 when none waits */
  receive(): number {
    return this.socket.receive();
  }

  /** Puts the cursor before the first message of a datagram of the batch. */
  select(datagram: number): void {
    const { slotOctets, lengths } = this.socket.batch;
    const start = datagram * slotOctets;
    this.messages.reset(this.halves, this.words, start, start + Math.min(lengths[datagram], slotOctets));
  }
}
