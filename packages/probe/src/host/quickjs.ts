import {
  type DatagramSocket,
  type Host,
  type NetlinkOptions,
  type NetlinkSocket,
  type SharedMemory,
  SystemError,
} from './host.js';
import { calls, failureOf } from './quickjs-calls.js';
import { QuickDatagramSocket } from './quickjs-datagrams.js';
import { QuickNetlinkSocket } from './quickjs-netlink.js';

/** A probe that was told to end still exports what waits. */
const LOCK_PATIENCE_MILLISECONDS = 10_000;

/** The host on routers: the engine's calls into C. */
export class QuickHost implements Host {
  readonly clock = {
    wall: () => calls.wall(),
    monotonic: () => calls.monotonic(),
  };
  #descriptors = new Int32Array(0);

  netlink(options: NetlinkOptions): NetlinkSocket {
    return new QuickNetlinkSocket(options);
  }

  datagrams(family: 4 | 6): DatagramSocket {
    return new QuickDatagramSocket(family);
  }

  memory(octets: number, path: string | undefined): SharedMemory {
    if (path === undefined) return { buffer: new ArrayBuffer(octets), allocate: () => true, close: () => {} };
    return mapFile(octets, path);
  }

  poll(descriptors: readonly number[], timeoutMilliseconds: number): void {
    if (this.#descriptors.length !== descriptors.length) this.#descriptors = new Int32Array(descriptors.length);
    for (let i = 0; i < descriptors.length; i++) this.#descriptors[i] = descriptors[i];
    calls.poll(this.#descriptors, Math.max(0, Math.ceil(timeoutMilliseconds)));
  }

  sleep(milliseconds: number): void {
    calls.sleep(Math.ceil(milliseconds));
  }

  readText(path: string): string | undefined {
    return calls.readText(path);
  }
}

function mapFile(octets: number, path: string): SharedMemory {
  const descriptor = awaitLocked(path);
  const truncated = calls.truncate(descriptor, octets);
  const buffer = truncated < 0 ? undefined : calls.map(descriptor, octets);
  if (buffer === undefined) {
    calls.close(descriptor);
    throw new SystemError(truncated < 0 ? failureOf(truncated) : 'ENOMEM', `mmap(${path})`);
  }
  return {
    buffer,
    allocate: first => calls.allocate(descriptor, first) === 0,
    close: () => {
      calls.unmap(buffer);
      calls.close(descriptor);
    },
  };
}

function awaitLocked(path: string): number {
  const deadline = calls.monotonic() + LOCK_PATIENCE_MILLISECONDS;
  for (;;) {
    const descriptor = calls.lock(path);
    if (descriptor >= 0) return descriptor;
    const code = failureOf(descriptor);
    if (code !== 'EAGAIN') throw new SystemError(code, path);
    if (calls.monotonic() > deadline) throw new SystemError('EBUSY', path);
    calls.sleep(100);
  }
}
