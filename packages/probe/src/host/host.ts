/**
 * The only door outside. Everything else in the probe is plain ECMAScript, so that a second host (QuickJS) needs nothing
 * but this interface. System calls that fail throw SystemError, unless the docstring says otherwise.
 */

/** A failed system call: `code` is the errno's name, such as "EPERM". */
export class SystemError extends Error {
  override readonly name = 'SystemError';
  constructor(
    readonly code: string,
    call: string,
  ) {
    super(`${call}: ${code}`);
  }
}

/** Milliseconds: `wall` since the Unix epoch, `monotonic` since an arbitrary point. */
export interface Clock {
  wall(): number;
  monotonic(): number;
}

/**
 * Datagrams received by one call, in one buffer: datagram i lies at i * slotOctets and is lengths[i] octets long.
 * Overwritten by the next call.
 */
export interface ReceiveBatch {
  readonly bytes: Uint8Array;
  readonly slotOctets: number;
  readonly lengths: Uint32Array;
}

export interface NetlinkOptions {
  /** Netlink protocol: 0 route, 12 netfilter. */
  readonly protocol: number;
  /** Multicast groups to join (numbers, not a mask). */
  readonly groups: readonly number[];
  /** Octets of receive buffer asked for, beyond rmem_max where privilege allows (SO_RCVBUFFORCE). */
  readonly receiveBuffer: number;
  /** Ask the kernel to keep and redeliver what did not fit (NETLINK_BROADCAST_ERROR). */
  readonly reliable: boolean;
  /** Datagrams taken by one call, and the largest datagram. */
  readonly batch: number;
  readonly slotOctets: number;
  /**
   * Array of struct sock_filter: what it refuses is not received, and is no drop (SO_ATTACH_FILTER). Where the kernel has no room
   * for it (net.core.optmem_max) everything is received.
   */
  readonly filter?: Uint8Array;
}

export interface NetlinkSocket {
  readonly batch: ReceiveBatch;
  send(message: Uint8Array): void;
  /** Datagrams received into `batch`, 0 when none wait. */
  receive(): number;
  /** Messages that the kernel could not deliver to this socket since it was opened (sk_drops), modulo 2^32. */
  drops(): number;
  setReliable(on: boolean): void;
  /** File descriptor, for poll() and for a watching thread. */
  readonly descriptor: number;
  close(): void;
}

/** Memory outside JavaScript's, or in it, and the address of its first octet. */
export interface AddressedMemory {
  readonly bytes: Uint8Array;
  readonly address: bigint;
}

/** Parts of Messages that lie elsewhere than their Messages, in the order of these and of their places in them. */
export interface MessageParts {
  readonly memory: AddressedMemory;
  readonly count: number;
  /** Of each Message: parts of it and of those before it. */
  readonly ends: Uint32Array;
  /** Of each part: its place in its Message, its octets, and where in the memory it begins. */
  readonly places: Uint32Array;
  readonly lengths: Uint32Array;
  readonly offsets: Uint32Array;
}

/** A UDP socket of one address family, for Messages of IPFIX. Calls that fail set `errorCode`, the errno's name. */
export interface DatagramSocket {
  readonly errorCode: string;
  /** `load` takes parts. */
  readonly gathers: boolean;
  /** Sends from this address of the host. @returns false where it failed */
  bind(address: string): boolean;
  /** Sends there from now on, and never in fragments. @returns false where it failed */
  connect(address: string, port: number): boolean;
  /** Octets of an IP packet that the way to the other side takes, undefined where that is not known. */
  pathMtu(): number | undefined;
  /** May what is longer than that go in fragments? */
  allowFragments(allowed: boolean): void;
  /** The error that the network has told since the last call, '' for none. */
  takeError(): string;
  /** What `send` is to send: the first `count` Messages, as in MessageSink. Nothing of it may change until it is sent. */
  load(bytes: Uint8Array, slotOctets: number, lengths: Uint32Array, count: number, parts?: MessageParts): void;
  /** Sends Messages from number `first` on. @returns how many were taken, 0 where the first one was not */
  send(first: number): number;
  close(): void;
}

/** Where finished Messages go: the transport of one Transport Session. */
export interface MessageSink {
  /** The largest Message that it takes now, in octets. */
  readonly messageOctets: number;
  /** What is sent while the other side is away is kept and sent later. */
  readonly keeps: boolean;
  /** Messages of the largest size that it would take now. */
  room(): number;
  /** `send` takes parts. */
  readonly gathers?: boolean;
  /**
   * Sends the first `count` Messages, each at i * slotOctets of `bytes`, with `parts` in the places where these go. Returns how many
   * were taken; the rest is lost. Keeps no reference to the parts.
   */
  send(bytes: Uint8Array, slotOctets: number, lengths: Uint32Array, count: number, parts?: MessageParts): number;
  /** There is somewhere to send to: an address, and where the transport sets up a connection, that. */
  isConnected(): boolean;
  /** True once after the other side has refused what was sent, or is another one now: it may know nothing of what was sent before. */
  wasRefused(): boolean;
  close(): void;
}

/**
 * Memory that outlives the process when a path is given (a shared file mapping, for one process at a time: EBUSY), else plain
 * memory.
 */
export interface SharedMemory {
  readonly buffer: ArrayBuffer;
  /** Makes sure of room for the first `octets`: what lies behind must not be touched. False where there is no room, as on a full disk. */
  allocate(octets: number): boolean;
  close(): void;
}

export interface Host {
  readonly clock: Clock;
  netlink(options: NetlinkOptions): NetlinkSocket;
  /** A UDP socket. */
  datagrams(family: 4 | 6): DatagramSocket;
  memory(octets: number, path: string | undefined): SharedMemory;
  /** Waits until one of the descriptors is readable or the time is over. */
  poll(descriptors: readonly number[], timeoutMilliseconds: number): void;
  sleep(milliseconds: number): void;
  /** Contents of a small file such as those of /proc, undefined where it cannot be read. */
  readText(path: string): string | undefined;
}
