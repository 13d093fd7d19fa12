const ZERO = 0x30;
const NINE = 0x39;
const DOT = 0x2e;

/** Reads an address as written (RFC 4291 section 2.2 for IPv6) into words[0, 4). @returns 4 or 6, 0 where it is no address */
export function parseAddress(text: string, words: Uint32Array): number {
  words.fill(0);
  if (!text.includes(':')) return parseV4(text, words, 0) ? 4 : 0;
  return parseV6(text, words) ? 6 : 0;
}

/** Four decimal numbers. By hand, because tables have a million of them. */
function parseV4(text: string, words: Uint32Array, at: number): boolean {
  let dots = 0;
  let digits = 0;
  let part = 0;
  let value = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === DOT && digits > 0 && dots < 3) {
      value = value * 256 + part;
      dots++;
      digits = part = 0;
    } else {
      if (code < ZERO || code > NINE || digits === 3) return false;
      part = part * 10 + code - ZERO;
      digits++;
      if (part > 255) return false;
    }
  }
  words[at] = value * 256 + part;
  return dots === 3 && digits > 0;
}

function parseV6(text: string, words: Uint32Array): boolean {
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const left = groups(halves[0], halves.length === 1);
  const right = halves.length === 2 ? groups(halves[1], true) : [];
  if (left === undefined || right === undefined) return false;
  const missing = 8 - left.length - right.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return false;
  const all = [...left, ...new Array<number>(missing).fill(0), ...right];
  for (let i = 0; i < 4; i++) words[i] = all[2 * i] * 65_536 + all[2 * i + 1];
  return true;
}

/** The 16-bit groups of one side of "::", undefined where it is malformed. The last two of an address may be an IPv4 one. */
function groups(text: string, mayEndInV4: boolean): number[] | undefined {
  if (text === '') return [];
  const parts = text.split(':');
  const values: number[] = [];
  for (const [i, part] of parts.entries()) {
    if (/^[0-9a-f]{1,4}$/i.test(part)) {
      values.push(Number.parseInt(part, 16));
      continue;
    }
    const dotted = new Uint32Array(1);
    if (!mayEndInV4 || i !== parts.length - 1 || !parseV4(part, dotted, 0)) return undefined;
    values.push(dotted[0] >>> 16, dotted[0] & 0xffff);
  }
  return values;
}
