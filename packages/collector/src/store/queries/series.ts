import { parseNetwork } from '@weir/flow';
import { WeirError } from '../../error.js';
import { engineAddress } from '../../flow/engine-address.js';
import { Parameters } from '../../flow/filter-sql.js';
import type { SeriesResponse } from '../../http/types.js';
import type { Store } from '../client.js';
import { filterOf, type Interval, intervalOf, type Selection, timeSql } from './selection.js';

/** Most buckets of one answer. */
const BUCKETS = 20_000;
const names = ['inOctets', 'outOctets', 'inPackets', 'outPackets'] as const;
/** Shares of a record are whole numbers of 2^-20 octet or packet, so that they add up to the record exactly. */
const FRACTION = 2 ** 20;

interface ChangeRow {
  bucket: string;
  inOctets: string;
  outOctets: string;
  inPackets: string;
  outPackets: string;
  inOctetsRate: string;
  outOctetsRate: string;
  inPacketsRate: string;
  outPacketsRate: string;
}

/**
 * Rates over time. Each record's counters are spread evenly over its own interval, so that a report every five seconds or
 * a flow that is reported once at its end make no spikes; a record of no length goes whole into its bucket.
 * @param stepSeconds length of a bucket; buckets begin at multiples of it.
 * @param localNetworks prefixes: "in" is towards them.
 * @throws FilterError, WeirError
 */
export async function series(
  store: Store,
  selection: Selection,
  stepSeconds: number,
  localNetworks: string[],
): Promise<SeriesResponse> {
  const step = Math.round(stepSeconds * 1000);
  const interval = intervalOf(selection);
  if (!(step >= 1000)) throw new WeirError('step must be at least one second');
  const first = Math.floor(interval.from / step);
  const buckets = Math.ceil(interval.to / step) - first;
  if (buckets > BUCKETS) {
    throw new WeirError(`${buckets} buckets are more than ${BUCKETS}; choose a longer step or a shorter interval`);
  }
  const parameters = new Parameters();
  const sql = changesSql(
    { from: first * step, to: (first + buckets) * step },
    step,
    buckets,
    selection,
    localNetworks,
    parameters,
  );
  const rows = await store.query<ChangeRow>(sql, parameters.values);
  return sumUp(rows, first, buckets, step);
}

/**
 * A record adds to at most four places, however long it is: its share of the bucket where it begins, its share of the one
 * where it ends, and a rate that begins behind the first and ends before the last. The rates are summed up by sumUp.
 */
function changesSql(
  aligned: Interval,
  step: number,
  buckets: number,
  selection: Selection,
  localNetworks: string[],
  parameters: Parameters,
): string {
  const from = parameters.add(aligned.from, 'Int64');
  const stepSql = parameters.add(step, 'Int64');
  const towards = `${localSql('destinationAddress', localNetworks, parameters)} AND NOT ${localSql('sourceAddress', localNetworks, parameters)}`;
  const values: [string, string][] = [
    ['inOctets', 'if(towards, octets, reverseOctets)'],
    ['outOctets', 'if(towards, reverseOctets, octets)'],
    ['inPackets', 'if(towards, packets, reversePackets)'],
    ['outPackets', 'if(towards, reversePackets, packets)'],
  ];
  const spread = values.map(
    ([name, value]) => `toInt128(${value}) * ${FRACTION} AS w_${name},
      if(length = 0, w_${name}, intDiv(w_${name} * least(length, (b0 + 1) * ${stepSql} - begins), length)) AS f_${name},
      if(b1 > b0 + 1, intDiv(w_${name} * ${stepSql}, length), toInt128(0)) AS r_${name},
      w_${name} - f_${name} - r_${name} * greatest(b1 - b0 - 1, 0) AS l_${name}`,
  );
  const none = names.map(() => 'toInt128(0)').join(', ');
  const all = (prefix: string) => names.map(name => `${prefix}_${name}`).join(', ');
  const negative = names.map(name => `-r_${name}`).join(', ');
  return `SELECT change.1 AS bucket, ${names.map((name, i) => `sum(change.${i + 2}) AS ${name}, sum(change.${i + 6}) AS ${name}Rate`).join(', ')}
    FROM (
      SELECT ${towards} AS towards,
        toUnixTimestamp64Milli(recordBegin) - ${from} AS begins, toUnixTimestamp64Milli(recordEnd) - ${from} AS ends, ends - begins AS length,
        toInt64(floor(begins / ${stepSql})) AS b0, toInt64(floor((ends - (length > 0)) / ${stepSql})) AS b1,
        ${spread.join(',\n        ')},
        arrayJoin([
          (b0, ${all('f')}, ${none}),
          (b1, ${all('l')}, ${none}),
          (greatest(b0 + 1, 0), ${none}, ${all('r')}),
          (greatest(b1, 0), ${none}, ${negative})
        ]) AS change
      FROM flows
      WHERE recordEnd >= ${timeSql(aligned.from, parameters)} AND recordBegin < ${timeSql(aligned.to, parameters)} AND ${filterOf(selection, parameters)}
    )
    WHERE bucket >= 0 AND bucket < ${parameters.add(buckets, 'Int64')}
    GROUP BY bucket`;
}

function localSql(column: string, localNetworks: readonly string[], parameters: Parameters): string {
  const within = localNetworks.flatMap(network => {
    const ranges = parseNetwork(network);
    if (ranges === undefined)
      throw new WeirError(`${JSON.stringify(network)} is no network; write it as 10.0.0.0/8 or fd00::/8`);
    return ranges.map(
      ({ low, high }) =>
        `${column} BETWEEN ${parameters.add(engineAddress(low), 'IPv6')} AND ${parameters.add(engineAddress(high), 'IPv6')}`,
    );
  });
  return within.length === 0 ? 'false' : `(${within.join(' OR ')})`;
}

function sumUp(rows: readonly ChangeRow[], first: number, buckets: number, step: number): SeriesResponse {
  const times = Array.from({ length: buckets }, (_, i) => (first + i) * step);
  const byBucket = new Map(rows.map(row => [Number(row.bucket), row]));
  const columns = names.map(name => {
    let rate = 0n;
    return times.map((_, i) => {
      const row = byBucket.get(i);
      if (row !== undefined) rate += BigInt(row[`${name}Rate`]);
      const units = rate + BigInt(row?.[name] ?? 0);
      return ((Number(units) / FRACTION) * 1000) / step;
    });
  });
  return {
    step: step / 1000,
    times,
    inOctets: columns[0]!,
    outOctets: columns[1]!,
    inPackets: columns[2]!,
    outPackets: columns[3]!,
  };
}
