import koffi from 'koffi';

type SystemCall = ReturnType<ReturnType<typeof koffi.load>['func']>;

/**
 * System calls by koffi: 38 ns a call, and no compiled addon. They are Linux's: elsewhere this module loads, because the
 * collector runs there too, and every call throws.
 */
const libc = process.platform === 'linux' ? koffi.load(null) : undefined;

function declare(signature: string): SystemCall {
  if (libc !== undefined) return libc.func(signature);
  const refuse = () => {
    throw new Error(`${signature} is a call of Linux, this is ${process.platform}`);
  };
  return refuse as unknown as SystemCall;
}

export const socket = declare('int socket(int domain, int type, int protocol)');
export const bind = declare('int bind(int fd, const void *address, uint32_t length)');
export const connect = declare('int connect(int fd, const void *address, uint32_t length)');
export const setsockopt = declare('int setsockopt(int fd, int level, int name, const void *value, uint32_t length)');
export const getsockopt = declare('int getsockopt(int fd, int level, int name, void *value, void *length)');
export const ioctl = declare('int ioctl(int fd, unsigned long request, void *value)');
export const send = declare('long send(int fd, const void *bytes, size_t length, int flags)');
export const read = declare('long read(int fd, void *bytes, size_t length)');
export const recv = declare('long recv(int fd, void *bytes, size_t length, int flags)');
export const shutdown = declare('int shutdown(int fd, int how)');
export const recvmmsg = declare('int recvmmsg(int fd, void *messages, uint32_t count, int flags, void *timeout)');
export const sendmmsg = declare('int sendmmsg(int fd, void *messages, uint32_t count, int flags)');
export const poll = declare('int poll(void *descriptors, unsigned long count, int timeout)');
export const close = declare('int close(int fd)');
export const open = declare('int open(const char *path, int flags, int mode)');
export const flock = declare('int flock(int fd, int operation)');
export const setns = declare('int setns(int fd, int type)');
/** Returns the error number itself; errno stays as it was. */
export const posixFallocate = declare('int posix_fallocate(int fd, long offset, long length)');
export const clockGettime = declare('int clock_gettime(int clock, void *time)');
export const adjtimex = declare('int adjtimex(void *timex)');
export const ftruncate = declare('int ftruncate(int fd, long length)');
export const mmap = declare('void *mmap(void *address, size_t length, int protection, int flags, int fd, long offset)');
export const getpagesize = declare('int getpagesize()');
export const munmap = declare('int munmap(void *address, size_t length)');

const sockFprog = koffi.struct({ length: 'uint16_t', filter: 'uint8_t *' });

// Where two names share a number (EAGAIN, EWOULDBLOCK) the first of the alphabet is kept.
const NAMES = new Map(
  Object.entries(koffi.os.errno)
    .reverse()
    .map(([name, number]) => [number, name]),
);

/** Name of the errno of the last call, such as "EPERM". */
export function errorCode(): string {
  return errorName(koffi.errno());
}

export function errorName(number: number): string {
  return NAMES.get(number) ?? `errno ${number}`;
}

/** Address of a buffer. The caller keeps the buffer alive for as long as the kernel may use the address. */
export function addressOf(buffer: Uint8Array): bigint {
  return koffi.address(buffer);
}

/** Can this shared library be loaded here? */
export function isLoadable(library: string): boolean {
  try {
    koffi.load(library).unload();
    return true;
  } catch {
    return false;
  }
}

/** Watches one descriptor on this thread's event loop. */
export interface Watch {
  /** What to wait for from now on. */
  await(readable: boolean, writable: boolean): void;
  /** Before the descriptor is closed. */
  close(): void;
}

/** Calls back when there is what is waited for, or the descriptor has an error: then it has to be waited for anew. */
export function watch(descriptor: number, onEvent: () => void): Watch {
  const handle = koffi.node.poll(descriptor, {}, onEvent);
  return {
    await(readable, writable) {
      handle.stop();
      if (readable || writable) handle.start({ readable, writable }, onEvent);
    },
    close() {
      handle.stop();
      handle.close();
    },
  };
}

/** setsockopt with a struct sock_fprog, which holds the number of instructions and their address. */
export function attachFilter(descriptor: number, level: number, name: number, instructions: Uint8Array): number {
  const program = koffi.alloc(sockFprog, 1);
  koffi.encode(program, sockFprog, { length: instructions.length / 8, filter: instructions });
  return setsockopt(descriptor, level, name, program, koffi.sizeof(sockFprog));
}

/** mmap's MAP_FAILED, (void *)-1. */
export function isMapFailed(address: unknown): boolean {
  return koffi.address(address) === 0xffffffffffffffffn;
}

/** The memory at an address as an ArrayBuffer, without a copy; not to be touched after munmap. */
export function memoryAt(address: unknown, length: number): ArrayBuffer {
  return koffi.view(address as object, length);
}
