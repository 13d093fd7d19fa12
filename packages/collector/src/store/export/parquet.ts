import { Parameters } from '../../flow/filter-sql.js';
import { presentSql } from '../../flow/present.js';
import type { Store } from '../client.js';
import { presentElements, type StoredElement } from '../queries/records.js';
import { type Selection, whereEnds } from '../queries/selection.js';

/**
 * The selection's Flow Records as the octets of a Parquet file, made by the engine: a column for each element that any of them has,
 * by its IANA name and null where a record has none; the elements without a column of the store are in the map `other`.
 * Addresses and MACs are text, times are in UTC.
 * @throws FilterError, WeirError
 */
export async function* parquetFile(store: Store, selection: Selection, limit?: number): AsyncGenerator<Uint8Array> {
  const parameters = new Parameters();
  const where = whereEnds(selection, parameters);
  const elements = await presentElements(store, where, parameters);
  const origins = ['observationDomainId', 'templateId', 'exportTime', 'receivedAt'];
  // Inside under other names: a name of an element may be that of a column, which the condition means.
  const columns = [
    ['exporter', addressSql('exporter')],
    ...origins.map(column => [column, column]),
    ...elements.map(element => [element.name, columnSql(element)]),
    ['other', "CAST(other, 'Map(String, String)')"],
  ];
  const inner = columns.map(([, value], i) => `${value} AS v${i}`).join(', ');
  const outer = columns.map(([name], i) => `v${i} AS ${name}`).join(', ');
  const limited = limit === undefined ? '' : `LIMIT ${parameters.add(limit, 'UInt64')}`;
  const sql = `SELECT ${outer} FROM (SELECT ${inner} FROM flows WHERE ${where} ORDER BY recordEnd ${limited})`;
  yield* store.download(sql, parameters.values, 'Parquet');
}

function columnSql({ bit, field: { column, kind } }: StoredElement): string {
  const value = kind === 'address' ? addressSql(column) : kind === 'mac' ? macSql(column) : column;
  return `if(${presentSql([bit])}, ${value}, NULL)`;
}

/** ::ffff:10.0.0.1 is 10.0.0.1. */
function addressSql(column: string): string {
  return `replaceRegexpOne(toString(${column}), '^::ffff:(\\\\d+\\\\.)', '\\\\1')`;
}

function macSql(column: string): string {
  return `lower(MACNumToString(${column}))`;
}
