import { Parameters } from '../../flow/filter-sql.js';
import type { FlowRow } from '../../http/types.js';
import type { Store } from '../client.js';
import { flowSql } from '../schema/flows.js';
import { chosenFlows } from './chosen-flows.js';
import { type FlowId, ofFlowSql } from './flow-id.js';
import { flowsChosen } from './flowRows.js';
import { addressSql, sameFlow, sameTimeSql } from './same-flow.js';

const MOST_RELATED = 20;

/** The Flow that others are related to. */
export interface Subject {
  readonly flow: FlowRow;
  readonly id: FlowId;
  /** Nothing that ended before, milliseconds since the epoch. */
  readonly from: number;
}

/** What identifies a connection before translation, as its exporter sees it. */
type Ends = Pick<FlowRow, 'protocol' | 'source' | 'destination' | 'sourcePort' | 'destinationPort'>;

/**
 * The connection that the Flow belongs to and those that belong to it, where its exporter tells of such; else Flows of the same two hosts at the same
 * time.
 */
export async function relatedFlows(store: Store, subject: Subject): Promise<FlowRow[]> {
  const master = await masterOf(store, subject);
  const kin = await relatedWhere(store, subject, parameters => {
    const children = hasMasterSql(subject.flow, parameters);
    const either = master === undefined ? children : `(${children} OR ${endsSql(master, parameters)})`;
    return `${isOwnSql(subject.flow, parameters)} AND ${either}`;
  });
  if (kin.length > 0) return kin;
  return await relatedWhere(store, subject, parameters => sameHostsSql(subject.flow, parameters));
}

async function relatedWhere(
  store: Store,
  { flow, id, from }: Subject,
  condition: (parameters: Parameters) => string,
): Promise<FlowRow[]> {
  const parameters = new Parameters();
  const time = sameTimeSql(flow, from, parameters);
  const where = `${time} AND ${condition(parameters)} AND ${flowSql} != ${parameters.add(id.number, 'UInt64')}`;
  const chosen = await chosenFlows(store, 'newest', { where, parameters, limit: MOST_RELATED });
  return await flowsChosen(store, { chosen, where: time, parameters, columns: [] });
}

/** Flows between the same two hosts, but for this one as others tell of it. */
function sameHostsSql(flow: FlowRow, parameters: Parameters): string {
  const [source, destination] = [addressSql(flow.source, parameters), addressSql(flow.destination, parameters)];
  const hosts = [
    `(sourceAddress = ${source} AND destinationAddress = ${destination})`,
    `(sourceAddress = ${destination} AND destinationAddress = ${source})`,
  ];
  const same = sameFlow(flow, parameters);
  const others = same === undefined ? 'false' : `(${same.is} AND NOT ${isOwnSql(flow, parameters)})`;
  return `(${hosts.join(' OR ')}) AND NOT duplicate AND NOT ${others}`;
}

function isOwnSql({ exporter, observationDomainId }: FlowRow, parameters: Parameters): string {
  return `(exporter = ${addressSql(exporter, parameters)} AND observationDomainId = ${parameters.add(observationDomainId, 'UInt32')})`;
}

function endsSql(ends: Ends, parameters: Parameters): string {
  return `(protocol = ${parameters.add(ends.protocol, 'UInt8')}
    AND sourceAddress = ${addressSql(ends.source, parameters)} AND destinationAddress = ${addressSql(ends.destination, parameters)}
    AND sourcePort = ${parameters.add(ends.sourcePort ?? 0, 'UInt16')} AND destinationPort = ${parameters.add(ends.destinationPort ?? 0, 'UInt16')})`;
}

/** Elements of a record whose connection belongs to another, which conntrack calls its master. */
function masterElements(address: string) {
  const family = address.includes(':') ? 'IPv6' : 'IPv4';
  return {
    protocol: 'masterProtocolIdentifier',
    source: `masterSource${family}Address`,
    destination: `masterDestination${family}Address`,
    sourcePort: 'masterSourceTransportPort',
    destinationPort: 'masterDestinationTransportPort',
  };
}

/** SQL: whether a record's connection belongs to the one with these ends. */
function hasMasterSql(ends: Ends, parameters: Parameters): string {
  const tests = Object.entries(masterElements(ends.source)).map(([end, element]) => {
    const value = parameters.add(String(ends[end as keyof Ends] ?? 0), 'String');
    return `other[${parameters.add(element, 'String')}] = ${value}`;
  });
  return `(${tests.join(' AND ')})`;
}

/** The connection that the Flow belongs to, as its records tell. */
async function masterOf(store: Store, { flow, id, from }: Subject): Promise<Ends | undefined> {
  const parameters = new Parameters();
  const names = masterElements(flow.source);
  const values = Object.entries(names).map(([end, name]) => `other[${parameters.add(name, 'String')}] AS m_${end}`);
  const tells = [names.protocol, names.source, names.destination].map(
    name => `mapContains(other, ${parameters.add(name, 'String')})`,
  );
  const conditions = [sameTimeSql(flow, from, parameters), ofFlowSql(id, parameters), ...tells];
  const [row] = await store.query<Record<string, string>>(
    `SELECT ${values.join(', ')} FROM flows WHERE ${conditions.join(' AND ')} LIMIT 1`,
    parameters.values,
  );
  if (row === undefined) return undefined;
  return {
    protocol: Number(row.m_protocol),
    source: row.m_source!,
    destination: row.m_destination!,
    sourcePort: Number(row.m_sourcePort),
    destinationPort: Number(row.m_destinationPort),
  };
}
