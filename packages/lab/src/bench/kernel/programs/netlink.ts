import koffi from 'koffi';
import { WeirError } from '../../../error.js';

const [AF_NETLINK, SOCK_RAW_CLOEXEC, NETLINK_NETFILTER] = [16, 3 | 0o2000000, 12];
const SOL_SOCKET = 1;
const SO_RCVBUFFORCE = 33;
const MSG_DONTWAIT = 0x40;
const [EINTR, EAGAIN] = [4, 11];
const headerOctets = 16;

const libc = koffi.load('libc.so.6');
const socket = libc.func('int socket(int, int, int)');
const bind = libc.func('int bind(int, const uint8_t *, uint32_t)');
const setsockopt = libc.func('int setsockopt(int, int, int, const void *, uint32_t)');
const send = libc.func('long send(int, const uint8_t *, size_t, int)');
const recv = libc.func('long recv(int, void *, size_t, int)');

/** A netlink socket of netfilter that hands what it hears over as it is: nothing in it costs user time by the message. */
export class NetfilterSocket {
  readonly #fd = socket(AF_NETLINK, SOCK_RAW_CLOEXEC, NETLINK_NETFILTER);
  readonly buffer = Buffer.alloc(64 * 1024);

  /** @param groups bits of multicast groups to hear (struct sockaddr_nl) */
  constructor(groups: number, bufferOctets: number) {
    const room = Buffer.alloc(4);
    room.writeUInt32LE(bufferOctets);
    const address = Buffer.alloc(12);
    address.writeUInt16LE(AF_NETLINK, 0);
    address.writeUInt32LE(groups, 8);
    if (this.#fd < 0 || setsockopt(this.#fd, SOL_SOCKET, SO_RCVBUFFORCE, room, room.length) < 0)
      throw new WeirError(`no netlink socket: errno ${koffi.errno()}; run as root`);
    if (bind(this.#fd, address, address.length) < 0)
      throw new WeirError(`cannot bind a netlink socket: errno ${koffi.errno()}`);
  }

  send(message: Buffer): void {
    if (send(this.#fd, message, message.length, 0) !== message.length)
      throw new WeirError(`the kernel takes no request: errno ${koffi.errno()}`);
  }

  /** Octets of the next datagram, which are in `buffer` then; undefined where `wait` is false and there is none. */
  receive(wait: boolean): number | undefined {
    for (;;) {
      const octets = Number(recv(this.#fd, this.buffer, this.buffer.length, wait ? 0 : MSG_DONTWAIT));
      if (octets >= 0) return octets;
      if (koffi.errno() === EAGAIN) return undefined;
      if (koffi.errno() !== EINTR) throw new WeirError(`cannot receive: errno ${koffi.errno()}`);
    }
  }

  /** The types of the messages (nlmsg_type) in the first `octets` of the buffer. */
  types(octets: number): number[] {
    const found: number[] = [];
    for (let at = 0; at + headerOctets <= octets; at += (this.buffer.readUInt32LE(at) + 3) & ~3)
      found.push(this.buffer.readUInt16LE(at + 4));
    return found;
  }
}
