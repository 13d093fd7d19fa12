import { type NetlinkOptions, type NetlinkSocket, SystemError } from './host.js';
import * as libc from './libc.js';
import { MessageVector } from './message-vector.js';

const AF_NETLINK = 16;
const SOCK_RAW_NONBLOCK_CLOEXEC = 3 | 0o4000 | 0o2000000;
const SOL_SOCKET = 1;
const SO_RCVBUF = 8;
const SO_ATTACH_FILTER = 26;
const SO_RCVBUFFORCE = 33;
const SO_MEMINFO = 55;
/** Index in SO_MEMINFO's array of 32-bit numbers (include/uapi/linux/sock_diag.h). */
const SK_MEMINFO_DROPS = 8;
const SK_MEMINFO_OCTETS = 36;
const SOL_NETLINK = 270;
const NETLINK_ADD_MEMBERSHIP = 1;
const NETLINK_BROADCAST_ERROR = 4;
const NETLINK_NO_ENOBUFS = 5;

/** A netlink socket of this network namespace. Needs CAP_NET_ADMIN for multicast groups of netfilter. */
export class NodeNetlinkSocket implements NetlinkSocket {
  readonly batch: MessageVector;
  readonly descriptor: number;

  constructor(options: NetlinkOptions) {
    this.descriptor = libc.socket(AF_NETLINK, SOCK_RAW_NONBLOCK_CLOEXEC, options.protocol);
    if (this.descriptor < 0) throw new SystemError(libc.errorCode(), 'socket(AF_NETLINK)');
    this.batch = new MessageVector(options.batch, options.slotOctets);
    try {
      this.#configure(options);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  #configure(options: NetlinkOptions): void {
    const address = new Uint8Array(12);
    new DataView(address.buffer).setUint16(0, AF_NETLINK, true);
    if (libc.bind(this.descriptor, address, 12) < 0) throw new SystemError(libc.errorCode(), 'bind(AF_NETLINK)');
    if (options.receiveBuffer > 0) {
      const forced = this.#trySet(SOL_SOCKET, SO_RCVBUFFORCE, options.receiveBuffer);
      if (!forced) this.#set(SOL_SOCKET, SO_RCVBUF, options.receiveBuffer, 'setsockopt(SO_RCVBUF)');
    }
    if (options.filter !== undefined) this.#attach(options.filter);
    if (options.groups.length > 0) {
      // Without it one overflow closes the socket to all messages until it has been emptied (netlink_overrun).
      this.#set(SOL_NETLINK, NETLINK_NO_ENOBUFS, 1, 'setsockopt(NETLINK_NO_ENOBUFS)');
      if (options.reliable) this.setReliable(true);
    }
    for (const group of options.groups) {
      this.#set(SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, group, 'setsockopt(NETLINK_ADD_MEMBERSHIP)');
    }
  }

  #attach(filter: Uint8Array): void {
    if (libc.attachFilter(this.descriptor, SOL_SOCKET, SO_ATTACH_FILTER, filter) === 0) return;
    const code = libc.errorCode();
    if (code !== 'ENOMEM') throw new SystemError(code, 'setsockopt(SO_ATTACH_FILTER)');
  }

  send(message: Uint8Array): void {
    if (libc.send(this.descriptor, message, message.length, 0) < 0) {
      throw new SystemError(libc.errorCode(), 'send(AF_NETLINK)');
    }
  }

  receive(): number {
    const received = libc.recvmmsg(this.descriptor, this.batch.headers, this.batch.count, 0, null);
    if (received >= 0) {
      this.batch.readLengths(received);
      return received;
    }
    const code = libc.errorCode();
    if (code === 'EAGAIN' || code === 'EINTR' || code === 'ENOBUFS') return 0;
    throw new SystemError(code, 'recvmmsg(AF_NETLINK)');
  }

  drops(): number {
    return countDrops(this.descriptor);
  }

  setReliable(on: boolean): void {
    setReliableDelivery(this.descriptor, on);
  }

  close(): void {
    libc.close(this.descriptor);
  }

  #set(level: number, name: number, value: number, call: string): void {
    if (!this.#trySet(level, name, value)) throw new SystemError(libc.errorCode(), call);
  }

  #trySet(level: number, name: number, value: number): boolean {
    return setOption(this.descriptor, level, name, value) === 0;
  }
}

/** Deliveries that failed, 32 bits; also from another thread. */
export function countDrops(descriptor: number): number {
  const meminfo = new DataView(new ArrayBuffer(SK_MEMINFO_OCTETS));
  const length = new DataView(new ArrayBuffer(4));
  length.setUint32(0, SK_MEMINFO_OCTETS, true);
  const [into, size] = [new Uint8Array(meminfo.buffer), new Uint8Array(length.buffer)];
  if (libc.getsockopt(descriptor, SOL_SOCKET, SO_MEMINFO, into, size) < 0) {
    throw new SystemError(libc.errorCode(), 'getsockopt(SO_MEMINFO)');
  }
  return meminfo.getUint32(SK_MEMINFO_DROPS * 4, true);
}

/** Switches reliable delivery of a netlink socket; also from another thread, when the socket's own is stuck. */
export function setReliableDelivery(descriptor: number, on: boolean): void {
  if (setOption(descriptor, SOL_NETLINK, NETLINK_BROADCAST_ERROR, on ? 1 : 0) < 0) {
    throw new SystemError(libc.errorCode(), 'setsockopt(NETLINK_BROADCAST_ERROR)');
  }
}

function setOption(descriptor: number, level: number, name: number, value: number): number {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setInt32(0, value, true);
  return libc.setsockopt(descriptor, level, name, bytes, 4);
}
