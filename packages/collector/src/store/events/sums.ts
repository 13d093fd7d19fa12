import { amplifiers } from '../../analysis/detect/amplification.js';
import type { AnswerSums, Interval, PairSums, ServiceSums, TargetSums } from '../../analysis/detect/interval.js';
import { FLOOD_WINDOW, type Thresholds } from '../../analysis/detect/thresholds.js';
import { plainAddress } from '../../flow/engine-address.js';
import { Parameters } from '../../flow/filter-sql.js';
import type { Store } from '../client.js';
import { failedSql, firstSql, judgedSql, lateAnswerSql, toManySql } from '../queries/failed.js';
import { withinSql } from '../queries/local.js';
import { timeOfBatch } from '../rollup/next-step.js';
import type { Step } from '../rollup/step.js';
import { scaledSmallSql } from '../schema/sampling.js';
import { ofCollectorSql } from '../spool.js';
import { serviceName } from './service-name.js';

/** What is asked of the records of a look. */
export interface SumsAsked extends Step {
  readonly thresholds: Thresholds;
  /** Networks whose hosts may do what they like, and may have done to them what others like. */
  readonly ignored: readonly string[];
}

/** Names of one contact that are told at once. */
const NAMES = 128;
/** Contacts and targets that are told at once, those that fail most. */
const MOST = 200;
/** A look is small: to share it out among threads costs more than it saves, and the others have work of their own. */
const ONE_THREAD = 'SETTINGS max_threads = 1';
/** What is so much smaller than what begins an event would not let it go on either, were it so at every look of a window. */
const WORTH_TELLING = 0.05;

/** Records received earlier are imported, or have waited for long: what is unusual in them is over. */
const RECENT = 600_000;

const SERVICE = 'toInt32(protocol * 65536 + destinationPort)';

/** The sums that the detectors look at, of the records of these batches. */
export async function intervalSums(store: Store, asked: SumsAsked): Promise<Interval> {
  const [pairs, services, targets, answers] = await Promise.all([
    pairSums(store, asked),
    serviceSums(store, asked),
    targetSums(store, asked),
    answerSums(store, asked),
  ]);
  return { begin: timeOfBatch(asked.from), end: timeOfBatch(asked.to), pairs, services, targets, answers };
}

/** SQL: the condition of a look's records, once each however many exporters tell of them. */
export function recordsOfLook(store: Store, { from, to }: Step): string {
  return `batch > ${from} AND batch <= ${to} AND ${ofCollectorSql(store.collector)} AND NOT duplicate AND NOT apart
    AND receivedAt >= fromUnixTimestamp64Milli(${timeOfBatch(to) - RECENT}, 'UTC')`;
}

/** SQL: contacts, that is the flows that began, of sources that are watched. */
function contactsSql(store: Store, asked: SumsAsked, parameters: Parameters): string {
  return `SELECT sourceAddress, destinationAddress, ${SERVICE} AS service, ${failedSql} AS bad FROM flows
    WHERE ${recordsOfLook(store, asked)} AND ${firstSql} AND ${judgedSql} AND protocol IN (1, 6, 17, 58)
      AND NOT ${lateAnswerSql} AND NOT ${toManySql} AND NOT ${withinSql('sourceAddress', asked.ignored, parameters)}`;
}

interface ContactRow {
  readonly source: string;
  readonly failed: readonly (string | number)[];
}

/**
 * Names with whom it had gone well, of the few contacts that something failed with: to gather those of all would cost many times as much.
 * @param keys what contacts are told by, in SQL
 * @param name what is gathered
 * @param contacts the values of their keys, as SQL
 * @returns by the values of their keys, with a blank between
 */
async function answeredNames(
  store: Store,
  asked: SumsAsked,
  { keys, name, contacts }: { keys: readonly [string, string]; name: string; contacts: readonly string[] },
): Promise<ReadonlyMap<string, readonly string[]>> {
  if (contacts.length === 0) return new Map();
  const parameters = new Parameters();
  const rows = await store.query<{ contact: string; answered: string[] }>(
    `SELECT concat(toString(${keys[0]}), ' ', toString(${keys[1]})) AS contact, arrayMap(a -> toString(a), groupUniqArray(${NAMES})(${name})) AS answered
      FROM (${contactsSql(store, asked, parameters)}) WHERE NOT bad AND (${keys}) IN (${contacts.join(', ')}) GROUP BY ${keys} ${ONE_THREAD}`,
    parameters.values,
  );
  return new Map(rows.map(({ contact, answered }) => [contact, answered]));
}

async function pairSums(store: Store, asked: SumsAsked): Promise<PairSums[]> {
  const parameters = new Parameters();
  const rows = await store.query<ContactRow & { target: string }>(
    `SELECT toString(sourceAddress) AS source, toString(destinationAddress) AS target, groupUniqArray(${NAMES})(service) AS failed
      FROM (${contactsSql(store, asked, parameters)} AND protocol IN (6, 17)) WHERE bad
      GROUP BY sourceAddress, destinationAddress ORDER BY length(failed) DESC LIMIT ${MOST} ${ONE_THREAD}`,
    parameters.values,
  );
  const answered = await answeredNames(store, asked, {
    ...{ keys: ['sourceAddress', 'destinationAddress'], name: 'service' },
    // As texts: a function in each place would cost more than all else.
    contacts: rows.map(({ source, target }) => `('${source}', '${target}')`),
  });
  return rows.map(({ source, target, failed }) => ({
    ...{ source: plainAddress(source), target: plainAddress(target) },
    ...{ failed: failed.map(serviceName), answered: (answered.get(`${source} ${target}`) ?? []).map(serviceName) },
  }));
}

