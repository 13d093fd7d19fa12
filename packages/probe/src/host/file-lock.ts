import { SystemError } from './host.js';
import * as libc from './libc.js';

const O_RDWR_CREAT_CLOEXEC = 0o2 | 0o100 | 0o2000000;
const LOCK_EXCLUSIVE_NOW = 2 | 4;

/**
 * Opens a file for this process alone, for as long as the descriptor is open: the kernel lets go of it also when the process
 * is killed. Made where it is not there.
 *
 * @returns the descriptor, or undefined where another process holds the file
 * @throws SystemError where it cannot be opened
 */
export function openLocked(path: string): number | undefined {
  const descriptor = libc.open(path, O_RDWR_CREAT_CLOEXEC, 0o600);
  if (descriptor < 0) throw new SystemError(libc.errorCode(), `open(${path})`);
  if (libc.flock(descriptor, LOCK_EXCLUSIVE_NOW) === 0) return descriptor;
  const code = libc.errorCode();
  libc.close(descriptor);
  if (code === 'EAGAIN' || code === 'EWOULDBLOCK') return undefined;
  throw new SystemError(code, `flock(${path})`);
}

/** Lets go of a file that openLocked() opened. */
export function closeLocked(descriptor: number): void {
  libc.close(descriptor);
}
