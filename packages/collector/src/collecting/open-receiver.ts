import type { HostPort } from '../config/address.js';
import { resolveHost } from './bind-address.js';
import { openDgramReceiver } from './dgram-receiver.js';
import { mmsgAvailable, openMmsgReceiver } from './mmsg-receiver.js';
import type { OnDatagram, Receiver, Sharing } from './receiver.js';

/**
 * Binds every address and starts to receive: by recvmmsg where the system has it, else by node:dgram.
 * @param receiveBuffer octets wanted
 * @param sharing other than "none" only where `mmsgAvailable()`
 * @throws WeirError where an address cannot be had; nothing stays open then
 */
export async function openReceiver(
  listen: readonly HostPort[],
  receiveBuffer: number,
  onDatagram: OnDatagram,
  sharing: Sharing = 'none',
): Promise<Receiver> {
  const addresses = await Promise.all(listen.map(resolveHost));
  return mmsgAvailable()
    ? openMmsgReceiver(addresses, receiveBuffer, onDatagram, sharing)
    : openDgramReceiver(addresses, receiveBuffer, onDatagram);
}
