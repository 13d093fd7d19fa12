import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { openLocked } from './file-lock.js';
import {
  type DatagramSocket,
  type Host,
  type NetlinkOptions,
  type NetlinkSocket,
  type SharedMemory,
  SystemError,
} from './host.js';
import * as libc from './libc.js';
import { NodeDatagramSocket } from './node-datagrams.js';
import { NodeNetlinkSocket } from './node-netlink.js';
import { mapShared } from './shared-map.js';

const POLLIN = 1;
const POLLFD_OCTETS = 8;
/** A probe that was told to end, or whose parent was killed, still exports what waits. */
const LOCK_PATIENCE_MILLISECONDS = 10_000;

/** The host on Node.js for Linux: system calls by koffi, on whatever thread it is made. */
export class NodeHost implements Host {
  readonly clock = {
    wall: () => Date.now(),
    monotonic: () => performance.now(),
  };
  readonly #sleeper = new Int32Array(new SharedArrayBuffer(4));
  #pollDescriptors = new Uint8Array(0);

  netlink(options: NetlinkOptions): NetlinkSocket {
    return new NodeNetlinkSocket(options);
  }

  datagrams(family: 4 | 6): DatagramSocket {
    return new NodeDatagramSocket(family);
  }

  memory(octets: number, path: string | undefined): SharedMemory {
    return path === undefined
      ? { buffer: new ArrayBuffer(octets), allocate: () => true, close: () => {} }
      : mapFile(octets, path);
  }

  poll(descriptors: readonly number[], timeoutMilliseconds: number): void {
    if (this.#pollDescriptors.length !== descriptors.length * POLLFD_OCTETS) {
      this.#pollDescriptors = new Uint8Array(descriptors.length * POLLFD_OCTETS);
    }
    const view = new DataView(this.#pollDescriptors.buffer);
    descriptors.forEach((descriptor, i) => {
      view.setInt32(i * POLLFD_OCTETS, descriptor, true);
      view.setUint32(i * POLLFD_OCTETS + 4, POLLIN, true);
    });
    libc.poll(this.#pollDescriptors, descriptors.length, Math.max(0, Math.ceil(timeoutMilliseconds)));
  }

  sleep(milliseconds: number): void {
    Atomics.wait(this.#sleeper, 0, 0, milliseconds);
  }

  readText(path: string): string | undefined {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      return undefined;
    }
  }
}

function mapFile(octets: number, path: string): SharedMemory {
  const descriptor = awaitLocked(path);
  try {
    if (libc.ftruncate(descriptor, octets) < 0) throw new SystemError(libc.errorCode(), `ftruncate(${path})`);
    const map = mapShared(descriptor, path, octets);
    const close = () => {
      map.close();
      libc.close(descriptor);
    };
    const allocate = (first: number) => libc.posixFallocate(descriptor, 0, first) === 0;
    return { buffer: map.buffer, allocate, close };
  } catch (error) {
    libc.close(descriptor);
    throw error;
  }
}

function awaitLocked(path: string): number {
  const deadline = performance.now() + LOCK_PATIENCE_MILLISECONDS;
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  for (;;) {
    const descriptor = openLocked(path);
    if (descriptor !== undefined) return descriptor;
    if (performance.now() > deadline) throw new SystemError('EBUSY', path);
    Atomics.wait(sleeper, 0, 0, 100);
  }
}
