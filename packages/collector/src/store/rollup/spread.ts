import { counted, directed } from './rollups.js';

/** Shares of a record are whole numbers of 2^-20 octet or packet, so that they add up to the record exactly. */
export const FRACTION = 2 ** 20;

/** What happens to a record's counters in a bucket. */
const FIRST = 0;
const LAST = 1;
const STARTS = 2;
const STOPS = 3;

/** SQL of `directed`, from counters and `towards`. */
export const directedSql = (prefix: string): readonly string[] => [
  `if(towards, ${prefix}octets, ${prefix}reverseOctets)`,
  `if(towards, ${prefix}reverseOctets, ${prefix}octets)`,
  `if(towards, ${prefix}packets, ${prefix}reversePackets)`,
  `if(towards, ${prefix}reversePackets, ${prefix}packets)`,
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
 * SQL of records with the buckets `b0` and `b1` of their ends, and the parts of their counters, in 2^-20, that the first bucket and each
 * bucket in between have. In floating point, which is as exact as it need be: what is left is the last bucket's.
 */
export function spansSql({ source, keys, step, origin }: Spreading): string {
  return `SELECT ${[...keys, 'towards', ...counted].join(', ')}, b0, b1,
      if(b0 = b1, 0., ((b0 + 1) * ${step} - begins) / length * ${FRACTION}) AS ofFirst,
      if(b1 > b0 + 1, ${step} / length * ${FRACTION}, 0.) AS ofEach
    FROM (SELECT *, toUnixTimestamp64Milli(recordBegin) - ${origin} AS begins, toUnixTimestamp64Milli(recordEnd) - ${origin} AS ends,
      ends - begins AS length, toInt64(floor(begins / ${step})) AS b0, toInt64(floor((ends - (length > 0)) / ${step})) AS b1
      FROM (${source}))`;
}

/**
 * SQL of the sums over such records: for each counter what they count (w_), and what of that the first bucket (f_) and each in between (r_) has.
 * @param small whether no counter is 2^40 or more.
 */
export function spanSums(small: boolean): readonly string[] {
  const share = small ? (value: string) => `toInt128(toInt64(${value}))` : (value: string) => `toInt128(${value})`;
  return counted.flatMap(name => [
    `sum(toUInt128(${name})) AS w_${name}`,
    `sum(${share(`${name} * ofFirst`)}) AS f_${name}`,
    `sum(${share(`${name} * ofEach`)}) AS r_${name}`,
  ]);
}

/**
 * SQL of the changes that such sums make: rows of keys, `bucket`, `day`, a share of each counter, and a change of its rate, in 2^-20 a
 * bucket. A record has a share of the bucket where it begins and one of that where it ends; in between a rate begins, and ends.
 * @param source SQL of rows of keys, `towards`, `b0`, `b1` and spanSums.
 * @param perDay buckets of a day, where rates end with each day and begin anew in the next, whose number is `day`; bucket 0 begins a day then.
 */
export function changesSql(source: string, keys: readonly string[], perDay: number | undefined): string {
  const [wholes, firsts, eachs] = ['w_', 'f_', 'r_'].map(directedSql) as [string[], string[], string[]];
  const spread = directed.map((name, i) => {
    return `toInt128(${wholes[i]}) * ${FRACTION} AS all_${name}, if(b0 = b1, all_${name}, ${firsts[i]}) AS first_${name}, ${eachs[i]} AS each_${name},
      all_${name} - first_${name} - each_${name} * greatest(b1 - b0 - 1, 0) AS last_${name}`;
  });
  const none = 'toInt128(0)';
  const shares = directed.map(
    name => `multiIf(what = ${FIRST}, first_${name}, what = ${LAST}, last_${name}, ${none}) AS ${name}`,
  );
  const rates = directed.map(
    name => `multiIf(what = ${STARTS}, each_${name}, what = ${STOPS}, -each_${name}, ${none}) AS ${name}Rate`,
  );
  return `SELECT ${[...keys, 'change.1 AS bucket', 'change.2 AS day', 'change.3 AS what', ...shares, ...rates].join(', ')}
    FROM (SELECT ${keys.map(key => `${key}, `).join('')}${spread.join(',\n      ')},
      arrayJoin(${placesSql(perDay)}) AS change
      FROM (${source}))`;
}

/** SQL: an array of (bucket, day, what). */
function placesSql(perDay: number | undefined): string {
  const day = (bucket: string) => (perDay === undefined ? 'toInt64(0)' : `intDiv(${bucket}, ${perDay})`);
  const rate =
    perDay === undefined
      ? `[(b0 + 1, toInt64(0), ${STARTS}), (b1, toInt64(0), ${STOPS})]`
      : `arrayFlatten(arrayMap(d -> [(greatest(b0 + 1, d * ${perDay}), d, ${STARTS}), (least(b1, (d + 1) * ${perDay}), d, ${STOPS})],
        range(${day('b0 + 1')}, ${day('b1 - 1')} + 1)))`;
  return `multiIf(b0 = b1, [(b0, ${day('b0')}, ${FIRST})],
        b1 = b0 + 1, [(b0, ${day('b0')}, ${FIRST}), (b1, ${day('b1')}, ${LAST})],
        arrayConcat([(b0, ${day('b0')}, ${FIRST}), (b1, ${day('b1')}, ${LAST})], ${rate}))`;
}
