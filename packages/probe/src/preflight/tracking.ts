import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { hasConnection, removeConnection, type Tuple } from '../conntrack/lookup.js';
import type { NetfilterClient } from '../netlink/client.js';

const UDP = 17;
const LOOPBACK = {
  udp4: { address: '127.0.0.1', octets: Uint8Array.of(127, 0, 0, 1) },
  udp6: { address: '::1', octets: Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1) },
};

/**
 * Does the kernel track connections in this network namespace? Asked by trying: one datagram over loopback, a look whether
 * a connection came of it, and the connection removed again.
 *
 * @returns undefined where loopback cannot be used
 */
export async function isTracking(client: NetfilterClient, family: 'udp4' | 'udp6'): Promise<boolean | undefined> {
  const { address, octets } = LOOPBACK[family];
  const receiver = createSocket(family);
  const sender = createSocket(family);
  try {
    await listen(receiver, address);
    await listen(sender, address);
    const received = once(receiver, 'message', { signal: AbortSignal.timeout(1000) });
    sender.send('weir preflight', receiver.address().port, address);
    await received;
    const tuple: Tuple = {
      protocol: UDP,
      source: octets,
      destination: octets,
      sourcePort: sender.address().port,
      destinationPort: receiver.address().port,
    };
    const tracked = hasConnection(client, tuple);
    if (tracked) removeConnection(client, tuple);
    return tracked;
  } catch {
    return undefined;
  } finally {
    receiver.close();
    sender.close();
  }
}

async function listen(socket: ReturnType<typeof createSocket>, address: string): Promise<void> {
  socket.bind(0, address);
  await once(socket, 'listening');
}
