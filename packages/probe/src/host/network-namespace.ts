import { SystemError } from './host.js';
import * as libc from './libc.js';

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
