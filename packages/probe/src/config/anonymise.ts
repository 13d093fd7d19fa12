import { WeirError } from '../error.js';

/** What `anonymise` asks for. */
export type AnonymiseRequest =
  | { readonly technique: 'truncate'; readonly ipv4Bits: number; readonly ipv6Bits: number }
  | { readonly technique: 'crypto-pan'; readonly keyFile: string };

/** Parses the value of `anonymise`. @throws WeirError saying what is wrong and what is possible */
export function parseAnonymise(text: string): AnonymiseRequest {
  const keyFile = /^crypto-pan:(.+)$/.exec(text)?.[1];
  if (keyFile !== undefined) return { technique: 'crypto-pan', keyFile };
  const bits = /^truncate:(\d{1,3}),(\d{1,3})$/.exec(text)?.slice(1).map(Number);
  if (bits === undefined) {
    throw new WeirError(`anonymise: "${text}" means nothing: write truncate:24,48 or crypto-pan:KEYFILE`);
  }
  const [ipv4Bits, ipv6Bits] = bits;
  if (ipv4Bits > 32 || ipv6Bits > 128) {
    throw new WeirError(`anonymise: "${text}" keeps more bits than addresses have: IPv4 at most 32, IPv6 at most 128`);
  }
  return { technique: 'truncate', ipv4Bits, ipv6Bits };
}
