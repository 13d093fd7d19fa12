/** Every octet in hex, "00" to "ff": looking texts up is several times faster than making them. */
const HEX = Array.from({ length: 256 }, (_, octet) => octet.toString(16).padStart(2, '0'));

/** Lower-case hex, two digits an octet. */
export function hex(bytes: Uint8Array, at: number, length: number): string {
  let text = '';
  for (let i = at; i < at + length; i++) text += HEX[bytes[i]!];
  return text;
}

/** 00:11:22:aa:bb:cc */
export function macText(bytes: Uint8Array, at: number): string {
  let text = HEX[bytes[at]!]!;
  for (let i = at + 1; i < at + 6; i++) text += `:${HEX[bytes[i]!]}`;
  return text;
}

/** "0." to "255." */
const DOTTED = Array.from({ length: 256 }, (_, octet) => `${octet}.`);
/** "0.0" to "255.255", each made when it is first met: 2 MB when all are there. */
const PAIRS = new Array<string | undefined>(0x10000);

/** 192.0.2.1 */
export function ipv4Text(bytes: Uint8Array, at: number): string {
  const pair = (bytes[at + 2]! << 8) | bytes[at + 3]!;
  const behind = (PAIRS[pair] ??= `${pair >> 8}.${pair & 255}`);
  return DOTTED[bytes[at]!]! + DOTTED[bytes[at + 1]!]! + behind;
}

/** As RFC 5952 section 4 wants it: lower case, the longest run of two or more zero groups as "::". */
export function ipv6Text(bytes: Uint8Array, at: number): string {
  if (isMapped(bytes, at)) return `::ffff:${ipv4Text(bytes, at + 12)}`;
  const groups = Array.from({ length: 8 }, (_, i) => (bytes[at + 2 * i]! << 8) | bytes[at + 2 * i + 1]!);
  const [start, length] = longestZeroRun(groups);
  const text = groups.map(group => group.toString(16));
  if (length < 2) return text.join(':');
  return `${text.slice(0, start).join(':')}::${text.slice(start + length).join(':')}`;
}

/** IPv4-mapped addresses have a mixed notation of their own (RFC 5952 section 5). */
function isMapped(bytes: Uint8Array, at: number): boolean {
  return bytes.subarray(at, at + 12).every((octet, i) => octet === (i < 10 ? 0 : 255));
}

function longestZeroRun(groups: readonly number[]): [start: number, length: number] {
  let best: [number, number] = [0, 0];
  for (let start = 0; start < groups.length; start++) {
    let end = start;
    while (end < groups.length && groups[end] === 0) end++;
    if (end - start > best[1]) best = [start, end - start];
    start = end;
  }
  return best;
}

const REPLACEMENT = '\ufffd';
/** Smallest code point that needs 0, 1, 2, 3 continuation octets: shorter forms of it are not UTF-8. */
const SMALLEST = [0, 0x80, 0x800, 0x10000];

function continuationOctets(lead: number): number {
  if (lead < 0x80) return 0;
  if (lead >= 0xc2 && lead < 0xe0) return 1;
  if (lead >= 0xe0 && lead < 0xf0) return 2;
  return lead >= 0xf0 && lead < 0xf5 ? 3 : -1;
}

/** UTF-8 without the NULs that fill a fixed-length field; an octet that is not UTF-8 becomes U+FFFD. */
export function utf8Text(bytes: Uint8Array, at: number, length: number): string {
  let end = at + length;
  while (end > at && bytes[end - 1] === 0) end--;
  let text = '';
  for (let i = at; i < end; ) {
    const more = continuationOctets(bytes[i]!);
    const point = more < 0 || i + more >= end ? -1 : codePoint(bytes, i, more);
    text += point < 0 ? REPLACEMENT : String.fromCodePoint(point);
    i += point < 0 ? 1 : more + 1;
  }
  return text;
}

function codePoint(bytes: Uint8Array, at: number, more: number): number {
  if (more === 0) return bytes[at]!;
  let point = bytes[at]! & (0x3f >> more);
  for (let i = 1; i <= more; i++) {
    const octet = bytes[at + i]!;
    if ((octet & 0xc0) !== 0x80) return -1;
    point = (point << 6) | (octet & 0x3f);
  }
  const surrogate = point >= 0xd800 && point < 0xe000;
  return point < SMALLEST[more]! || surrogate || point > 0x10ffff ? -1 : point;
}