async function serviceSums(store: Store, asked: SumsAsked): Promise<ServiceSums[]> {
  const parameters = new Parameters();
  const rows = await store.query<ContactRow & { name: number }>(
    `SELECT toString(sourceAddress) AS source, service AS name, arrayMap(a -> toString(a), groupUniqArray(${NAMES})(destinationAddress)) AS failed
      FROM (${contactsSql(store, asked, parameters)}) WHERE bad
      GROUP BY sourceAddress, service ORDER BY length(failed) DESC LIMIT ${MOST} ${ONE_THREAD}`,
    parameters.values,
  );
  const answered = await answeredNames(store, asked, {
    ...{ keys: ['sourceAddress', 'service'], name: 'destinationAddress' },
    contacts: rows.map(({ source, name }) => `('${source}', ${name})`),
  });
  return rows.map(({ source, name, failed }) => ({
    ...{ source: plainAddress(source), service: serviceName(name) },
    ...{ failed: addresses(failed), answered: addresses(answered.get(`${source} ${name}`) ?? []) },
  }));
}

/** SQL: of a counter only so much as fits into the window of floods, as the record of an hour does not say when in it. */
function clippedSql(counter: string): string {
  return `${scaledSmallSql(counter)} * least(1, ${FLOOD_WINDOW} / greatest(1, toUnixTimestamp64Milli(recordEnd) - toUnixTimestamp64Milli(recordBegin)))`;
}

async function targetSums(store: Store, asked: SumsAsked): Promise<TargetSums[]> {
  const parameters = new Parameters();
  const { floodFlows, floodPackets } = asked.thresholds;
  const worth = (rate: number) => Math.ceil(WORTH_TELLING * rate * (FLOOD_WINDOW / 1000));
  const flowsOf = (protocol: string) => `toFloat64(countIf(first AND ${protocol}))`;
  const records = `${recordsOfLook(store, asked)} AND ${judgedSql}`;
  const rows = await store.query<Omit<TargetSums, 'answered'>>(
    `SELECT toString(destinationAddress) AS target, ${flowsOf('protocol = 6')} AS tcp, ${flowsOf('protocol = 17')} AS udp,
        ${flowsOf('protocol IN (1, 58)')} AS icmp, ${flowsOf('protocol NOT IN (1, 6, 17, 58)')} AS other, sum(clipped) AS packets,
        toFloat64(uniq(sourceAddress)) AS sources, toString(any(sourceAddress)) AS source, toFloat64(uniq(destinationPort)) AS ports,
        ifNotFinite((quantileIf(0.9)(begin, first) - quantileIf(0.1)(begin, first)) / 0.8, 0) AS spread
      FROM (SELECT destinationAddress, sourceAddress, destinationPort, protocol, ${firstSql} AS first, ${clippedSql('packets')} AS clipped,
          toUnixTimestamp64Milli(recordBegin) AS begin
        FROM flows WHERE ${records} AND ${failedSql} AND NOT ${toManySql} AND NOT ${withinSql('destinationAddress', asked.ignored, parameters)})
      GROUP BY destinationAddress HAVING countIf(first) >= ${worth(floodFlows)} OR packets >= ${worth(floodPackets)}
      ORDER BY packets DESC LIMIT ${MOST} ${ONE_THREAD}`,
    parameters.values,
  );
  const answered = await answeredFlows(
    store,
    records,
    rows.map(({ target }) => target),
  );
  return rows.map(row => ({
    ...row,
    ...{ target: plainAddress(row.target), source: plainAddress(row.source), answered: answered.get(row.target) ?? 0 },
  }));
}

/** Flows that began and were answered, by target. */
async function answeredFlows(
  store: Store,
  records: string,
  targets: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (targets.length === 0) return new Map();
  const rows = await store.query<{ target: string; flows: number }>(
    `SELECT toString(destinationAddress) AS target, toFloat64(count()) AS flows FROM flows
      WHERE ${records} AND NOT ${failedSql} AND ${firstSql} AND destinationAddress IN (${targets.map(target => `'${target}'`).join(', ')}) GROUP BY destinationAddress ${ONE_THREAD}`,
  );
  return new Map(rows.map(({ target, flows }) => [target, flows]));
}

async function answerSums(store: Store, asked: SumsAsked): Promise<AnswerSums[]> {
  const parameters = new Parameters();
  const ports = [...amplifiers.keys()].join(', ');
  const least = Math.ceil((WORTH_TELLING * asked.thresholds.amplified * FLOOD_WINDOW) / 8000);
  const rows = await store.query<AnswerSums>(
    `SELECT toString(host) AS victim, port, sum(questions) AS asked, sum(answers) AS answered, toFloat64(uniq(other)) AS servers, toString(any(other)) AS server
      FROM (SELECT destinationPort IN (${ports}) AS forth, if(forth, sourceAddress, destinationAddress) AS host, if(forth, destinationAddress, sourceAddress) AS other,
          if(forth, destinationPort, sourcePort) AS port, if(forth, ${clippedSql('octets')}, ${clippedSql('reverseOctets')}) AS questions,
          if(forth, ${clippedSql('reverseOctets')}, ${clippedSql('octets')}) AS answers
        FROM flows WHERE ${recordsOfLook(store, asked)} AND protocol = 17 AND (destinationPort IN (${ports}) OR sourcePort IN (${ports})) AND NOT ${toManySql})
      WHERE NOT ${withinSql('host', asked.ignored, parameters)}
      GROUP BY host, port HAVING answered >= ${least} ORDER BY answered DESC LIMIT ${MOST} ${ONE_THREAD}`,
    parameters.values,
  );
  return rows.map(row => ({ ...row, victim: plainAddress(row.victim), server: plainAddress(row.server) }));
}

function addresses(texts: readonly (string | number)[]): string[] {
  return texts.map(text => plainAddress(String(text)));
}
