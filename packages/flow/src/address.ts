/** Addresses as 128-bit numbers, IPv4 as ::ffff:a.b.c.d. For filters and people; columns keep octets. */

const MAPPED = 0xffffn << 32n;
const ALL = (1n << 128n) - 1n;

/** From the first to the last address, both included. */
export interface AddressRange {
  readonly low: bigint;
  readonly high: bigint;
}

/** The address that the text says, or undefined where it says none. */
export function parseAddress(text: string): bigint | undefined {
  if (!text.includes(':')) {
    const v4 = parseDotted(text);
    return v4 === undefined ? undefined : MAPPED | v4;
  }
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const head = parseGroups(halves[0]!, halves.length === 1);
  const tail = halves.length === 2 ? parseGroups(halves[1]!, true) : [];
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...Array<bigint>(missing).fill(0n), ...tail];
  return groups.reduce((sum, group) => (sum << 16n) | group, 0n);
}

function parseDotted(text: string): bigint | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (match === null) return undefined;
  const octets = match.slice(1).map(BigInt);
  return octets.some(octet => octet > 255n) ? undefined : octets.reduce((sum, octet) => (sum << 8n) | octet, 0n);
}

/** The 16-bit groups of one side of the `::`; the address's last two may be dotted (RFC 4291 section 2.2). */
function parseGroups(text: string, isEnd: boolean): bigint[] | undefined {
  if (text === '') return [];
  const groups: bigint[] = [];
  const parts = text.split(':');
  for (const [i, part] of parts.entries()) {
    if (isEnd && i === parts.length - 1 && part.includes('.')) {
      const v4 = parseDotted(part);
      if (v4 === undefined) return undefined;
      groups.push(v4 >> 16n, v4 & 0xffffn);
    } else if (/^[0-9a-f]{1,4}$/i.test(part)) {
      groups.push(BigInt(`0x${part}`));
    } else {
      return undefined;
    }
  }
  return groups;
}

/**
 * The addresses of a prefix such as 10.0.0.0/8 or 2001:db8::/32, or of a single address. Bits behind the prefix are
 * ignored. An IPv6 prefix that spans ::ffff:0:0/96 does not take in IPv4 addresses, so it may be two ranges.
 */
export function parseNetwork(text: string): AddressRange[] | undefined {
  const match = /^([^/]+?)(?:\/(\d{1,3}))?$/.exec(text);
  const address = match === null ? undefined : parseAddress(match[1]!);
  if (match === null || address === undefined) return undefined;
  const isV4 = !match[1]!.includes(':');
  const width = isV4 ? 32 : 128;
  const length = match[2] === undefined ? width : Number(match[2]);
  if (length > width) return undefined;
  const hosts = (1n << BigInt(width - length)) - 1n;
  const low = address & (ALL ^ hosts);
  const high = address | hosts;
  const mapped = { low: MAPPED, high: MAPPED | 0xffff_ffffn };
  if (isV4 || low > mapped.low || high < mapped.high || (low === mapped.low && high === mapped.high))
    return [{ low, high }];
  return [
    { low, high: mapped.low - 1n },
    { low: mapped.high + 1n, high },
  ].filter(range => range.low <= range.high);
}

/** The addresses of one family as octets in network order, for comparisons without big numbers. */
export interface OctetRange {
  readonly family: 4 | 6;
  /** 4 or 16 octets each: the first and the last address. */
  readonly low: Uint8Array;
  readonly high: Uint8Array;
  /** Length of the prefix that has exactly these addresses, or undefined where there is none. */
  readonly prefix: number | undefined;
}

/** A range of parseNetwork as octets. */
export function octetRange({ low, high }: AddressRange): OctetRange {
  const isV4 = low >> 32n === 0xffffn && high >> 32n === 0xffffn;
  const width = isV4 ? 32 : 128;
  const free = (low ^ high).toString(2).replace(/^0$/, '').length;
  const mask = (1n << BigInt(free)) - 1n;
  const isPrefix = (low & mask) === 0n && (high & mask) === mask;
  return {
    family: isV4 ? 4 : 6,
    low: octets(low, width),
    high: octets(high, width),
    prefix: isPrefix ? width - free : undefined,
  };
}

function octets(address: bigint, width: number): Uint8Array {
  return Uint8Array.from({ length: width / 8 }, (_, i) => Number((address >> BigInt(width - 8 - 8 * i)) & 0xffn));
}

/** aa:bb:cc:dd:ee:ff of a 48-bit number. */
export function formatMac(mac: bigint): string {
  return (mac.toString(16).padStart(12, '0').match(/../g) ?? []).join(':');
}

/** The 48-bit number of aa:bb:cc:dd:ee:ff or aa-bb-..., or undefined. */
export function parseMac(text: string): bigint | undefined {
  return /^([0-9a-f]{2}([:-])(?:[0-9a-f]{2}\2){4}[0-9a-f]{2})$/i.test(text)
    ? BigInt(`0x${text.replaceAll(/[:-]/g, '')}`)
    : undefined;
}
