import { resolveName } from '@weir/flow';
import { protocolName } from '@weir/ipfix';
import { plainAddress } from '../../flow/engine-address.js';
import { Parameters } from '../../flow/filter-sql.js';
import { presentSql } from '../../flow/present.js';
import type { FlowRow } from '../../http/types.js';
import type { Store } from '../client.js';
import { flowSql } from '../schema/flows.js';
import { type Choice, type ChosenFlow, chosenFlows, type FlowOrder, type FlowPlace } from './chosen-flows.js';
import { counters, flowCountSql } from './counted.js';
import { columnsOf, type FlowColumn, flowColumnSql, labelColumns } from './flow-columns.js';
import { flowIdText } from './flow-id.js';
import { operandsOf } from './plan.js';
import { answered } from './sampled.js';
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

/** What is asked of a list of Flows. */
export interface FlowsAsked {
  readonly order: FlowOrder;
  readonly limit: number;
  /** Only Flows behind this place of an earlier list. */
  readonly after?: FlowPlace | undefined;
  readonly columns?: readonly FlowColumn[];
}

export interface FlowsFound {
  readonly flows: FlowRow[];
  /** The place of the last of them, where there are more. */
  readonly next?: FlowPlace;
}

/**
 * Flows with their interim reports in the selection summed; flowEndReason is that of the record exported last, whose end may lie
 * before that of an interim report that dated the last packet less exactly.
 * @throws FilterError, WeirError
 */
export async function flowRows(store: Store, selection: Selection, asked: FlowsAsked): Promise<FlowsFound> {
  const { order, after } = asked;
  // The newest of all are soon found, and what is behind a place is not looked for in a sample.
  const isSoon = order === 'newest' && operandsOf(selection).length === 0;
  if (isSoon || after !== undefined) return await listed(store, selection, asked);
  return await answered(store, selection, { rollups: [], finest: true }, async basis => {
    if (basis.sample === undefined) return await listed(store, selection, asked);
    const recent = order === 'newest' ? await recentOnes(store, selection, asked) : undefined;
    if (recent !== undefined) return recent;
    const { flows } = await listed(store, selection, asked, { basis });
    // Which Flows these are was estimated, what they are was not.
    selection.estimate?.tell(0);
    if (order === 'newest') return { flows };
    const octets = ({ octets = 0, reverseOctets = 0 }: FlowRow) => octets + reverseOctets;
    return { flows: flows.sort((a, b) => octets(b) - octets(a)) };
  });
}

/** The part of the time in which the newest are looked for first. */
const RECENT = 1 / 64;

/** The newest, where they are all of the last part of the time. */
async function recentOnes(store: Store, selection: Selection, asked: FlowsAsked): Promise<FlowsFound | undefined> {
  const { from, to } = intervalOf(selection);
  const found = await listed(store, selection, asked, { since: to - (to - from) * RECENT });
  return found.next === undefined ? undefined : found;
}

/** How the Flows are to be found. */
type Finding = Pick<Choice, 'basis' | 'since'>;

async function listed(
  store: Store,
  selection: Selection,
  { order, limit, after, columns = [] }: FlowsAsked,
  finding: Finding = {},
): Promise<FlowsFound> {
  const parameters = new Parameters();
  const where = `${endsIn(intervalOf(selection), parameters)} AND ${countedSql(selection, [], parameters)}`;
  const chosen = await chosenFlows(store, order, { where, parameters, limit: limit + 1, after, ...finding });
  const last = chosen.length > limit ? chosen[limit - 1] : undefined;
  const flows = await flowsChosen(store, { chosen: chosen.slice(0, limit), where, parameters, columns });
  await labelColumns(store, columns, flows);
  return last === undefined ? { flows } : { flows, next: { value: last.value, number: last.number } };
}

export interface Described {
  readonly chosen: readonly ChosenFlow[];
  /** SQL of the condition for their records. */
  readonly where: string;
  readonly parameters: Parameters;
  readonly columns: readonly FlowColumn[];
}

/** Flows of one statement: the engine takes 256 KiB of text. */
const AT_ONCE = 2000;

