import { isIPv6 } from 'node:net';

export const AF_INET = 2;
export const AF_INET6 = 10;

/** struct sockaddr_in or sockaddr_in6 of an address as text. */
export function socketAddress(address: string, port: number): Uint8Array {
  const v6 = isIPv6(address);
  const name = new Uint8Array(v6 ? 28 : 16);
  name[0] = v6 ? AF_INET6 : AF_INET;
  name[2] = port >> 8;
  name[3] = port;
  if (v6) name.set(parseIPv6(address), 8);
  else name.set(address.split('.').map(Number), 4);
  return name;
}

/** Octets of an address that node:net calls IPv6 (without zone). */
export function parseIPv6(address: string): Uint8Array {
  const text = address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, a, b, c, d) => {
    return `${((+a << 8) | +b).toString(16)}:${((+c << 8) | +d).toString(16)}`;
  });
  const [head, tail] = text.split('::').map(part => (part === '' ? [] : part.split(':')));
  const groups = tail === undefined ? head : [...head, ...Array(8 - head.length - tail.length).fill('0'), ...tail];
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  groups.forEach((group, i) => {
    view.setUint16(i * 2, Number.parseInt(group, 16));
  });
  return bytes;
}
