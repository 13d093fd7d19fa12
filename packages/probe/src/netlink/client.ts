import type { Host, NetlinkSocket } from '../host/host.js';
import { MessageCursor, NLMSG_ERROR } from './messages.js';

const NETLINK_NETFILTER = 12;
const ANSWER_MILLISECONDS = 1000;

/** Sends netlink requests one at a time and waits for each one's answer. For set-up, not for the hot path. */
export class NetfilterClient {
  readonly #socket: NetlinkSocket;

  constructor(private readonly host: Host) {
    this.#socket = host.netlink({
      protocol: NETLINK_NETFILTER,
      groups: [],
      receiveBuffer: 0,
      reliable: false,
      batch: 8,
      slotOctets: 16_384,
    });
  }

  /** @returns errno of the request whose last message has this sequence number, 0 for success */
  request(message: Uint8Array, sequence: number): number {
    this.#socket.send(message);
    const deadline = this.host.clock.monotonic() + ANSWER_MILLISECONDS;
    const cursor = new MessageCursor();
    const { bytes, slotOctets, lengths } = this.#socket.batch;
    const halves = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
    const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
    while (this.host.clock.monotonic() < deadline) {
      const count = this.#socket.receive();
      for (let i = 0; i < count; i++) {
        cursor.reset(halves, words, i * slotOctets, i * slotOctets + Math.min(lengths[i], slotOctets));
        while (cursor.next()) {
          if (cursor.type !== NLMSG_ERROR) continue;
          const error = cursor.errorNumber();
          if (error !== 0 || cursor.sequence === sequence) return error;
        }
      }
      if (count === 0) this.host.poll([this.#socket.descriptor], 100);
    }
    throw new Error('the kernel did not answer a netfilter request within one second');
  }

  close(): void {
    this.#socket.close();
  }
}