/** The Flows that were chosen, as they are listed, in their order. */
export async function flowsChosen(store: Store, { chosen, where, parameters, columns }: Described): Promise<FlowRow[]> {
  const rows = new Map<string, Row>();
  const further = columns.map((column, i) => `${flowColumnSql(column, parameters)} AS c_${i}`);
  for (let i = 0; i < chosen.length; i += AT_ONCE) {
    const ofChosen = ofChosenSql(chosen.slice(i, i + AT_ONCE), where, parameters);
    const sql = `SELECT ${['toString(number) AS numberOf', ...described, ...further].join(', ')} FROM (${ofChosen}) GROUP BY number`;
    for (const row of await store.query<Row>(sql, parameters.values)) rows.set(String(row.numberOf), row);
  }
  return chosen.flatMap(({ number }) => {
    const row = rows.get(String(number));
    return row === undefined ? [] : [flowRow(row, columns)];
  });
}

/**
 * SQL: the records of these Flows. The wide columns are read where these are: the end of a record that is its Flow's only one leads to its place in the
 * table, and all others have the number of their Flow.
 */
function ofChosenSql(chosen: readonly ChosenFlow[], where: string, parameters: Parameters): string {
  const list = (values: readonly (bigint | number)[], type: string) =>
    `(SELECT to${type}(arrayJoin(splitByChar(',', ${parameters.add(values.join(','), 'String')}))) AS each)`;
  const columns = '*, recordBegin, recordEnd, lone';
  const [lone, others] = [chosen.filter(each => each.lone), chosen.filter(each => !each.lone)];
  const ofOthers = `SELECT ${columns}, flow AS number FROM flows
    WHERE ${where} AND NOT lone AND flow IN ${list(numbersOf(others), 'UInt64')}`;
  if (lone.length === 0) return ofOthers;
  const ends = list([...new Set(lone.map(({ newest }) => newest))], 'Int64');
  const ofLone = `SELECT ${columns}, ${flowSql} AS number FROM flows
    WHERE ${where} AND lone AND recordEnd IN (SELECT fromUnixTimestamp64Milli(each, 'UTC') FROM ${ends})
    AND ${flowSql} IN ${list(numbersOf(lone), 'UInt64')}`;
  return others.length === 0 ? ofLone : `${ofLone} UNION ALL ${ofOthers}`;
}

function numbersOf(chosen: readonly ChosenFlow[]): readonly bigint[] {
  return chosen.map(({ number }) => number);
}

/** SQL of what a row of a Flow has, over its records. */
const described: readonly string[] = [
  'any(exporter) AS exporterOf',
  'any(observationDomainId) AS domain',
  'count() AS records',
  'min(lone) AS isLone',
  `toUnixTimestamp64Milli(min(if(${has('start')}, flowStart, recordBegin))) AS begins`,
  'toUnixTimestamp64Milli(max(recordEnd)) AS ends',
  'any(protocol) AS protocolOf',
  'any(sourceAddress) AS source',
  'any(destinationAddress) AS destination',
  ...['icmptypecode', 'reason'].map(name => `countIf(${has(name)}) AS has_${name}`),
  `anyIf(icmpTypeCode, ${has('icmptypecode')}) AS icmp`,
  `argMaxIf(flowEndReason, (exportTime, flowEndReason != 2, recordEnd), ${has('reason')}) AS reason`,
  ...agreed.flatMap(([name, property]) => [
    `anyIf(${resolveName(name)!.column}, ${has(name)}) AS v_${property}`,
    `countIf(${has(name)}) AS has_${property}`,
  ]),
  ...counters.flatMap(name => [`${flowCountSql(name)} AS sum_${name}`, `countIf(${has(name)}) AS has_${name}`]),
];

function has(name: string): string {
  return presentSql(resolveName(name)!.bits);
}

function flowRow(row: Row, columns: readonly FlowColumn[]): FlowRow {
  const flow: FlowRow = {
    id: flowIdText(String(row.numberOf), Number(row.isLone) === 1 ? Number(row.ends) : undefined),
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
  if (Number(row.has_reason) > 0) optional.flowEndReason = Number(row.reason);
  if (Number(row.has_icmptypecode) > 0) {
    optional.icmpType = Math.floor(Number(row.icmp) / 256);
    optional.icmpCode = Number(row.icmp) % 256;
  }
  dropSame(optional, flow);
  Object.assign(flow, optional);
  if (columns.length > 0)
    flow.columns = columnsOf(
      columns,
      columns.map((_, i) => row[`c_${i}`] ?? null),
    );
  return flow;
}

/** Addresses and ports after translation say something only where they differ. */
function dropSame(optional: Record<string, string | number>, flow: FlowRow): void {
  const before = [flow.source, flow.destination, optional.sourcePort, optional.destinationPort];
  ['natSource', 'natDestination', 'natSourcePort', 'natDestinationPort'].forEach((name, i) => {
    if (optional[name] === before[i]) delete optional[name];
  });
}
