import { statSync } from 'node:fs';
import { SystemError } from './host.js';
import * as libc from './libc.js';

const CLONE_NEWNET = 0x40000000;
const O_RDONLY_CLOEXEC = 0o2000000;
const AF_NETLINK = 16;
const SOCK_RAW_CLOEXEC = 3 | 0o2000000;
const SOL_SOCKET = 1;
/** Linux 5.14 (include/uapi/asm-generic/socket.h). */
const SO_NETNS_COOKIE = 71;

/**
 * A number that tells this network namespace from every other since the boot, as text. The inode of /proc/self/ns/net does
 * not: it is given out again when a namespace is gone.
 */
export function networkNamespaceCookie(): string {
  const descriptor = libc.socket(AF_NETLINK, SOCK_RAW_CLOEXEC, 0);
  if (descriptor < 0) throw new SystemError(libc.errorCode(), 'socket(AF_NETLINK)');
  const value = new Uint8Array(8);
  const length = Uint8Array.of(8, 0, 0, 0);
  const result = libc.getsockopt(descriptor, SOL_SOCKET, SO_NETNS_COOKIE, value, length);
  const code = libc.errorCode();
  libc.close(descriptor);
  if (result < 0) throw new SystemError(code, 'getsockopt(SO_NETNS_COOKIE)');
  return new DataView(value.buffer).getBigUint64(0, true).toString();
}

/** The network namespace of the calling thread. */
export const OWN_NAMESPACE = '/proc/thread-self/ns/net';

/** Opens a network namespace by its file; it lives at least as long as the descriptor is open. */
export function openNamespace(path: string): number {
  const descriptor = libc.open(path, O_RDONLY_CLOEXEC, 0);
  if (descriptor < 0) throw new SystemError(libc.errorCode(), `open(${path})`);
  return descriptor;
}

/** Moves the calling thread, and no other, to the network namespace: sockets, /proc/sys/net and children are that one's from now on. */
export function enterNamespace(descriptor: number): void {
  if (libc.setns(descriptor, CLONE_NEWNET) < 0) throw new SystemError(libc.errorCode(), 'setns(CLONE_NEWNET)');
}

export function closeNamespace(descriptor: number): void {
  libc.close(descriptor);
}

/**
 * Tells the namespace that a file stands for now from the one that it stood for before, as long as that one lives. Undefined
 * where the file is not there or is none of a namespace: `ip netns add` makes an empty file first.
 */
export function namespaceIdentity(path: string): number | undefined {
  const file = statSync(path, { throwIfNoEntry: false });
  return file?.dev === statSync(OWN_NAMESPACE).dev ? file.ino : undefined;
}
