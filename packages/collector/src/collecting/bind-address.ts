import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { formatHostPort, type HostPort } from '../config/address.js';
import { WeirError } from '../error.js';

/** An address to bind, no longer a name. */
export interface BindAddress {
  readonly address: string;
  readonly family: 4 | 6;
  readonly port: number;
}

/** The first address of a host's name. @throws WeirError where it has none */
export async function resolveHost({ host, port }: HostPort): Promise<BindAddress> {
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

const advice: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there; stop it or choose another port with --listen',
  EACCES: 'ports below 1024 need root; choose another port with --listen',
  EADDRNOTAVAIL: 'this machine has no such address; choose another with --listen',
  EPROTONOSUPPORT:
    'this kernel has no SCTP; load its module ("modprobe sctp"), or listen on tcp:// where it is built without one (CONFIG_IP_SCTP)',
  EAFNOSUPPORT: 'this machine has no IPv6; choose an IPv4 address with --listen',
};

/** The error for people where an address cannot be bound. */
export function bindError(scheme: string, { address, port }: BindAddress, code: string): WeirError {
  const at = formatHostPort({ host: address, port });
  return new WeirError(
    `cannot listen on ${scheme}://${at}: ${code}: ${advice[code] ?? 'choose another address with --listen'}`,
  );
}
