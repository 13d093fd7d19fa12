/**
 * What openwrt/host, in C, gives to the engine. Calls that can fail return the negative error number, whose name errorName tells;
 * numbers of errors and of socket options differ between architectures, and stay there.
 */
export interface HostCalls {
  /** The program's name and its arguments. */
  readonly arguments: readonly string[];
  /** Descriptor of a netlink socket that is bound and does not block. */
  netlinkOpen(protocol: number): number;
  /** An option of SOL_NETLINK. */
  netlinkOption(descriptor: number, option: number, value: number): number;
  /** @param instructions array of struct sock_filter */
  netlinkFilter(descriptor: number, instructions: Uint8Array): number;
  /** Octets of receive buffer, beyond rmem_max where privilege allows. */
  receiveBuffer(descriptor: number, octets: number): number;
  /** Datagram i to memory[i * slotOctets], its length to lengths[i]; at most 64. @returns how many */
  receiveMany(descriptor: number, memory: Uint8Array, slotOctets: number, lengths: Uint32Array): number;
  /** Deliveries that failed, 32 bits. */
  drops(descriptor: number): number;
  /** @param stream TCP, which does not block; else UDP, which does for a moment */
  socketOpen(family: 4 | 6, stream: boolean): number;
  /** The error that waits, negative; 0 for none. */
  socketError(descriptor: number): number;
  bind(descriptor: number, address: string, port: number): number;
  connect(descriptor: number, address: string, port: number): number;
  /** May datagrams go in fragments? */
  fragments(descriptor: number, allowed: boolean): number;
  /** Octets of an IP packet on the way to where the socket is connected to. */
  pathMtu(descriptor: number): number;
  /** What lies behind memory[from]. @returns octets taken */
  send(descriptor: number, memory: Uint8Array, from: number): number;
  /** Datagrams first to first + count - 1, each lengths[i] octets at memory[i * slotOctets]; at most 64. @returns how many were taken */
  sendMany(
    descriptor: number,
    memory: Uint8Array,
    slotOctets: number,
    lengths: Uint32Array,
    first: number,
    count: number,
  ): number;
  /** Does not wait. @returns octets received, 0 at the stream's end */
  receive(descriptor: number, memory: Uint8Array): number;
  /** struct tcp_info. @returns octets that the kernel has of it */
  tcpInfo(descriptor: number, memory: Uint8Array): number;
  /** @param write the file is made where it is not there */
  open(path: string, write: boolean): number;
  close(descriptor: number): number;
  read(descriptor: number, memory: Uint8Array, offset: number): number;
  write(descriptor: number, memory: Uint8Array, offset: number): number;
  truncate(descriptor: number, octets: number): number;
  /** Makes sure of room for the file's first octets. */
  allocate(descriptor: number, octets: number): number;
  sync(descriptor: number): number;
  /** Opens the file and locks it; "EAGAIN" where it is locked. */
  lock(path: string): number;
  /** The file's memory, shared with whoever maps it; undefined where that cannot be. */
  map(descriptor: number, octets: number): ArrayBuffer | undefined;
  /** What `map` gave has no octets any more. */
  unmap(buffer: ArrayBuffer): void;
  /** A small file, undefined where it cannot be read. */
  readText(path: string): string | undefined;
  size(path: string): number;
  /** Names in a directory, undefined where it cannot be read. */
  list(path: string): string[] | undefined;
  rename(from: string, to: string): number;
  /** A file, or an empty directory. */
  remove(path: string): number;
  makeDirectory(path: string): number;
  /** Gives memory back that large tables do not use. */
  trim(): void;
  /** Milliseconds. */
  wall(): number;
  monotonic(): number;
  sleep(milliseconds: number): number;
  /** Waits until one is readable. */
  poll(descriptors: Int32Array, milliseconds: number): number;
  /** Signals since the last call: SIGNAL_STOP, SIGNAL_RELOAD. */
  takeSignals(): number;
  /** Descriptor on which the name's addresses come, one a line, and then the end. */
  resolve(name: string): number;
  /** @param priority of syslog; negative: to standard error */
  log(priority: number, text: string): void;
  errorName(number: number): string;
}

export const SIGNAL_STOP = 1;
export const SIGNAL_RELOAD = 2;

export const calls = (globalThis as unknown as { readonly weirHost: HostCalls }).weirHost;

/** The errno's name of a call that failed. */
export function failureOf(result: number): string {
  return calls.errorName(-result);
}
