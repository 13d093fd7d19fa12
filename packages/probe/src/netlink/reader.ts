import type { NetlinkSocket } from '../host/host.js';
import { MessageCursor } from './messages.js';

/** What a netlink socket receives: its datagrams, and a cursor over the messages of one of them. */
export class DatagramReader {
  readonly messages = new MessageCursor();
  /** The socket's batch, and the same memory as host-endian halves. */
  readonly bytes: Uint8Array;
  readonly halves: Uint16Array;
  readonly #words: Uint32Array;

  constructor(private readonly socket: NetlinkSocket) {
    const { bytes } = socket.batch;
    this.bytes = bytes;
    this.halves = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
    this.#words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  }

  /** Receives a batch. @returns how many datagrams it has, 0 when none waits */
  receive(): number {
    return this.socket.receive();
  }

  /** Puts the cursor before the first message of a datagram of the batch. */
  select(datagram: number): void {
    const { slotOctets, lengths } = this.socket.batch;
    const start = datagram * slotOctets;
    this.messages.reset(this.halves, this.#words, start, start + Math.min(lengths[datagram], slotOctets));
  }
}
