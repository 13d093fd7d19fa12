import { PROTOCOLS, VALUES } from './generated/elements.js';

const PROTOCOL_IDENTIFIER = 4;
const FLOW_END_REASON = 136;

type ValueNames = ReadonlyMap<number, string>;
let valueNames: Map<number, ValueNames> | undefined;
let protocolNumbers: Map<string, number> | undefined;

/**
 * The registry's name for a value of an element of IANA's, given by its number: valueName(230, 4) is "NAT44 session create".
 * Undefined where the element has no such values, or this value no name.
 */
export function valueName(elementId: number, value: number): string | undefined {
  return elementId === PROTOCOL_IDENTIFIER ? protocolName(value) : namesOf(elementId)?.get(value);
}

/** The value of an element of IANA's that has that name, in any case; undefined where none or several have. */
export function valueNumber(elementId: number, name: string): number | undefined {
  if (elementId === PROTOCOL_IDENTIFIER) return protocolNumber(name);
  const wanted = name.toLowerCase();
  const found = [...(namesOf(elementId) ?? [])].filter(([, each]) => each.toLowerCase() === wanted);
  return found.length === 1 ? found[0]![0] : undefined;
}

/** The registry's words for a value of flowEndReason: "idle timeout"; undefined where it has none. */
export function flowEndReasonName(n: number): string | undefined {
  return valueName(FLOW_END_REASON, n);
}

/** The keyword of an IP protocol number in lower case: "tcp", "ipv6-icmp"; undefined where it has none. */
export function protocolName(n: number): string | undefined {
  return PROTOCOLS[n]?.toLowerCase();
}

/** The IP protocol number of a keyword in any case; undefined where the registry has none. */
export function protocolNumber(name: string): number | undefined {
  protocolNumbers ??= new Map(Object.entries(PROTOCOLS).map(([n, keyword]) => [keyword.toLowerCase(), Number(n)]));
  return protocolNumbers.get(name.toLowerCase());
}

function namesOf(elementId: number): ValueNames | undefined {
  valueNames ??= new Map(VALUES.trim().split('\n').map(unpack));
  return valueNames.get(elementId);
}

function unpack(line: string): [elementId: number, ValueNames] {
  const [elementId, ...pairs] = line.split('|');
  return [
    Number(elementId),
    new Map(pairs.map(pair => [Number.parseInt(pair, 10), pair.slice(pair.indexOf(' ') + 1)])),
  ];
}
