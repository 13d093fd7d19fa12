import { isIPv4, isIPv6 } from 'node:net';
import { WeirError } from '../error.js';

export type Family = 4 | 6;

/** The prefix of a link and the addresses of its two ends. */
export interface Prefix {
  family: Family;
  text: string;
  /** Bits of the prefix. */
  length: number;
  /** Of the first node of the link, and of the second. */
  hosts: readonly [string, string];
}

/** Reads a link's prefix, which has to end in zeros so that its first two host addresses are plain to see. */
export function parsePrefix(text: string, family: Family): Prefix {
  const [base, bits] = text.split('/');
  const length = Number(bits);
  const last = family === 4 ? 30 : 126;
  const isAddress = family === 4 ? isIPv4(base!) : isIPv6(base!);
  const open = family === 4 ? base?.endsWith('.0') : base?.endsWith('::');
  if (!isAddress || !open || !/^\d+$/.test(bits ?? '') || length > last) {
    const example = family === 4 ? '10.77.1.0/24' : 'fd77:1::/64';
    throw new WeirError(
      `"${text}" is no IPv${family} prefix of a link; write one that ends in zero, such as ${example}`,
    );
  }
  const stem = family === 4 ? base!.slice(0, -1) : base!;
  return { family, text, length, hosts: [`${stem}1`, `${stem}2`] };
}
