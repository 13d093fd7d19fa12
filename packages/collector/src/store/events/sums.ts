import { amplifiers } from '../../analysis/detect/amplification.js';
import type { AnswerSums, Interval, PairSums, ServiceSums, TargetSums } from '../../analysis/detect/interval.js';
import { FLOOD_WINDOW, type Thresholds } from '../../analysis/detect/thresholds.js';
import { plainAddress } from '../../flow/engine-address.js';
import { Parameters } from '../../flow/filter-sql.js';
import type { Store } from '../client.js';
import { timeOfBatch } from '../mesh/next-step.js';
import { withinSql } from '../queries/local.js';
import type { Step } from '../rollup/step.js';
import { scaledSmallSql } from '../schema/sampling.js';
import { ofCollectorSql } from '../spool.js';
import { failedSql, firstSql, judgedSql, lateAnswerSql, toManySql } from './failed.js';

/** What is asked of the records of a look. */
export interface SumsAsked extends Step {
  readonly thresholds: Thresholds;
  /** Networks whose hosts may do what they like, and may have done to them what others like. */
  readonly ignored: readonly string[];
}

/** Names of one contact that are told at once. */
const NAMES = 128;
/** Contacts and targets that are told at once, those that fail most. */
const MOST = 500;
/** What is so much smaller than what begins an event would not let it go on either, were it so at every look of a window. */
const WORTH_TELLING = 0.05;

/** Records received earlier are imported, or have waited for long: what is unusual in them is over. */
const RECENT = 600_000;

const NUMBERS: Readonly<Record<number, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'icmp' };
const SERVICE = 'protocol * 65536 + destinationPort';

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
  readonly answered: readonly (string | number)[];
}

async function pairSums(store: Store, asked: SumsAsked): Promise<PairSums[]> {
  const parameters = new Parameters();
  const rows = await store.query<ContactRow & { target: string }>(
    `SELECT toString(sourceAddress) AS source, toString(destinationAddress) AS target,
        groupUniqArrayIf(${NAMES})(service, bad) AS failed, groupUniqArrayIf(${NAMES})(service, NOT bad) AS answered
      FROM (${contactsSql(store, asked, parameters)} AND protocol IN (6, 17))
      GROUP BY sourceAddress, destinationAddress HAVING notEmpty(failed) ORDER BY length(failed) DESC LIMIT ${MOST}`,
    parameters.values,
  );
  return rows.map(({ source, target, failed, answered }) => ({
    ...{ source: plainAddress(source), target: plainAddress(target) },
    ...{ failed: failed.map(serviceName), answered: answered.map(serviceName) },
  }));
}

async function serviceSums(store: Store, asked: SumsAsked): Promise<ServiceSums[]> {
  const parameters = new Parameters();
  const rows = await store.query<ContactRow & { name: number }>(
    `SELECT toString(sourceAddress) AS source, service AS name, arrayMap(a -> toString(a), groupUniqArrayIf(${NAMES})(destinationAddress, bad)) AS failed,
        arrayMap(a -> toString(a), groupUniqArrayIf(${NAMES})(destinationAddress, NOT bad)) AS answered
      FROM (${contactsSql(store, asked, parameters)})
      GROUP BY sourceAddress, service HAVING notEmpty(failed) ORDER BY length(failed) DESC LIMIT ${MOST}`,
    parameters.values,
  );
  return rows.map(({ source, name, failed, answered }) => ({
    ...{ source: plainAddress(source), service: serviceName(name) },
    ...{ failed: addresses(failed), answered: addresses(answered) },
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
  const flowsOf = (protocol: string) => `toFloat64(countIf(first AND failed AND ${protocol}))`;
  const rows = await store.query<TargetSums>(
    `SELECT toString(destinationAddress) AS target, ${flowsOf('protocol = 6')} AS tcp, ${flowsOf('protocol = 17')} AS udp,
        ${flowsOf('protocol IN (1, 58)')} AS icmp, ${flowsOf('protocol NOT IN (1, 6, 17, 58)')} AS other,
        toFloat64(countIf(first AND NOT failed)) AS answered, sumIf(clipped, failed) AS packets,
        toFloat64(uniqIf(sourceAddress, failed)) AS sources, toString(anyIf(sourceAddress, failed)) AS source, toFloat64(uniqIf(destinationPort, failed)) AS ports,
        ifNotFinite((quantileIf(0.9)(begin, first AND failed) - quantileIf(0.1)(begin, first AND failed)) / 0.8, 0) AS spread
      FROM (SELECT destinationAddress, sourceAddress, destinationPort, protocol, ${firstSql} AS first, ${judgedSql} AND ${failedSql} AS failed, ${clippedSql('packets')} AS clipped,
          toUnixTimestamp64Milli(recordBegin) AS begin
        FROM flows WHERE ${recordsOfLook(store, asked)} AND NOT ${toManySql} AND NOT ${withinSql('destinationAddress', asked.ignored, parameters)})
      GROUP BY destinationAddress HAVING countIf(first AND failed) >= ${worth(floodFlows)} OR packets >= ${worth(floodPackets)}
      ORDER BY packets DESC LIMIT ${MOST}`,
    parameters.values,
  );
  return rows.map(row => ({ ...row, target: plainAddress(row.target), source: plainAddress(row.source) }));
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
      GROUP BY host, port HAVING answered >= ${least} ORDER BY answered DESC LIMIT ${MOST}`,
    parameters.values,
  );
  return rows.map(row => ({ ...row, victim: plainAddress(row.victim), server: plainAddress(row.server) }));
}

function addresses(texts: readonly (string | number)[]): string[] {
  return texts.map(text => plainAddress(String(text)));
}

/** `tcp/22`, `udp/53`, `icmp`. */
export function serviceName(number: string | number): string {
  const [protocol, port] = [Math.floor(Number(number) / 65_536), Number(number) % 65_536];
  const name = NUMBERS[protocol] ?? String(protocol);
  return protocol === 6 || protocol === 17 ? `${name}/${port}` : name;
}
