import { DAY, directed } from './rollups.js';

/** Shares of a record are whole numbers of 2^-20 octet or packet, so that they add up to the record exactly. */
export const FRACTION = 2 ** 20;

/** What happens to a record's counters in a bucket. */
const FIRST = 0;
const LAST = 1;
const STARTS = 2;
const STOPS = 3;

/** SQL of `directed`, from a record's counters and `towards`. */
export const directedSql: readonly string[] = [
  'if(towards, octets, reverseOctets)',
  'if(towards, reverseOctets, octets)',
  'if(towards, packets, reversePackets)',
  'if(towards, reversePackets, packets)',
];

export interface Spreading {
  /** SQL of rows with the columns `towards`, `octets` and the other counters, `recordBegin`, `recordEnd`. */
  readonly source: string;
  /** Columns of the source that are handed on. */
  readonly keys: readonly string[];
  /** SQL: length of a bucket, milliseconds. */
  readonly step: string;
  /** SQL: where bucket 0 begins, milliseconds since the epoch. */
  readonly origin: string;
}

/**
 * SQL of the changes that records make: rows of keys, `bucket`, `day`, a share of each counter, and a change of its rate, in 2^-20 a
 * bucket. A record has a share of the bucket where it begins and one of that where it ends; in between a rate begins, and ends.
 * @param daily whether rates end with each day and begin anew in the next, whose number is `day`; bucket 0 begins a day then.
 */
export function changesSql({ source, keys, step, origin }: Spreading, daily: boolean): string {
  const spread = directed.map((name, i) => {
    const whole = `toInt128(${directedSql[i]}) * ${FRACTION}`;
    return `${whole} AS w_${name},
      if(b0 = b1, w_${name}, intDiv(w_${name} * ((b0 + 1) * ${step} - begins), length)) AS f_${name},
      if(b1 > b0 + 1, intDiv(w_${name} * ${step}, length), toInt128(0)) AS r_${name},
      w_${name} - f_${name} - r_${name} * greatest(b1 - b0 - 1, 0) AS l_${name}`;
  });
  const none = 'toInt128(0)';
  const shares = directed.map(
    name => `multiIf(what = ${FIRST}, f_${name}, what = ${LAST}, l_${name}, ${none}) AS ${name}`,
  );
  const rates = directed.map(
    name => `multiIf(what = ${STARTS}, r_${name}, what = ${STOPS}, -r_${name}, ${none}) AS ${name}Rate`,
  );
  return `SELECT ${[...keys, 'change.1 AS bucket', 'change.2 AS day', 'change.3 AS what', ...shares, ...rates].join(', ')}
    FROM (SELECT ${keys.map(key => `${key}, `).join('')}
      toUnixTimestamp64Milli(recordBegin) - ${origin} AS begins, toUnixTimestamp64Milli(recordEnd) - ${origin} AS ends, ends - begins AS length,
      toInt64(floor(begins / ${step})) AS b0, toInt64(floor((ends - (length > 0)) / ${step})) AS b1,
      ${spread.join(',\n      ')},
      arrayJoin(${placesSql(step, daily)}) AS change
      FROM (${source}))`;
}

/** SQL: an array of (bucket, day, what). */
function placesSql(step: string, daily: boolean): string {
  const buckets = `intDiv(${DAY * 1000}, ${step})`;
  const day = (bucket: string) => (daily ? `intDiv(${bucket}, ${buckets})` : 'toInt64(0)');
  const rate = daily
    ? `arrayFlatten(arrayMap(d -> [(greatest(b0 + 1, d * ${buckets}), d, ${STARTS}), (least(b1, (d + 1) * ${buckets}), d, ${STOPS})],
        range(${day('b0 + 1')}, ${day('b1 - 1')} + 1)))`
    : `[(b0 + 1, toInt64(0), ${STARTS}), (b1, toInt64(0), ${STOPS})]`;
  return `multiIf(b0 = b1, [(b0, ${day('b0')}, ${FIRST})],
        b1 = b0 + 1, [(b0, ${day('b0')}, ${FIRST}), (b1, ${day('b1')}, ${LAST})],
        arrayConcat([(b0, ${day('b0')}, ${FIRST}), (b1, ${day('b1')}, ${LAST})], ${rate}))`;
}
