import { FLOW_END_REASONS, PROTOCOLS } from './generated/elements.js';

let protocolNumbers: Map<string, number> | undefined;

/** The registry's words for a value of flowEndReason: "idle timeout"; undefined where it has none. */
export function flowEndReasonName(n: number): string | undefined {
  return FLOW_END_REASONS[n];
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
