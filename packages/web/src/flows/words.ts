import type { FlowRow } from '../api/types.js';

/** flowEndReason of the newest record (IANA registry, RFC 5102 section 5.11.3) in an operator's words. */
const END_REASONS: Record<number, { word: string; meaning: string }> = {
  1: { word: 'idle timeout', meaning: 'No packet came for longer than the idle timeout.' },
  2: { word: 'live', meaning: 'The flow goes on; this is its newest interim report.' },
  3: { word: 'closed', meaning: 'The end of the flow was seen, such as TCP FIN or RST.' },
  4: {
    word: 'forced end',
    meaning: 'Something outside ended it, such as the probe stopping or the table being flushed.',
  },
  5: { word: 'lack of resources', meaning: 'The meter was short of memory and gave the flow up.' },
};

export function endReason(code: number | undefined): { word: string; meaning: string } {
  if (code === undefined) return { word: 'not said', meaning: 'The exporter did not say how the flow ended.' };
  return END_REASONS[code] ?? { word: `reason ${code}`, meaning: 'A reason that the registry did not have.' };
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
const ICMP: Record<string, string> = {
  '1/0': 'echo reply',
  '1/3': 'unreachable',
  '1/8': 'echo',
  '1/11': 'time exceeded',
  '58/1': 'unreachable',
  '58/2': 'packet too big',
  '58/3': 'time exceeded',
  '58/128': 'echo',
  '58/129': 'echo reply',
  '58/135': 'neighbour solicitation',
  '58/136': 'neighbour advertisement',
};

/** What an ICMP flow asks for: "echo", "type 42 code 1"; absent for other protocols. */
export function icmpWord(flow: FlowRow): string | undefined {
  if (flow.icmpType === undefined) return undefined;
  return ICMP[`${flow.protocol}/${flow.icmpType}`] ?? `type ${flow.icmpType} code ${flow.icmpCode ?? 0}`;
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
