import { BlockList, isIP } from 'node:net';
import { WeirError } from '../error.js';

/** Where to listen, or where a peer is. */
export interface HostPort {
  /** Name or address, IPv6 without brackets. */
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
}

const authority = /^(?:\[([0-9A-Fa-f:.%]+)\]|([^\s:/[\]@?#]+))(?::(\d{1,5}))?$/;

/**
 * Reads HOST:PORT, [ADDRESS]:PORT, or HOST where there is a default port.
 * @throws WeirError that names the option `key`
 */
export function parseHostPort(text: string, key: string, defaultPort?: number): HostPort {
  const match = authority.exec(text);
  const port = match?.[3] === undefined ? defaultPort : Number(match[3]);
  if (match === null || port === undefined || port > 65_535 || (match[1] !== undefined && isIP(match[1]) !== 6)) {
    const form = defaultPort === undefined ? 'HOST:PORT' : 'HOST[:PORT]';
    throw new WeirError(`${key}: "${text}" is no address: write ${form}, an IPv6 address in brackets`);
  }
  return { host: (match[1] ?? match[2])!, port };
}

/** HOST:PORT, brackets around an IPv6 address. */
export function formatHostPort(at: HostPort): string {
  return at.host.includes(':') ? `[${at.host}]:${at.port}` : `${at.host}:${at.port}`;
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Whether only this machine reaches a server bound to `host`. A name other than localhost counts as beyond loopback. */
export function isLoopback(host: string): boolean {
  const family = isIP(host);
  if (family === 0) return /^(?:[a-z0-9-]+\.)*localhost\.?$/i.test(host);
  return loopback.check(host, family === 6 ? 'ipv6' : 'ipv4');
}

/**
 * Checks one network in CIDR form.
 * @throws WeirError that names the option `key`
 */
export function checkNetwork(text: string, key: string): string {
  const [address, length, rest] = text.split('/');
  const family = isIP(address ?? '');
  const bits = length !== undefined && /^\d{1,3}$/.test(length) ? Number(length) : -1;
  if (rest !== undefined || family === 0 || bits < 0 || bits > (family === 4 ? 32 : 128)) {
    throw new WeirError(`${key}: "${text}" is no network: write ADDRESS/LENGTH, for example 192.0.2.0/24`);
  }
  return text;
}
