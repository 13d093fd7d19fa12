import { isIP, SocketAddress } from 'node:net';

/** An IP address as it is written everywhere: IPv6 short and in small letters, IPv4 in IPv6 as IPv4, no zone. Undefined where it is none. */
export function canonicalAddress(text: string): string | undefined {
  if (!text.includes(':') && !text.includes('.')) return undefined;
  const plain = text.includes('%') ? text.slice(0, text.indexOf('%')) : text;
  const family = isIP(plain);
  if (family === 4) return plain;
  if (family === 0) return undefined;
  const { address } = new SocketAddress({ address: plain, family: 'ipv6' });
  return /^::ffff:\d+\./.test(address) ? address.slice(7) : address;
}

/** A network in CIDR form with the bits behind its length cleared; an address alone is a network of one. */
export function canonicalNetwork(text: string): string | undefined {
  const [head, bits, rest] = text.split('/');
  const address = canonicalAddress(head ?? '');
  if (address === undefined || rest !== undefined) return undefined;
  const most = address.includes(':') ? 128 : 32;
  const mapped = most === 32 && head!.includes(':') ? 96 : 0;
  const length = bits === undefined ? most : /^\d{1,3}$/.test(bits) ? Number(bits) - mapped : -1;
  if (length < 0 || length > most) return undefined;
  return length === most ? `${address}/${most}` : `${cleared(address, most, length)}/${length}`;
}

function cleared(address: string, most: number, length: number): string {
  const width = most === 32 ? 8 : 16;
  const radix = most === 32 ? 10 : 16;
  const groups = most === 32 ? address.split('.') : groupsOf(address);
  const kept = groups.map((group, i) => {
    const bits = Math.min(width, Math.max(0, length - i * width));
    const mask = (2 ** bits - 1) * 2 ** (width - bits);
    return (Number.parseInt(group, radix) & mask).toString(radix);
  });
  return most === 32 ? kept.join('.') : canonicalAddress(kept.join(':'))!;
}

/** The eight groups of a canonical IPv6 address. */
function groupsOf(address: string): string[] {
  // What ends in IPv4 notation is of ::/96: its last two groups.
  const hex = address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...octets) => {
    const [a, b, c, d] = octets.slice(0, 4).map(Number) as [number, number, number, number];
    return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  });
  const [before, after] = hex.split('::');
  const head = before ? before.split(':') : [];
  const tail = after ? after.split(':') : [];
  return [...head, ...Array<string>(after === undefined ? 0 : 8 - head.length - tail.length).fill('0'), ...tail];
}

const MAC = /^[0-9a-f]{2}([:-])(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}$/;

/** A MAC address in small letters with colons; undefined where it is none. */
export function canonicalMac(text: string): string | undefined {
  const small = text.toLowerCase();
  return MAC.test(small) ? small.replaceAll('-', ':') : undefined;
}
