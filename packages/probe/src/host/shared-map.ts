import { SystemError } from './host.js';
import * as libc from './libc.js';

const PROT_READ = 1;
const PROT_WRITE = 2;
const MAP_SHARED = 1;

/** Memory of a file or of the kernel. */
export interface SharedMap {
  /** Not to be touched after close; where it is read-only, not to be written to. */
  readonly buffer: ArrayBuffer;
  close(): void;
}

/** Maps what a descriptor stands for. @param what is mapped, for the error @throws SystemError where it cannot be mapped */
export function mapShared(
  descriptor: number,
  what: string,
  octets: number,
  offset = 0,
  access: 'read' | 'write' = 'write',
): SharedMap {
  const protection = access === 'read' ? PROT_READ : PROT_READ | PROT_WRITE;
  const address = libc.mmap(null, octets, protection, MAP_SHARED, descriptor, offset);
  if (libc.isMapFailed(address)) throw new SystemError(libc.errorCode(), `mmap(${what})`);
  return { buffer: libc.memoryAt(address, octets), close: () => libc.munmap(address, octets) };
}
