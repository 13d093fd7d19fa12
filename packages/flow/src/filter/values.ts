import { protocolNumber } from '@weir/ipfix';
import { parseAddress, parseMac, parseNetwork } from '../address.js';
import type { Operand, ValueType } from '../operand.js';
import { servicePort } from '../services.js';
import type { Value } from './ast.js';
import { FilterError } from './error.js';
import type { Token } from './lexer.js';

const scales: Readonly<Record<string, number>> = { '': 0, k: 3, m: 6, g: 9, t: 12 };
const durations: Readonly<Record<string, number>> = {
  us: 0.001,
  ms: 1,
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** What to write for a value of a type, for the error that says so. */
export const expected: Readonly<Record<ValueType, string>> = {
  unsigned: 'a whole number such as 443 or 10M',
  signed: 'a whole number such as -5',
  float: 'a number such as 0.5',
  address: 'an address such as 10.0.0.1 or 2001:db8::1, or a prefix such as 10.0.0.0/8',
  mac: 'a MAC address such as 02:00:5e:10:00:01',
  time: 'a time such as 2026-01-31T12:00:00Z',
  boolean: 'true or false',
  octets: 'octets in hexadecimal such as 0a0b',
  text: 'a text such as "eth0"',
  duration: 'a duration such as 10s or 100ms',
};

const parsers: Readonly<Record<ValueType, (text: string) => Value | undefined>> = {
  unsigned: text => whole(parseUnsigned(text)),
  signed: text => whole(/^-\d{1,18}$/.test(text) ? BigInt(text) : parseUnsigned(text.replace(/^\+/, ''))),
  float: text =>
    /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? { kind: 'float', value: Number(text) } : undefined,
  address: text => {
    const ranges = parseNetwork(text);
    return ranges && { kind: 'ranges', ranges };
  },
  mac: text => whole(parseMac(text)),
  time: text => whole(parseTime(text)),
  boolean: text => (/^(true|false)$/i.test(text) ? { kind: 'text', value: text.toLowerCase() } : undefined),
  octets: text =>
    /^(0x)?([0-9a-f]{2})+$/i.test(text) ? { kind: 'text', value: text.replace(/^0x/i, '').toLowerCase() } : undefined,
  text: text => ({ kind: 'text', value: text }),
  duration: parseDuration,
};

const PORT = 'a port such as 443 or https';

/** Values of columns that are written in their own way, beside the way of their type or instead of it. */
const specialValues: Readonly<
  Record<string, { parse: (text: string) => Value | undefined; expected: string; instead?: true } | undefined>
> = {
  protocol: { parse: text => whole(protocolOf(text)), expected: 'a protocol such as tcp or 6' },
  sourcePort: { parse: portOf, expected: PORT },
  destinationPort: { parse: portOf, expected: PORT },
  natSourcePort: { parse: portOf, expected: PORT },
  natDestinationPort: { parse: portOf, expected: PORT },
  sourceAs: { parse: asNumber, expected: 'an AS number such as 64512' },
  destinationAs: { parse: asNumber, expected: 'an AS number such as 64512' },
  sourceCountry: { parse: countryCode, expected: 'the two letters of a country, such as DE', instead: true },
  destinationCountry: { parse: countryCode, expected: 'the two letters of a country, such as DE', instead: true },
};

/** @throws FilterError where the token is no value for the operand. */
export function valueFor(operand: Operand, token: Token): Value {
  const literal = token.kind === 'word' || token.kind === 'text';
  const special = specialValues[operand.column];
  const value = literal
    ? special?.instead === true
      ? special.parse(token.text)
      : (parsers[operand.type](token.text) ?? special?.parse(token.text))
    : undefined;
  if (value !== undefined) return value;
  const wanted = special?.expected ?? expected[operand.type];
  throw new FilterError(`expected ${wanted}, found ${shown(token)}`, token.column);
}

/** @throws FilterError where the token is not one address. */
export function hostFor(token: Token): Value {
  const address = parseAddress(token.text);
  if (address !== undefined) return { kind: 'ranges', ranges: [{ low: address, high: address }] };
  const hint = token.text.includes('/') ? '; a prefix goes with net' : '';
  throw new FilterError(
    `expected an address such as 10.0.0.1 or 2001:db8::1, found ${shown(token)}${hint}`,
    token.column,
  );
}

/** The token as an error shows it. */
export function shown(token: Token): string {
  return token.kind === 'end' ? token.text : `"${token.text}"`;
}

function whole(value: bigint | undefined): Value | undefined {
  return value === undefined ? undefined : { kind: 'whole', value };
}

function protocolOf(name: string): bigint | undefined {
  const number = /^icmpv?6$/i.test(name) ? 58 : protocolNumber(name.toLowerCase());
  return number === undefined ? undefined : BigInt(number);
}

function portOf(name: string): Value | undefined {
  const port = servicePort(name);
  return port === undefined ? undefined : whole(BigInt(port));
}

function asNumber(text: string): Value | undefined {
  return /^as\d{1,10}$/i.test(text) ? whole(BigInt(text.slice(2))) : undefined;
}

function countryCode(text: string): Value | undefined {
  return /^[a-z]{2}$/i.test(text) ? { kind: 'text', value: text.toUpperCase() } : undefined;
}

/** 0 to 2^64-1: decimal, with k, M, G or T (powers of 1000), or 0x and hexadecimal. */
function parseUnsigned(text: string): bigint | undefined {
  if (/^0x[0-9a-f]{1,16}$/i.test(text)) return BigInt(text);
  const match = /^(\d{1,20})(?:\.(\d{1,12}))?([kmgt]?)$/i.exec(text);
  if (match === null) return undefined;
  const scale = scales[match[3]!.toLowerCase()]!;
  const fraction = (match[2] ?? '').replace(/0+$/, '');
  if (fraction.length > scale) return undefined;
  const value = BigInt(match[1]! + fraction.padEnd(scale, '0'));
  return value < 1n << 64n ? value : undefined;
}

function parseTime(text: string): bigint | undefined {
  if (!/^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/i.test(text)) return undefined;
  const time = Date.parse(text.toUpperCase());
  return Number.isNaN(time) ? undefined : BigInt(time);
}

function parseDuration(text: string): Value | undefined {
  const match = /^(\d{1,15}(?:\.\d{1,9})?)(us|ms|s|m|min|h|d)$/i.exec(text);
  return match === null ? undefined : { kind: 'float', value: Number(match[1]) * durations[match[2]!.toLowerCase()]! };
}
