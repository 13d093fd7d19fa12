import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { readCa } from './secret.js';

export interface StreamAddress {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  readonly ca: string | undefined;
}

/**
 * Connects by TCP, or by TLS to who has a certificate for that name. When the signal aborts, the socket is destroyed.
 * @throws the system's error, or TLS's
 */
export async function openStream({ host, port, tls, ca }: StreamAddress, signal: AbortSignal): Promise<Socket> {
  signal.throwIfAborted();
  const socket = tls
    ? connectTls({ host, port, servername: /^[\d.]+$|:/.test(host) ? '' : host, ...readCa(ca) })
    : connect({ host, port });
  const abort = () => socket.destroy(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  socket.once('close', () => signal.removeEventListener('abort', abort));
  await once(socket, tls ? 'secureConnect' : 'connect');
  // Whoever waits for something gets the error there.
  socket.on('error', () => {});
  return socket;
}
