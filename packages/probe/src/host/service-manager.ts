import * as libc from './libc.js';

const AF_UNIX = 1;
const SOCK_DGRAM_CLOEXEC = 2 | 0o2000000;
const MSG_NOSIGNAL = 0x4000;

/**
 * Tells the service manager that started this process how it is (sd_notify(3)), such as "READY=1"; nothing where none wants to know.
 * A datagram that does not arrive is no reason to stop: then the manager acts as it would for one that hangs.
 */
export function notifyServiceManager(state: string): void {
  const path = process.env.NOTIFY_SOCKET;
  if (path === undefined || path === '') return;
  const socket = libc.socket(AF_UNIX, SOCK_DGRAM_CLOEXEC, 0);
  if (socket < 0) return;
  const name = unixAddress(path);
  const text = new TextEncoder().encode(state);
  if (libc.connect(socket, name, name.length) === 0) libc.send(socket, text, text.length, MSG_NOSIGNAL);
  libc.close(socket);
}

/** struct sockaddr_un; a path that begins with @ is of the abstract namespace (unix(7)). */
function unixAddress(path: string): Uint8Array {
  const octets = new TextEncoder().encode(path);
  const name = new Uint8Array(2 + octets.length + (path.startsWith('@') ? 0 : 1));
  name[0] = AF_UNIX;
  name.set(octets, 2);
  if (path.startsWith('@')) name[2] = 0;
  return name;
}
