import { parseAddress, parseNetwork, resolveName } from '@weir/flow';
import { engineAddress } from '../../flow/engine-address.js';
import type { Parameters } from '../../flow/filter-sql.js';
import { presentSql } from '../../flow/present.js';
import type { FlowRow } from '../../http/types.js';
import { timeSql } from './selection.js';

/** Two ends of a Flow, as it is seen at some place of its path. */
interface Ends {
  readonly source: string;
  readonly destination: string;
  readonly sourcePort: number;
  readonly destinationPort: number;
}

/** SQL of the four columns of a record that are its ends. */
type EndColumns = readonly [source: string, destination: string, sourcePort: string, destinationPort: string];

const before: EndColumns = ['sourceAddress', 'destinationAddress', 'sourcePort', 'destinationPort'];
/** After translation; what is not told is as before. */
const after = ['natsrc', 'natdst', 'natsrcport', 'natdstport'].map((name, i) => {
  const { column, bits } = resolveName(name)!;
  return `if(${presentSql(bits)}, ${column}, ${before[i]})`;
}) as unknown as EndColumns;
const isTranslated = `(${after.map((column, i) => `${column} != ${before[i]}`).join(' OR ')})`;

/** Addresses that mean another host on another link: unspecified, loopback, link-local, multicast, broadcast. */
const ofLink = [
  ...['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/3'],
  ...['::/128', '::1/128', 'fe80::/10', 'ff00::/8'],
].flatMap(network => parseNetwork(network)!);

/** Milliseconds by which the clocks of two exporters may differ. */
const CLOCKS = 2000;
/** Another exporter's record of the same time may end so much later. */
const LATER = 3_600_000;

/** SQL: whether a record is of the time of the Flow, from `from` on. */
export function sameTimeSql(flow: FlowRow, from: number, parameters: Parameters): string {
  const since = timeSql(Math.max(flow.start - CLOCKS, from), parameters);
  const until = timeSql(flow.end + CLOCKS, parameters);
  return `recordEnd >= ${since} AND recordEnd < ${timeSql(flow.end + LATER, parameters)} AND recordBegin <= ${until}`;
}

export interface SameFlow {
  /** SQL: whether a record is of the Flow, told by whomever and whichever way. */
  readonly is: string;
  /** SQL: whether such a record has the source that the Flow has. */
  readonly isForward: string;
}

/**
 * How to know the Flow in what others tell of it; undefined where its addresses do not tell it from others. Seen before a translation it has other
 * ends than behind it; two that tell of translations have to agree.
 */
export function sameFlow(flow: FlowRow, parameters: Parameters): SameFlow | undefined {
  if (isOfLink(flow.source) || isOfLink(flow.destination)) return undefined;
  const inside = endsOf(flow);
  const outside = endsAfter(flow, inside);
  const protocol = `protocol = ${parameters.add(flow.protocol, 'UInt8')}`;
  const match = (columns: EndColumns, ends: Ends) => matchSql(columns, ends, parameters);
  if (outside === undefined) {
    const forward = `(${match(before, inside)} OR ${match(after, inside)})`;
    return {
      is: `${protocol} AND (${forward} OR ${match(before, turned(inside))} OR ${match(after, turned(inside))})`,
      isForward: forward,
    };
  }
  const way = (turn: (ends: Ends) => Ends) =>
    `(${match(after, turn(outside))} OR ${match(before, turn(outside))} OR (NOT ${isTranslated} AND ${match(before, turn(inside))}))`;
  const forward = way(ends => ends);
  return { is: `${protocol} AND (${forward} OR ${way(turned)})`, isForward: forward };
}

function endsOf({ source, destination, sourcePort = 0, destinationPort = 0 }: FlowRow): Ends {
  return { source, destination, sourcePort, destinationPort };
}

function endsAfter(flow: FlowRow, inside: Ends): Ends | undefined {
  const { natSource, natDestination, natSourcePort, natDestinationPort } = flow;
  if ([natSource, natDestination, natSourcePort, natDestinationPort].every(each => each === undefined))
    return undefined;
  return {
    source: natSource ?? inside.source,
    destination: natDestination ?? inside.destination,
    sourcePort: natSourcePort ?? inside.sourcePort,
    destinationPort: natDestinationPort ?? inside.destinationPort,
  };
}

function turned({ source, destination, sourcePort, destinationPort }: Ends): Ends {
  return { source: destination, destination: source, sourcePort: destinationPort, destinationPort: sourcePort };
}

function matchSql(
  [source, destination, sourcePort, destinationPort]: EndColumns,
  ends: Ends,
  parameters: Parameters,
): string {
  return `(${source} = ${addressSql(ends.source, parameters)} AND ${destination} = ${addressSql(ends.destination, parameters)}
    AND ${sourcePort} = ${parameters.add(ends.sourcePort, 'UInt16')} AND ${destinationPort} = ${parameters.add(ends.destinationPort, 'UInt16')})`;
}

/** SQL of an address as it is printed. */
export function addressSql(address: string, parameters: Parameters): string {
  return parameters.add(engineAddress(parseAddress(address)!), 'IPv6');
}

function isOfLink(address: string): boolean {
  const value = parseAddress(address);
  return value === undefined || ofLink.some(({ low, high }) => value >= low && value <= high);
}
