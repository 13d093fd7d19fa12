import { plainAddress } from '../../flow/engine-address.js';
import { Parameters } from '../../flow/filter-sql.js';
import type { Store } from '../client.js';
import { hasTripSql, tripSql } from '../rollup/answers.js';
import { type Buckets, bucketsOf, changeRows, ratesOf } from './changes.js';
import { firstSql } from './failed.js';
import { labelInterfaces } from './interface-labels.js';
import { answered, type Basis, newerSql } from './sampled.js';
import { endsIn, intervalOf, type Selection } from './selection.js';
import { groupOperand } from './sums.js';
import { countedSql } from './views.js';

/** In the filter language: what comes in or goes out by an interface of an exporter. */
export function interfaceFilter(exporter: string, number: number): string {
  return `exporter = ${exporter} and (in if ${number} or out if ${number})`;
}

/** What an interface of an exporter carried, step by step. */
export interface InterfaceLoad {
  readonly exporter: string;
  readonly interface: number;
  /** As the exporter calls it, where it has told. */
  readonly name?: string;
  /** Bit/s that came in by it and went out by it, whoever began the flows. */
  readonly in: readonly number[];
  readonly out: readonly number[];
  /** Median of the handshakes of flows through it that began in the step, milliseconds; NaN where there were none. */
  readonly roundTrips: readonly number[];
}

const BITS = 8;
/** There are many interfaces, and steps. */
const SOURCES = { rollups: [], finest: true };

/**
 * The loads of all interfaces: each record's counters spread over its own interval.
 * @param selection whole steps
 * @throws FilterError, WeirError
 */
export async function interfaceLoads(
  store: Store,
  selection: Selection,
  stepSeconds: number,
): Promise<InterfaceLoad[]> {
  const buckets = bucketsOf(selection, stepSeconds);
  // What the source sends comes in by the ingress interface and goes out by the egress one; what it is sent, the other way.
  const [interfaces, ingress, egress, trips] = await Promise.all([
    interfacesOf(store, selection),
    ratesBy(store, selection, buckets, 'ingressInterface', 'true'),
    ratesBy(store, selection, buckets, 'egressInterface', 'false'),
    tripsOf(store, selection, buckets),
  ]);
  const none = () => new Array<number>(buckets.count).fill(0);
  return interfaces.map(({ k, ...each }) => ({
    ...each,
    in: sum(ingress.get(k)?.in ?? none(), egress.get(k)?.in ?? none()),
    out: sum(ingress.get(k)?.out ?? none(), egress.get(k)?.out ?? none()),
    roundTrips: trips.get(k) ?? none().fill(Number.NaN),
  }));
}

/** SQL: a number that stands for an interface of an exporter. */
function idSql(column: string): string {
  return `cityHash64(exporter, ${column})`;
}

type Known = Pick<InterfaceLoad, 'exporter' | 'interface' | 'name'> & { readonly k: string };

async function interfacesOf(store: Store, selection: Selection): Promise<Known[]> {
  const rows = await answered(store, selection, SOURCES, async basis => {
    const parameters = new Parameters();
    const columns = `exporter, arrayJoin([ingressInterface, egressInterface]) AS number, ${idSql('number')} AS k`;
    return await store.query<{ exporter: string; number: number; k: string }>(
      `SELECT toString(exporter) AS exporter, number, toString(k) AS k FROM (${recordsSql(basis, columns, whereOf(selection, parameters))})
      WHERE number > 0 GROUP BY exporter, number, k ORDER BY exporter, number`,
      parameters.values,
    );
  });
  const groups = rows.map(({ exporter, number, k }): Record<string, unknown> => {
    return { exporter: plainAddress(exporter), inif: number, k };
  });
  const keys = ['exporter', 'inif'].map(name => ({ name, operand: groupOperand(name) }));
  await labelInterfaces(store, selection, keys, groups);
  return groups.map(({ exporter, inif, inifName, k }) => ({
    ...{ exporter: exporter as string, interface: inif as number, k: k as string },
    ...(typeof inifName === 'string' && { name: inifName }),
  }));
}

async function ratesBy(store: Store, selection: Selection, buckets: Buckets, column: string, towards: string) {
  const rows = await changeRows(store, selection, buckets, [], {
    operands: [undefined],
    sql: () => idSql(column),
    towards,
    ...SOURCES,
  });
  return new Map(
    [...new Set(rows.map(({ k }) => k))].map(interfaceId => {
      const its = rows.filter(({ k }) => k === interfaceId);
      const bits = (name: 'inOctets' | 'outOctets') => ratesOf(its, name, buckets).map(octets => BITS * octets);
      return [interfaceId, { in: bits('inOctets'), out: bits('outOctets') }] as const;
    }),
  );
}

async function tripsOf(store: Store, selection: Selection, { aligned, step, count }: Buckets) {
  const rows = await answered(store, selection, SOURCES, async basis => {
    const parameters = new Parameters();
    const bucket = `intDiv(toUnixTimestamp64Milli(recordBegin) - ${parameters.add(aligned.from, 'Int64')}, ${parameters.add(step, 'Int64')})`;
    const columns = `arrayJoin([ingressInterface, egressInterface]) AS number, ${idSql('number')} AS k, ${bucket} AS bucket, ${tripSql} AS trip`;
    const where = `${whereOf(selection, parameters)} AND ${firstSql} AND ${hasTripSql}`;
    return await store.query<{ k: string; bucket: string; trip: number }>(
      `SELECT toString(k) AS k, bucket, quantileTDigestWeighted(0.5)(trip, times) AS trip FROM (${recordsSql(basis, columns, where)}) GROUP BY k, bucket`,
      parameters.values,
    );
  });
  const trips = new Map<string, number[]>();
  for (const { k, bucket, trip } of rows) {
    if (!trips.has(k)) trips.set(k, new Array<number>(count).fill(Number.NaN));
    if (Number(bucket) >= 0) trips.get(k)![Number(bucket)] = trip / 1000;
  }
  return trips;
}

/** SQL: columns of the records that fit, and `times`: how many a record stands for. */
function recordsSql(basis: Basis, columns: string, where: string): string {
  const from = (table: string, times: string, condition: string) =>
    `SELECT ${columns}, toUInt32(${times}) AS times FROM ${table} WHERE ${where} AND ${condition}`;
  if (basis.sample === undefined) return from('flows', '1', 'true');
  const newer = newerSql(basis);
  const sampled = from(basis.sample.table, 'weight', 'weight > 0');
  return newer === undefined ? sampled : `${sampled} UNION ALL ${from('flows', '1', newer)}`;
}

function whereOf(selection: Selection, parameters: Parameters): string {
  return `${endsIn(intervalOf(selection), parameters)} AND ${countedSql(selection, [undefined], parameters)}`;
}

function sum(a: readonly number[], b: readonly number[]): number[] {
  return a.map((value, i) => value + b[i]!);
}
