import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { HostPort } from '../config/address.js';
import { WeirError } from '../error.js';
import { openDgramReceiver } from './dgram-receiver.js';
import { mmsgAvailable, openMmsgReceiver } from './mmsg-receiver.js';
import type { BindAddress, OnDatagram, Receiver } from './receiver.js';

/**
 * Binds every address and starts to receive: by recvmmsg where the system has it, else by node:dgram.
 * @param receiveBuffer octets wanted
 * @throws WeirError where an address cannot be had; nothing stays open then
 */
export async function openReceiver(
  listen: readonly HostPort[],
  receiveBuffer: number,
  onDatagram: OnDatagram,
): Promise<Receiver> {
  const addresses = await Promise.all(listen.map(resolveHost));
  return mmsgAvailable()
    ? openMmsgReceiver(addresses, receiveBuffer, onDatagram)
    : openDgramReceiver(addresses, receiveBuffer, onDatagram);
}

async function resolveHost({ host, port }: HostPort): Promise<BindAddress> {
  const family = isIP(host);
  if (family !== 0) return { address: host, family: family as 4 | 6, port };
  try {
    const found = await lookup(host);
    return { address: found.address, family: found.family as 4 | 6, port };
  } catch (error) {
    throw new WeirError(
      `listen: "${host}" has no address (${(error as NodeJS.ErrnoException).code}); use an IP address`,
    );
  }
}
