import { isIPv4 } from 'node:net';

/** The far end of a Transport Session. */
export interface Peer {
  /** Text; an IPv4 address that came through an IPv6 socket is written as IPv4. */
  readonly address: string;
  readonly port: number;
  /** 16 octets in network order; IPv4 as ::ffff:a.b.c.d. */
  readonly octets: Uint8Array;
  /** One text for one exporter port, whatever socket it came through. */
  readonly key: string;
}

/** Makes a Peer of an IPv4 (4 octets) or IPv6 (16 octets) address in network order. */
export function peerOf(address: Uint8Array, port: number): Peer {
  const octets = new Uint8Array(16);
  octets.set(address, 16 - address.length);
  if (address.length === 4) octets.fill(0xff, 10, 12);
  const text = addressText(octets);
  return { address: text, port, octets, key: `${text} ${port}` };
}

/** Makes a Peer of an address in text, as node:dgram gives it. */
export function peerOfText(text: string, port: number): Peer {
  const address = text.replace(/%.*$/, '');
  if (isIPv4(address)) return peerOf(Uint8Array.from(address.split('.'), Number), port);
  return peerOf(ipv6Octets(address), port);
}

function addressText(octets: Uint8Array): string {
  const mapped = octets.subarray(0, 10).every(octet => octet === 0) && octets[10] === 0xff && octets[11] === 0xff;
  if (mapped) return octets.subarray(12).join('.');
  const groups = Array.from({ length: 8 }, (_, i) => (octets[2 * i]! * 256 + octets[2 * i + 1]!).toString(16));
  return compressZeros(groups);
}

/** RFC 5952 section 4.2: the longest run of two or more zero groups becomes "::", the first of equal ones. */
function compressZeros(groups: readonly string[]): string {
  let best = { at: 0, length: 1 };
  for (let at = 0; at < 8; at++) {
    let length = 0;
    while (groups[at + length] === '0') length++;
    if (length > best.length) best = { at, length };
    at += length;
  }
  if (best.length === 1) return groups.join(':');
  return `${groups.slice(0, best.at).join(':')}::${groups.slice(best.at + best.length).join(':')}`;
}

/** The octets of a valid IPv6 address in text; it may end in a dotted quad. */
function ipv6Octets(text: string): Uint8Array {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(text);
  const plain =
    dotted === null ? text : `${dotted[1]}${hexPair(dotted[2]!, dotted[3]!)}:${hexPair(dotted[4]!, dotted[5]!)}`;
  const [head, tail] = plain.split('::').map(part => (part === '' ? [] : part.split(':')));
  const groups = [...head!, ...new Array<string>(8 - head!.length - (tail?.length ?? 0)).fill('0'), ...(tail ?? [])];
  const octets = new Uint8Array(16);
  groups.forEach((group, i) => {
    const value = Number.parseInt(group, 16);
    octets[2 * i] = value >> 8;
    octets[2 * i + 1] = value & 0xff;
  });
  return octets;
}

function hexPair(high: string, low: string): string {
  return (Number(high) * 256 + Number(low)).toString(16);
}
