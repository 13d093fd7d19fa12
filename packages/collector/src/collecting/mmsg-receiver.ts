import type { HostPort } from '../config/address.js';
import { type BindAddress, bindError } from './bind-address.js';
import { type Libc, libc } from './libc.js';
import { MessageSlots, SLOTS } from './mmsghdr.js';
import type { Peer } from './peer.js';
import type { OnDatagram, Receiver, Sharing } from './receiver.js';
import { AF_INET, AF_INET6, readSockaddr, sockaddr } from './sockaddr.js';

// Linux, asm-generic: include/uapi/asm-generic/socket.h, include/linux/net.h, include/uapi/linux/in6.h
const SOCK_DGRAM = 2;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;
const SOL_SOCKET = 1;
const SO_RCVBUF = 8;
const SO_REUSEPORT = 15;
const SO_RCVBUFFORCE = 33;
const SO_MEMINFO = 55;
const IPPROTO_IPV6 = 41;
const IPV6_V6ONLY = 26;
const MSG_DONTWAIT = 0x40;
/** Index of SK_MEMINFO_DROPS in the answer to SO_MEMINFO (include/uapi/linux/sock_diag.h). */
const MEMINFO_DROPS = 8;
/** Milliseconds of one turn of the event loop, so that a flood does not keep timers, acknowledgements and other sockets waiting. */
const TURN = 5;
const MAXIMUM_PEERS = 4096;

/** Whether this system can receive by recvmmsg. */
export function mmsgAvailable(): boolean {
  return libc() !== undefined;
}

/** Receives by recvmmsg(2) in batches. See `openReceiver` in open-receiver.ts; call only where `mmsgAvailable()`. */
export async function openMmsgReceiver(
  addresses: readonly BindAddress[],
  receiveBuffer: number,
  onDatagram: OnDatagram,
  sharing: Sharing = 'none',
): Promise<Receiver> {
  const c = libc()!;
  const descriptors: number[] = [];
  try {
    for (const address of addresses) descriptors.push(openSocket(c, address, receiveBuffer, sharing));
  } catch (error) {
    for (const fd of descriptors) c.close(fd);
    throw error;
  }
  const peers = new Map<string, Peer>();
  const drains = descriptors.map(fd => new Drain(c, fd, peers, onDatagram));
  const watches = drains.map(drain => c.watch(drain.fd, () => drain.turn()));
  return {
    kind: 'recvmmsg',
    listening: descriptors.map(fd => boundTo(c, fd)),
    receiveBuffer: Math.min(...descriptors.map(fd => word(c, fd, SO_RCVBUF, 0) / 2)),
    kernelDrops: () => descriptors.reduce((sum, fd) => sum + word(c, fd, SO_MEMINFO, MEMINFO_DROPS), 0),
    close() {
      for (const watch of watches) watch.close();
      for (const drain of drains) drain.closed = true;
      for (const fd of descriptors.splice(0)) c.close(fd);
    },
  };
}

/** Empties one socket, turn by turn. */
class Drain {
  readonly fd: number;
  closed = false;
  readonly #c: Libc;
  readonly #slots: MessageSlots;
  readonly #peers: Map<string, Peer>;
  readonly #onDatagram: OnDatagram;
  /** Slots that the last call filled, and how many of them have been delivered. */
  #count = 0;
  #done = 0;

  constructor(c: Libc, fd: number, peers: Map<string, Peer>, onDatagram: OnDatagram) {
    this.fd = fd;
    this.#c = c;
    this.#slots = new MessageSlots(c);
    this.#peers = peers;
    this.#onDatagram = onDatagram;
  }

  /** Delivers what is there until the turn is over. */
  turn(): void {
    if (this.closed) return;
    const end = performance.now() + TURN;
    do {
      if (this.#done === this.#count && !this.#receive()) return;
      const slot = this.#done++;
      this.#onDatagram(this.#slots.datagram(slot), peerAt(this.#slots, slot, this.#peers));
    } while (performance.now() < end);
    // The watch calls again for what is in the socket, not for what is out of it already.
    if (this.#done < this.#count) setImmediate(() => this.turn());
  }

  /** Whether there was anything. */
  #receive(): boolean {
    this.#slots.prepare();
    this.#done = 0;
    this.#count = Math.max(0, this.#c.recvmmsg(this.fd, this.#slots.headers, SLOTS, MSG_DONTWAIT, null));
    return this.#count > 0;
  }
}

function peerAt(slots: MessageSlots, slot: number, peers: Map<string, Peer>): Peer {
  const key = slots.nameKey(slot);
  const known = peers.get(key);
  if (known !== undefined) return known;
  if (peers.size >= MAXIMUM_PEERS) peers.clear();
  const peer = readSockaddr(slots.name(slot));
  peers.set(key, peer);
  return peer;
}

function openSocket(c: Libc, at: BindAddress, receiveBuffer: number, sharing: Sharing): number {
  const fd = c.socket(at.family === 6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) throw bindError('udp', at, c.errorName(c.errno()));
  // [::] takes IPv6 only, so that 0.0.0.0 can be bound beside it.
  if (at.family === 6) c.setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, int32(1), 4);
  // Past rmem_max with CAP_NET_ADMIN; up to it without.
  if (c.setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, int32(receiveBuffer), 4) < 0) {
    c.setsockopt(fd, SOL_SOCKET, SO_RCVBUF, int32(receiveBuffer), 4);
  }
  const letIn = () => c.setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, int32(1), 4);
  if (sharing === 'further') letIn();
  const name = sockaddr(at);
  if (c.bind(fd, name, name.length) < 0) {
    const problem = c.errorName(c.errno());
    c.close(fd);
    throw bindError('udp', at, problem);
  }
  // Not sooner: the port of another collector must be refused as taken.
  if (sharing === 'first') letIn();
  return fd;
}

function boundTo(c: Libc, fd: number): HostPort {
  const name = new Uint8Array(32);
  c.getsockname(fd, name, int32(name.length));
  const { address, port } = readSockaddr(name);
  return { host: address, port };
}

/** One 32-bit word of a socket option; 0 where the kernel does not know the option. */
function word(c: Libc, fd: number, option: number, index: number): number {
  const value = new Uint32Array(16);
  c.getsockopt(fd, SOL_SOCKET, option, new Uint8Array(value.buffer), int32(value.byteLength));
  return value[index]!;
}

function int32(value: number): Uint8Array {
  return new Uint8Array(Int32Array.of(value).buffer);
}
