import { type Operand, resolveName } from '@weir/flow';
import { Parameters } from '../../flow/filter-sql.js';
import { presentSql } from '../../flow/present.js';
import type { QualityLine, QualitySeries } from '../../http/types.js';
import type { Store } from '../client.js';
import { bucketsOf, timesOf } from './changes.js';
import { firstSql, handshakeSql } from './failed.js';
import { labelInterfaces } from './interface-labels.js';
import { roundTripOf } from './round-trips.js';
import { answered } from './sampled.js';
import { intervalOf, type Selection } from './selection.js';
import { type SummaryRow, summariesSql, tripsOf } from './summary.js';
import { groupOperand, keySql } from './sums.js';
import { outputOf } from './values.js';
import { countedSql } from './views.js';

const RST = 4;
const FIN = 1;
const CLOSE = 8;
/** FIN_WAIT to TIME_WAIT: the connection was closed in order (enum tcp_conntrack). */
const CLOSED_IN_ORDER = (1 << 4) | (1 << 5) | (1 << 6) | (1 << 7);

const tcp = `protocol = 6 AND ${presentSql(resolveName('reversePackets')!.bits)}`;
const opened = `${tcp} AND (NOT (${firstSql}) OR ${handshakeSql} = 0)`;
/** SQL, of a record: TCP that tells of both directions; that the handshake came about; that it was reset instead of closed. */
const flags = {
  tcp,
  opened,
  resets: `${opened} AND (bitAnd(tcpControlBits, ${RST | FIN}) = ${RST} OR
    (bitTest(tcpStateHistory, ${CLOSE}) AND bitAnd(tcpStateHistory, ${CLOSED_IN_ORDER}) = 0))`,
};

type Row = SummaryRow & Record<keyof typeof flags, string> & Record<`k${number}`, string | number | null>;

/**
 * How well Flows went, by the fields named, those with most Flows first: how many were answered, how many TCP connections never opened or were
 * reset, and how long handshakes took.
 * @param by IANA names, short names, or PEN:ID.
 * @throws FilterError, WeirError
 */
export async function qualityBy(
  store: Store,
  selection: Selection,
  by: readonly string[],
  top: number,
): Promise<QualityLine[]> {
  const keys = by.map(name => ({ name, operand: groupOperand(name) }));
  const operands = keys.map(({ operand }) => operand);
  const rows = await summaries(store, selection, operands, parameters => ({
    keys: operands.map(operand => keySql(operand, parameters)),
    end: `ORDER BY flows DESC, ${keys.map((_, i) => `k${i}`).join(', ')} LIMIT ${parameters.add(top, 'UInt64')}`,
  }));
  const lines = rows.map(row => {
    const values = keys.map(({ name, operand }, i) => [
      name,
      row[`k${i}`] === null ? null : outputOf(operand, row[`k${i}`]!),
    ]);
    return { ...Object.fromEntries(values), ...qualityOf(row) };
  });
  await labelInterfaces(store, selection, keys, lines);
  return lines;
}

/**
 * The same over time: of the records that end in each bucket. Nothing is known, and null, where there was nothing.
 * @throws FilterError, WeirError
 */
export async function qualitySeries(store: Store, selection: Selection, stepSeconds: number): Promise<QualitySeries> {
  const buckets = bucketsOf(selection, stepSeconds);
  const { from, to } = intervalOf(selection);
  const [origin, step] = [buckets.aligned.from, buckets.step];
  const rows = await summaries(store, { ...selection, from, to }, [], parameters => ({
    keys: [
      `intDiv(toUnixTimestamp64Milli(recordEnd) - ${parameters.add(origin, 'Int64')}, ${parameters.add(step, 'Int64')})`,
    ],
    end: '',
  }));
  const byBucket = new Map(rows.map(row => [Number(row.k0), qualityOf(row)]));
  const column = (value: (quality: Quality) => number | undefined) =>
    Array.from({ length: buckets.count }, (_, i) => {
      const found = byBucket.get(i);
      return (found && value(found)) ?? null;
    });
  return {
    step: buckets.step / 1000,
    times: timesOf(buckets),
    flows: column(({ flows }) => flows).map(flows => flows ?? 0),
    answered: column(({ answered, unanswered }) => shareOf(answered, answered + unanswered)),
    unopened: column(({ tcp, unopened }) => shareOf(unopened, tcp)),
    resets: column(({ tcp, unopened, resets }) => shareOf(resets, tcp - unopened)),
    p50: column(({ roundTrip }) => roundTrip?.p50),
    p90: column(({ roundTrip }) => roundTrip?.p90),
    p99: column(({ roundTrip }) => roundTrip?.p99),
  };
}

type Quality = ReturnType<typeof qualityOf>;

function qualityOf(row: Row) {
  const { flows, p50, p90, p99 } = roundTripOf(tripsOf(row));
  return {
    ...{ flows: Number(row.flows), answered: Number(row.answered), unanswered: Number(row.unanswered) },
    ...{ tcp: Number(row.tcp), unopened: Number(row.tcp) - Number(row.opened), resets: Number(row.resets) },
    ...(flows > 0 && { roundTrip: { flows, p50, p90, p99 } }),
  };
}

/** SQL of what rows are told apart by, and what comes behind the statement. */
interface Rows {
  readonly keys: readonly string[];
  readonly end: string;
}

/** @param operands what the keys are of */
async function summaries(
  store: Store,
  selection: Selection,
  operands: readonly Operand[],
  rowsOf: (parameters: Parameters) => Rows,
): Promise<Row[]> {
  return await answered(
    store,
    selection,
    { rollups: [] },
    async basis => {
      const parameters = new Parameters();
      const { keys, end } = rowsOf(parameters);
      const pieces = [{ ...intervalOf(selection), rollup: undefined }];
      const filter = countedSql(selection, operands, parameters);
      const sql = summariesSql({ ...basis, pieces, filter, parameters }, { keys, flags });
      return await store.query<Row>(`SELECT * FROM (${sql}) ${end}`, parameters.values);
    },
    { by: operands, counts: true },
  );
}

function shareOf(part: number, whole: number): number | undefined {
  return whole > 0 ? part / whole : undefined;
}
