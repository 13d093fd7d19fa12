import type { FlowRow } from '../api/types.js';
import { type Texts, t } from '../i18n/index.js';

/** Keys of the texts for flowEndReason, from its value 1 on. */
const END_REASONS = ['idle', 'live', 'closed', 'forced', 'resources'] as const;

export function endReason(code: number | undefined): { word: string; meaning: string } {
  if (code === undefined) return t.ends.none;
  const reason = END_REASONS[code - 1];
  return reason === undefined ? t.ends.other(code) : t.ends[reason];
}

/** "192.0.2.1:443", "[2001:db8::1]:443", or the address alone. */
export function endpoint(address: string, port?: number): string {
  if (port === undefined) return address;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** Source and destination after network address translation; absent where nothing was translated. */
export function translated(flow: FlowRow): { source?: string; destination?: string } {
  const source = flow.natSource !== undefined || flow.natSourcePort !== undefined;
  const destination = flow.natDestination !== undefined || flow.natDestinationPort !== undefined;
  return {
    ...(source && { source: endpoint(flow.natSource ?? flow.source, flow.natSourcePort ?? flow.sourcePort) }),
    ...(destination && {
      destination: endpoint(flow.natDestination ?? flow.destination, flow.natDestinationPort ?? flow.destinationPort),
    }),
  };
}

/** Types whose names every operator knows (IANA ICMP and ICMPv6 parameters), by protocol number and type. */
const ICMP: Record<string, Exclude<keyof Texts['icmp'], 'other'>> = {
  '1/0': 'echoReply',
  '1/3': 'unreachable',
  '1/8': 'echo',
  '1/11': 'timeExceeded',
  '58/1': 'unreachable',
  '58/2': 'tooBig',
  '58/3': 'timeExceeded',
  '58/128': 'echo',
  '58/129': 'echoReply',
  '58/135': 'solicitation',
  '58/136': 'advertisement',
};

/** What an ICMP flow asks for: "echo", "type 42 code 1"; absent for other protocols. */
export function icmpWord(flow: FlowRow): string | undefined {
  if (flow.icmpType === undefined) return undefined;
  const known = ICMP[`${flow.protocol}/${flow.icmpType}`];
  return known === undefined ? t.icmp.other(flow.icmpType, flow.icmpCode ?? 0) : t.icmp[known];
}

/** Packets came from the source, and none came back. */
export function unanswered(flow: FlowRow): boolean {
  return flow.reversePackets === 0 && (flow.packets ?? 0) > 0;
}

/** A caret under a column (from 1) of a filter, as spaces and a caret for a monospaced line. */
export function caretLine(filter: string, column: number): string {
  const at = Math.min(Math.max(1, column), filter.length + 1);
  return `${' '.repeat(at - 1)}^`;
}

/** A filter for one more condition than before. Kept apart by parentheses, because `or` binds weaker than `and`. */
export function narrowed(filter: string, condition: string): string {
  const before = filter.trim();
  if (before === '') return condition;
  return / or /i.test(before) ? `(${before}) and ${condition}` : `${before} and ${condition}`;
}
