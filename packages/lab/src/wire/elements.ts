import { IANA } from './generated/iana.js';

/** An Information Element: what the bytes of its value mean. */
export interface WireElement {
  readonly name: string;
  /** Abstract data type of RFC 7012 section 3.1 and RFC 6313. */
  readonly type: string;
}

/** RFC 5103 section 6.1: with this Enterprise Number an IANA identifier means the reverse direction. */
export const REVERSE_ENTERPRISE = 29305;

/** Octets of each type of a length of its own (RFC 7011 section 6.1); the others have any. */
const LENGTHS: Readonly<Record<string, number>> = {
  unsigned8: 1,
  unsigned16: 2,
  unsigned32: 4,
  unsigned64: 8,
  unsigned256: 32,
  signed8: 1,
  signed16: 2,
  signed32: 4,
  signed64: 8,
  float32: 4,
  float64: 8,
  boolean: 1,
  macAddress: 6,
  ipv4Address: 4,
  ipv6Address: 16,
  dateTimeSeconds: 4,
  dateTimeMilliseconds: 8,
  dateTimeMicroseconds: 8,
  dateTimeNanoseconds: 8,
};

const byId = new Map<number, WireElement>();
const byName = new Map<string, number>();
for (const line of IANA.trim().split('\n')) {
  const [id, name, type] = line.split(' ');
  byId.set(Number(id), { name: name!, type: type! });
  byName.set(name!, Number(id));
}

/** The element of a Field Specifier; undefined where the registry of the IANA has none. `enterprise` 0 is the IANA. */
export function elementOf(enterprise: number, id: number): WireElement | undefined {
  if (enterprise === 0) return byId.get(id);
  const forward = enterprise === REVERSE_ENTERPRISE ? byId.get(id) : undefined;
  return forward && { name: `reverse${forward.name[0]!.toUpperCase()}${forward.name.slice(1)}`, type: forward.type };
}

/** The number of an IANA element. Throws on names that the registry has not: a mistake of the programmer. */
export function idOf(name: string): number {
  const id = byName.get(name);
  if (id === undefined) throw new Error(`no Information Element "${name}"`);
  return id;
}

/** Octets of a type of a length of its own; undefined of those that have any length. */
export function lengthOf(type: string): number | undefined {
  return LENGTHS[type];
}

/** Whether a value of the type may be sent in so many octets (RFC 7011 section 6.2: reduced-size encoding). */
export function isLegalLength(type: string, length: number): boolean {
  const natural = lengthOf(type);
  if (natural === undefined || length === natural || length === VARIABLE) return true;
  if (type === 'float64') return length === 4;
  return /^(un)?signed/.test(type) && length > 0 && length < natural;
}

/** RFC 7011 section 7: the Field Length of values that tell their own. */
export const VARIABLE = 65535;
