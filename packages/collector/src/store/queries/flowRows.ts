import { resolveName } from '@weir/flow';
import { protocolName } from '@weir/ipfix';
import { plainAddress } from '../../flow/engine-address.js';
import { Parameters } from '../../flow/filter-sql.js';
import { presentSql } from '../../flow/present.js';
import type { FlowRow } from '../../http/types.js';
import type { Store } from '../client.js';
import { flowSql } from '../schema/flows.js';
import { counters, flowCountSql } from './counted.js';
import { endsIn, intervalOf, type Selection } from './selection.js';
import { countedSql } from './views.js';

type Value = string | number | null;
type Row = Record<string, Value>;

/** Short name -> the property of FlowRow; the fields that all records of a Flow agree in. */
const agreed: readonly (readonly [name: string, property: keyof FlowRow, kind: 'number' | 'address'])[] = [
  ['srcport', 'sourcePort', 'number'],
  ['dstport', 'destinationPort', 'number'],
  ['natsrc', 'natSource', 'address'],
  ['natdst', 'natDestination', 'address'],
  ['natsrcport', 'natSourcePort', 'number'],
  ['natdstport', 'natDestinationPort', 'number'],
];

/**
 * Flows with their interim reports in the selection summed; flowEndReason is that of the record exported last, whose end may lie
 * before that of an interim report that dated the last packet less exactly. The order: the newest by their end, or the largest by octets of both
 * directions.
 * @throws FilterError, WeirError
 */
export async function flowRows(
  store: Store,
  selection: Selection,
  order: 'newest' | 'largest',
  limit: number,
): Promise<FlowRow[]> {
  const parameters = new Parameters();
  const where = `${endsIn(intervalOf(selection), parameters)} AND ${countedSql(selection, [], parameters)}`;
  const count = parameters.add(limit, 'UInt64');
  const by = order === 'newest' ? 'max(recordEnd)' : `${flowCountSql('octets')} + ${flowCountSql('reverseOctets')}`;
  // First which, then what of them: the wide columns are read for few Flows only, and where these are.
  const chosen = `SELECT ${flowSql} AS id, min(recordEnd) AS first, max(recordEnd) AS last FROM flows WHERE ${where}
    GROUP BY id ORDER BY ${by} DESC, id LIMIT ${count}`;
  const sql = `WITH chosen AS MATERIALIZED (${chosen})
    SELECT toString(${flowSql}) AS id, any(exporter) AS exporterOf, any(observationDomainId) AS domain, count() AS records,
      toUnixTimestamp64Milli(min(if(${has('start')}, flowStart, recordBegin))) AS begins, toUnixTimestamp64Milli(max(recordEnd)) AS ends,
      any(protocol) AS protocolOf, any(sourceAddress) AS source, any(destinationAddress) AS destination,
      anyIf(icmpTypeCode, ${has('icmptypecode')}) AS icmp, countIf(${has('icmptypecode')}) AS hasIcmp,
      argMaxIf(flowEndReason, (exportTime, flowEndReason != 2, recordEnd), ${has('reason')}) AS reason, countIf(${has('reason')}) AS hasReason,
      ${agreed.map(([name, property]) => `anyIf(${resolveName(name)!.column}, ${has(name)}) AS v_${property}, countIf(${has(name)}) AS has_${property}`).join(', ')},
      ${counters.map(name => `${flowCountSql(name)} AS sum_${name}, countIf(${has(name)}) AS has_${name}`).join(', ')}
    FROM flows WHERE ${where} AND recordEnd BETWEEN (SELECT min(first) FROM chosen) AND (SELECT max(last) FROM chosen)
      AND ${flowSql} IN (SELECT id FROM chosen)
    GROUP BY id ORDER BY ${order === 'newest' ? 'ends' : 'sum_octets + sum_reverseOctets'} DESC, id`;
  return (await store.query<Row>(sql, parameters.values)).map(flowRow);
}

function has(name: string): string {
  return presentSql(resolveName(name)!.bits);
}

function flowRow(row: Row): FlowRow {
  const flow: FlowRow = {
    id: String(row.id),
    exporter: plainAddress(String(row.exporterOf)),
    observationDomainId: Number(row.domain),
    start: Number(row.begins),
    end: Number(row.ends),
    protocol: Number(row.protocolOf),
    protocolName: protocolName(Number(row.protocolOf)) ?? String(row.protocolOf),
    source: plainAddress(String(row.source)),
    destination: plainAddress(String(row.destination)),
    records: Number(row.records),
  };
  const optional: Record<string, string | number> = {};
  for (const [, property, kind] of agreed) {
    const value = row[`v_${property}`]!;
    if (Number(row[`has_${property}`]) > 0)
      optional[property] = kind === 'number' ? Number(value) : plainAddress(String(value));
  }
  for (const name of counters) if (Number(row[`has_${name}`]) > 0) optional[name] = Number(row[`sum_${name}`]);
  if (Number(row.hasReason) > 0) optional.flowEndReason = Number(row.reason);
  if (Number(row.hasIcmp) > 0) {
    optional.icmpType = Math.floor(Number(row.icmp) / 256);
    optional.icmpCode = Number(row.icmp) % 256;
  }
  dropSame(optional, flow);
  return Object.assign(flow, optional);
}

/** Addresses and ports after translation say something only where they differ. */
function dropSame(optional: Record<string, string | number>, flow: FlowRow): void {
  const before = [flow.source, flow.destination, optional.sourcePort, optional.destinationPort];
  ['natSource', 'natDestination', 'natSourcePort', 'natDestinationPort'].forEach((name, i) => {
    if (optional[name] === before[i]) delete optional[name];
  });
}
