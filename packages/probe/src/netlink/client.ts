import type { Host, NetlinkSocket } from '../host/host.js';
import { NLMSG_ERROR } from './messages.js';
import { DatagramReader } from './reader.js';

const NETLINK_NETFILTER = 12;
const ANSWER_MILLISECONDS = 1000;

/** Sends netlink requests one at a time and waits for each one's answer. For set-up, not for the hot path. */
export class NetfilterClient {
  readonly #socket: NetlinkSocket;
  readonly #reader: DatagramReader;

  constructor(private readonly host: Host) {
    this.#socket = host.netlink({
      protocol: NETLINK_NETFILTER,
      groups: [],
      receiveBuffer: 0,
      reliable: false,
      batch: 8,
      slotOctets: 16_384,
    });
    this.#reader = new DatagramReader(this.#socket);
  }

  /** @returns errno of the request whose last message has this sequence number, 0 for success */
  request(message: Uint8Array, sequence: number): number {
    this.#socket.send(message);
    const deadline = this.host.clock.monotonic() + ANSWER_MILLISECONDS;
    const { messages } = this.#reader;
    while (this.host.clock.monotonic() < deadline) {
      const count = this.#reader.receive();
      for (let i = 0; i < count; i++) {
        this.#reader.select(i);
        while (messages.next()) {
          if (messages.type !== NLMSG_ERROR) continue;
          const error = messages.errorNumber();
          if (error !== 0 || messages.sequence === sequence) return error;
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
