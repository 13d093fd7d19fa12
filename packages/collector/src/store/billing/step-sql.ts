import type { Definition } from '../../analysis/billing/account.js';
import { SAMPLE } from '../../analysis/billing/samples.js';
import { Parameters } from '../../flow/filter-sql.js';
import { literal, withLiterals } from '../literals.js';
import { isTotalSql } from '../queries/counted.js';
import { ONE_BLOCK, type Step } from '../rollup/step.js';
import { scaledSql } from '../schema/sampling.js';
import { DESTINATION, NONE, SOURCE, sideSql, WITHIN } from './sides.js';
import { SAMPLES } from './tables.js';

export interface CountedAccount {
  readonly name: string;
  readonly definition: Definition;
}

const DAY = 86_400_000;
/** Times that are farther than this from the reception are of a clock that is wrong, and no record is spread over more. */
const DAYS_BEFORE = 30;
const DAYS_AFTER = 1;
const counters = ['octets', 'reverseOctets'] as const;

/**
 * The statement that adds what the records of a step are to accounts.
 * @param again whether there may have been an earlier attempt: the partitions that have the step are left out.
 * @throws FilterError
 */
export function countStatement(accounts: readonly CountedAccount[], step: Step, again: boolean): string {
  const names = `[${accounts.map(({ name }) => literal(name)).join(', ')}]`;
  const missing = again
    ? `AND toString(toYYYYMM(at)) NOT IN (SELECT DISTINCT _partition_id FROM ${SAMPLES} WHERE batch = ${step.to} AND account IN ${names})`
    : '';
  const sums = [
    `sumIf(o, side = ${DESTINATION}) + sumIf(r, side = ${SOURCE})`,
    `sumIf(o, side = ${SOURCE}) + sumIf(r, side = ${DESTINATION})`,
    `sumIf(o + r, side = ${WITHIN})`,
  ];
  return `INSERT INTO ${SAMPLES} (account, time, ofIn, ofOut, within, batch)
    SELECT ${names}[place + 1] AS name, toDateTime(slot * ${SAMPLE / 1000}, 'UTC') AS at, ${sums.join(', ')}, ${step.to}
    FROM (${piecesSql(accounts, step)}) WHERE true ${missing} GROUP BY name, at ${ONE_BLOCK}`;
}

/** SQL: what the records are to accounts, sample by sample. */
function piecesSql(accounts: readonly CountedAccount[], step: Step): string {
  const records = [singleRecords(accounts, step), grownRecords(accounts, step, 1), grownRecords(accounts, step, -1)];
  const spread = `SELECT place, side, signs, octets, reverseOctets, begins, ends, intDiv(begins, ${SAMPLE}) AS first, intDiv(ends - (ends > begins), ${SAMPLE}) AS last
    FROM (SELECT hit.1 AS place, hit.2 AS side, * FROM (${records.join(' UNION ALL ')}) ARRAY JOIN hits AS hit)`;
  return `SELECT place, side, piece.1 AS slot, piece.2 * signs AS o, piece.3 * signs AS r FROM (SELECT place, side, signs,
      arrayJoin(if(first = last, [(first, toInt128(octets), toInt128(reverseOctets))],
        arrayMap(s -> (s, ${shareSql('octets')}, ${shareSql('reverseOctets')}), range(first, last + 1)))) AS piece FROM (${spread}))`;
}

/**
 * SQL: what sample s has of a counter. What a record has counted by a time is its counter times the part of its interval, rounded down; a sample
 * has the difference of that at its two ends. So samples add up to the counter, whatever is rounded.
 */
function shareSql(counter: string): string {
  const by = (time: string) =>
    `intDiv(toInt128(${counter}) * (least(greatest(${time}, begins), ends) - begins), ends - begins)`;
  return `${by(`(s + 1) * ${SAMPLE}`)} - ${by(`s * ${SAMPLE}`)}`;
}

/** SQL: records that are summed up each by itself. */
function singleRecords(accounts: readonly CountedAccount[], { from, to }: Step): string {
  const values = counters.map(name => `${scaledSql(name)} AS c_${name}`);
  return `SELECT hits, toInt8(1) AS signs, ${counters.map(name => `c_${name} AS ${name}`).join(', ')}, begins, ends FROM
    (SELECT ${hitsSql(accounts)} AS hits, ${values.join(', ')}, ${timesSql('recordBegin')}
    FROM flows WHERE batch > ${from} AND batch <= ${to} AND NOT repeated)`;
}

/**
 * SQL: records of Flows whose totals repeat what earlier records counted, as what each adds to the one before it (see the queries of series). A record
 * that comes late changes what those after it add: so a Flow that is in the step counts as it is known now, less what was known of it before.
 */
function grownRecords(accounts: readonly CountedAccount[], { from, to }: Step, sign: 1 | -1): string {
  const known = sign === 1 ? to : from;
  const grown = counters.map(name => {
    const before = `max(if(${isTotalSql(name)}, ${scaledSql(name)}, 0)) OVER earlier`;
    return `if(${isTotalSql(name)}, ${scaledSql(name)} - least(${scaledSql(name)}, ${before}), ${scaledSql(name)}) AS g_${name}`;
  });
  const ofStep = `SELECT flow FROM flows WHERE repeated AND batch > ${from} AND batch <= ${to}`;
  return `SELECT hits, toInt8(${sign}) AS signs, ${counters.map(name => `g_${name} AS ${name}`).join(', ')}, begins, ends FROM
    (SELECT ${hitsSql(accounts)} AS hits, ${grown.join(', ')},
      ${timesSql('least(recordEnd, greatest(recordBegin, max(recordEnd) OVER earlier))')}
    FROM flows WHERE repeated AND batch <= ${known} AND flow IN (${ofStep})
    WINDOW earlier AS (PARTITION BY flow ORDER BY recordEnd, octets, packets, reverseOctets, reversePackets ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING))`;
}

/** SQL: the columns begins and ends, milliseconds. Where a clock cannot be right, all that was counted is of the reception. */
function timesSql(begins: string): string {
  const isRight = `recordEnd BETWEEN receivedAt - toIntervalDay(${DAYS_BEFORE}) AND receivedAt + toIntervalDay(${DAYS_AFTER})`;
  const milliseconds = (time: string) => `toUnixTimestamp64Milli(${time})`;
  return `greatest(0, ${milliseconds(`if(${isRight}, recordEnd, receivedAt)`)}) AS ends,
      if(${isRight}, greatest(0, ${milliseconds(begins)}, ends - ${DAYS_BEFORE * DAY}), ends) AS begins`;
}

/** SQL: an array of (place of the account, side) of the accounts that a record is of. */
function hitsSql(accounts: readonly CountedAccount[]): string {
  const sides = accounts.map(({ definition }, i) => {
    const parameters = new Parameters();
    return `(toUInt16(${i}), ${withLiterals(sideSql(definition, parameters), parameters.values)})`;
  });
  return `arrayFilter(hit -> hit.2 != ${NONE}, [${sides.join(', ')}])`;
}
