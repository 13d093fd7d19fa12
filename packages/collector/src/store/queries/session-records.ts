import { resolveName } from '@weir/flow';
import { plainAddress } from '../../flow/engine-address.js';
import type { Parameters } from '../../flow/filter-sql.js';
import { presentSql } from '../../flow/present.js';
import type { SessionRecord } from '../../http/types.js';
import type { Store } from '../client.js';
import { scaledSql } from '../schema/sampling.js';
import { isTotalSql } from './counted.js';
import { keySql } from './sums.js';

/** Of the newest records so many are told. */
const MOST_RECORDS = 1000;

/** Elements whose values say what became of the connection. */
const elements = [
  'flowEndReason',
  'tcpControlBits',
  'reverseTcpControlBits',
  'tcpState',
  'tcpStateHistory',
  'responderRoundTripMicroseconds',
  'initiatorRoundTripMicroseconds',
  'biflowDirection',
  'samplingInterval',
] as const;
const counters = ['octets', 'packets', 'reverseOctets', 'reversePackets'] as const;

/** What a record tells of its connection; absent is what the exporter does not tell. */
export type ToldOfConnection = Partial<Record<(typeof elements)[number], number>> & {
  /** Milliseconds since the epoch. */
  readonly end: number;
  readonly flowStart?: number;
};

export interface FlowRecords {
  /** By time; the newest, where there are too many. */
  readonly records: readonly SessionRecord[];
  /** What else the same records tell. */
  readonly told: readonly ToldOfConnection[];
  /** There are earlier ones. */
  readonly more: boolean;
}

type Row = Record<string, string | number | null>;

/** The records of one Flow. @param where SQL of the condition that they fit */
export async function recordsOfFlow(store: Store, where: string, parameters: Parameters): Promise<FlowRecords> {
  const start = resolveName('start')!;
  const sql = `SELECT exporter AS sender, observationDomainId AS domain, duplicate AS repeats,
      ${['recordBegin', 'recordEnd', 'exportTime'].map(name => `toUnixTimestamp64Milli(${name}) AS t_${name}`).join(', ')},
      if(${presentSql(start.bits)}, toUnixTimestamp64Milli(flowStart), NULL) AS t_flowStart,
      ${elements.map(name => `${keySql(resolveName(name)!, parameters)} AS v_${name}`).join(', ')},
      ${counters.map(name => `if(${presentSql(resolveName(name)!.bits)}, ${scaledSql(name)}, NULL) AS c_${name}, ${isTotalSql(name)} AS total_${name}`).join(', ')}
    FROM flows WHERE ${where} ORDER BY recordEnd DESC, exportTime DESC LIMIT ${MOST_RECORDS + 1}`;
  const rows = (await store.query<Row>(sql, parameters.values)).reverse();
  const more = rows.length > MOST_RECORDS;
  const records = rows.map((row, i) => recordOf(row, rows[i - 1]));
  return { records: records.slice(more ? 1 : 0), told: rows.slice(more ? 1 : 0).map(toldOf), more };
}

/** @param before the record before it, whose totals are in its own. */
function recordOf(row: Row, before: Row | undefined): SessionRecord {
  const record: SessionRecord = {
    exporter: plainAddress(String(row.sender)),
    observationDomainId: Number(row.domain),
    begin: Number(row.t_recordBegin),
    end: Number(row.t_recordEnd),
    exportTime: Number(row.t_exportTime),
    duplicate: Number(row.repeats) === 1,
  };
  for (const name of counters) {
    if (row[`c_${name}`] === null) continue;
    const goesOn = Number(row[`total_${name}`]) === 1 && Number(before?.[`total_${name}`] ?? 0) === 1;
    record[name] = Math.max(0, Number(row[`c_${name}`]) - (goesOn ? Number(before![`c_${name}`]) : 0));
    if (goesOn) record.begin = Math.max(record.begin, Number(before!.t_recordEnd));
  }
  for (const name of ['flowEndReason', 'tcpControlBits', 'reverseTcpControlBits'] as const) {
    if (row[`v_${name}`] !== null) record[name] = Number(row[`v_${name}`]);
  }
  return record;
}

function toldOf(row: Row): ToldOfConnection {
  const told: ToldOfConnection = {
    end: Number(row.t_recordEnd),
    ...(row.t_flowStart === null ? {} : { flowStart: Number(row.t_flowStart) }),
  };
  for (const name of elements) if (row[`v_${name}`] !== null) told[name] = Number(row[`v_${name}`]);
  return told;
}
