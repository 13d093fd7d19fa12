/** From text to octets: what text.ts writes. Each function writes to `bytes` at `at`; false where the text is not of that form. */

const DIGIT_0 = 48;
const COLON = 58;
const DOT = 46;

/** The value of a hexadecimal digit, -1 where it is none. */
function hexDigit(code: number): number {
  if (code >= DIGIT_0 && code <= 57) return code - DIGIT_0;
  const lower = code | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}

/** `length` octets in hex, two digits each. */
export function parseHex(text: string, bytes: Uint8Array, at: number, length: number): boolean {
  if (text.length !== 2 * length) return false;
  for (let i = 0; i < length; i++) {
    const high = hexDigit(text.charCodeAt(2 * i));
    const low = hexDigit(text.charCodeAt(2 * i + 1));
    if (high < 0 || low < 0) return false;
    bytes[at + i] = (high << 4) | low;
  }
  return true;
}

/** 00:11:22:aa:bb:cc */
export function parseMac(text: string, bytes: Uint8Array, at: number): boolean {
  if (text.length !== 17) return false;
  for (let i = 0; i < 6; i++) {
    const high = hexDigit(text.charCodeAt(3 * i));
    const low = hexDigit(text.charCodeAt(3 * i + 1));
    if (high < 0 || low < 0 || (i < 5 && text.charCodeAt(3 * i + 2) !== COLON)) return false;
    bytes[at + i] = (high << 4) | low;
  }
  return true;
}

/** 192.0.2.1, from the character `from` on to the end. */
export function parseIPv4(text: string, bytes: Uint8Array, at: number, from = 0): boolean {
  let octet = 0;
  let digits = 0;
  let dots = 0;
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === DOT && digits > 0 && dots < 3) {
      bytes[at + dots++] = octet;
      octet = digits = 0;
      continue;
    }
    const digit = code - DIGIT_0;
    // No leading zeros: some would read them as octal.
    if (!(digit >= 0 && digit <= 9) || (digits > 0 && octet === 0)) return false;
    octet = octet * 10 + digit;
    digits++;
    if (octet > 255) return false;
  }
  bytes[at + 3] = octet;
  return dots === 3 && digits > 0;
}

/** Any form of RFC 4291 section 2.2; no zone. */
export function parseIPv6(text: string, bytes: Uint8Array, at: number): boolean {
  let group = 0;
  /** Group before which "::" stands. */
  let gap = -1;
  let i = 0;
  if (text.startsWith('::')) {
    gap = 0;
    i = 2;
  }
  bytes.fill(0, at, at + 16);
  while (i < text.length) {
    const end = groupEnd(text, i);
    if (text.charCodeAt(end) === DOT) {
      if (group > 6 || !parseIPv4(text, bytes, at + 2 * group, i)) return false;
      group += 2;
      break;
    }
    if (end === i || end - i > 4 || group === 8) return false;
    const value = Number.parseInt(text.slice(i, end), 16);
    bytes[at + 2 * group] = value >> 8;
    bytes[at + 2 * group + 1] = value;
    group++;
    i = end;
    if (i === text.length) break;
    if (text.charCodeAt(i++) !== COLON || i === text.length) return false;
    if (text.charCodeAt(i) === COLON) {
      if (gap >= 0) return false;
      gap = group;
      i++;
    }
  }
  return gap < 0 ? group === 8 : group < 8 && spread(bytes, at, gap, group);
}

function groupEnd(text: string, from: number): number {
  let end = from;
  while (end < text.length && hexDigit(text.charCodeAt(end)) >= 0) end++;
  return end;
}

/** Moves the groups behind "::" to the end of the address. */
function spread(bytes: Uint8Array, at: number, gap: number, groups: number): true {
  const behind = 2 * (groups - gap);
  bytes.copyWithin(at + 16 - behind, at + 2 * gap, at + 2 * groups);
  bytes.fill(0, at + 2 * gap, at + 16 - behind);
  return true;
}

/** Octets of the text in UTF-8; a lone surrogate counts as U+FFFD. */
export function utf8Length(text: string): number {
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x80) length++;
    else if (code < 0x800) length += 2;
    else if (isPair(text, i)) {
      length += 4;
      i++;
    } else length += 3;
  }
  return length;
}

/** Writes the text in UTF-8, for which the caller has made room; the offset behind it. */
export function putUtf8(text: string, bytes: Uint8Array, at: number): number {
  let to = at;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x80) bytes[to++] = code;
    else if (isPair(text, i)) {
      to = putPoint(text.codePointAt(i++)!, 3, bytes, to);
    } else {
      const lone = code >= 0xd800 && code < 0xe000;
      to = putPoint(lone ? 0xfffd : code, code < 0x800 ? 1 : 2, bytes, to);
    }
  }
  return to;
}

function isPair(text: string, i: number): boolean {
  const high = text.charCodeAt(i);
  if (high < 0xd800 || high >= 0xdc00) return false;
  const low = text.charCodeAt(i + 1);
  return low >= 0xdc00 && low < 0xe000;
}

/** A code point of a lead octet and `more` continuation octets. */
function putPoint(point: number, more: number, bytes: Uint8Array, at: number): number {
  bytes[at] = ((0xff00 >> (more + 1)) & 0xff) | (point >> (6 * more));
  for (let i = 1; i <= more; i++) bytes[at + i] = 0x80 | ((point >> (6 * (more - i))) & 0x3f);
  return at + more + 1;
}
