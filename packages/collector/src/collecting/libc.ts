import { createRequire } from 'node:module';

/**
 * System calls on UDP and SCTP sockets. `fd` are file descriptors, sizes octets. A call that fails returns -1 and
 * leaves its reason in errno().
 */
export interface Libc {
  socket(domain: number, type: number, protocol: number): number;
  bind(fd: number, address: Uint8Array, length: number): number;
  getsockname(fd: number, address: Uint8Array, length: Uint8Array): number;
  setsockopt(fd: number, level: number, name: number, value: Uint8Array, length: number): number;
  getsockopt(fd: number, level: number, name: number, value: Uint8Array, length: Uint8Array): number;
  recvmmsg(fd: number, messages: Uint8Array, count: number, flags: number, timeout: null): number;
  recvmsg(fd: number, header: Uint8Array, flags: number): number;
  listen(fd: number, backlog: number): number;
  accept4(fd: number, address: Uint8Array, length: Uint8Array, flags: number): number;
  shutdown(fd: number, how: number): number;
  close(fd: number): number;
  errno(): number;
  /** Name of an error number, "EADDRINUSE". */
  errorName(number: number): string;
  /** Where the bytes are in memory. Holds only as long as the caller keeps the array. */
  addressOf(bytes: Uint8Array): bigint;
  /** Calls back when the descriptor is readable, until the watch is closed. */
  watch(fd: number, onReadable: () => void): Watch;
}

export interface Watch {
  readonly paused: boolean;
  pause(): void;
  resume(): void;
  /** Before the descriptor is closed. */
  close(): void;
}

let loaded: Libc | undefined | null;

/** The C library; undefined where this system has none that fits: not Linux, not 64 bits, or the foreign-function module fails. */
export function libc(): Libc | undefined {
  if (loaded === undefined) loaded = load() ?? null;
  return loaded ?? undefined;
}

function load(): Libc | undefined {
  // The layouts of mmsghdr.ts are those of 64-bit little-endian Linux.
  if (process.platform !== 'linux' || !['x64', 'arm64', 'riscv64', 'loong64'].includes(process.arch)) return undefined;
  try {
    return declare(createRequire(import.meta.url)('koffi') as typeof import('koffi'));
  } catch {
    return undefined;
  }
}

function declare(koffi: typeof import('koffi')): Libc {
  const library = koffi.load(null);
  const names = new Map(Object.entries(koffi.os.errno).map(([name, number]) => [number, name]));
  return {
    socket: library.func('int socket(int, int, int)'),
    bind: library.func('int bind(int, void *, uint32_t)'),
    getsockname: library.func('int getsockname(int, void *, void *)'),
    setsockopt: library.func('int setsockopt(int, int, int, void *, uint32_t)'),
    getsockopt: library.func('int getsockopt(int, int, int, void *, void *)'),
    recvmmsg: library.func('int recvmmsg(int, void *, uint32_t, int, void *)'),
    recvmsg: library.func('long recvmsg(int, void *, int)'),
    listen: library.func('int listen(int, int)'),
    accept4: library.func('int accept4(int, void *, void *, int)'),
    shutdown: library.func('int shutdown(int, int)'),
    close: library.func('int close(int)'),
    errno: () => koffi.errno(),
    errorName: number => names.get(number) ?? `errno ${number}`,
    addressOf: bytes => koffi.address(bytes),
    watch: (fd, onReadable) => {
      const handle = koffi.node.poll(fd, { readable: true }, onReadable);
      let paused = false;
      return {
        get paused() {
          return paused;
        },
        pause() {
          paused = true;
          handle.stop();
        },
        resume() {
          paused = false;
          handle.start({ readable: true }, onReadable);
        },
        close() {
          handle.stop();
          handle.close();
        },
      };
    },
  };
}
