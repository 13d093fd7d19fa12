import { type Operand, parseAddress } from '@weir/flow';
import { engineAddress } from '../../flow/engine-address.js';
import type { Parameters } from '../../flow/filter-sql.js';
import type { SeriesBy } from '../../http/types.js';
import type { Store } from '../client.js';
import {
  type Buckets,
  bucketsOf,
  type ChangeRow,
  changeColumns,
  changeRows,
  type Key,
  ratesOf,
  timesOf,
} from './changes.js';
import { labelInterfaces } from './interface-labels.js';
import { rollupOfSeries } from './plan.js';
import type { Selection } from './selection.js';
import { groupOperand, keySql, type Shape, sumRows } from './sums.js';
import { outputOf } from './values.js';

/** Octets per second that may be left by rounding. */
const LEAST = 1e-3;

type Group = Pick<SeriesBy['groups'][number], 'value' | 'name'>;

/**
 * The octets of `series`, told apart by a field: of its values with the most octets of both directions each, and of all others together.
 * @param by IANA name, short name, or PEN:ID.
 * @param top so many values at most.
 * @throws FilterError, WeirError
 */
export async function seriesBy(
  store: Store,
  selection: Selection,
  { by, top, stepSeconds }: { by: string; top: number; stepSeconds: number },
  localNetworks: readonly string[],
): Promise<SeriesBy> {
  const buckets = bucketsOf(selection, stepSeconds);
  const operand = groupOperand(by);
  // Where the rates are an estimate, it may be one whose they are.
  const slow = rollupOfSeries(selection, [operand], buckets.step) === undefined;
  const values = await largest(store, selection, operand, { top, slow });
  const place = (column: string) => `indexOf([${values.map(({ id }) => `toUInt64(${id})`).join(', ')}], ${column})`;
  const key = {
    operands: [operand],
    sql: (parameters: Parameters) => (values.length === 0 ? 'toUInt8(0)' : place(idSql(keySql(operand, parameters)))),
  };
  const rows = await changes(store, { selection, buckets, localNetworks }, key, values);
  const named = await labelled(store, selection, operand, values);
  return {
    step: buckets.step / 1000,
    times: timesOf(buckets),
    groups: named.map((group, i) => ({ ...group, ...octetsOf(rows, i + 1, buckets) })),
    others: withoutRounding(octetsOf(rows, 0, buckets)),
  };
}

interface Asked {
  readonly selection: Selection;
  readonly buckets: Buckets;
  readonly localNetworks: readonly string[];
}

/** Changes by the place of a value, from 1 on, and with 0 of all others. */
async function changes(store: Store, asked: Asked, key: Key, values: readonly Value[]): Promise<readonly ChangeRow[]> {
  const { selection, buckets, localNetworks } = asked;
  const ends = key.operands[0]?.column ?? '';
  const addresses = values.flatMap(({ value }) => parseAddress(String(value)) ?? []);
  const areEnds = ['sourceAddress', 'destinationAddress'].includes(ends) && addresses.length === values.length;
  if (!areEnds || addresses.length === 0 || rollupOfSeries(selection, [], buckets.step) === undefined)
    return await changeRows(store, selection, buckets, localNetworks, key);
  // There are very many addresses: those asked for are found by an index, and what is left of all is the others'.
  const only = (parameters: Parameters) =>
    `${ends} IN (${addresses.map(address => parameters.add(engineAddress(address), 'IPv6')).join(', ')})`;
  const all = await changeRows(store, selection, buckets, localNetworks);
  const its = (await changeRows(store, selection, buckets, localNetworks, { ...key, only })).filter(
    ({ k }) => Number(k) > 0,
  );
  return [...its, ...all.map(row => less(row, its))];
}

/** A row of all without those of some in the same bucket. */
function less(all: ChangeRow, some: readonly ChangeRow[]): ChangeRow {
  const rows = some.filter(({ bucket }) => bucket === all.bucket);
  const sums = changeColumns.map(name => [
    name,
    rows.reduce((sum, row) => sum - BigInt(row[name]), BigInt(all[name])).toString(),
  ]);
  return { ...all, ...(Object.fromEntries(sums) as Record<`s_${string}`, string>) };
}

interface Value {
  readonly value: Group['value'];
  readonly id: string;
}

/** SQL: a number that stands for a value of `keySql`: records are compared with it instead of with values of any type. */
function idSql(key: string): string {
  return `if(isNull(${key}), 0, cityHash64(assumeNotNull(${key})))`;
}

/** The values with the most octets of both directions, those first that have more. */
async function largest(
  store: Store,
  selection: Selection,
  operand: Operand,
  asked: Pick<Shape, 'top' | 'slow'>,
): Promise<Value[]> {
  const rows = await sumRows(store, selection, [operand], {
    ...asked,
    order: 'both',
    also: [`toString(${idSql('k0')}) AS id`],
  });
  return rows.map(({ k0, id }) => ({ value: shownValue(operand, k0), id: String(id) }));
}

function shownValue(operand: Operand, found: string | number | null | undefined): Group['value'] {
  if (found === null || found === undefined) return null;
  const value = outputOf(operand, found);
  return typeof value === 'string' || typeof value === 'number' ? value : JSON.stringify(value);
}

async function labelled(
  store: Store,
  selection: Selection,
  operand: Operand,
  values: readonly Value[],
): Promise<Group[]> {
  const groups = values.map(({ value }): Record<string, unknown> => ({ value }));
  await labelInterfaces(store, selection, [{ name: 'value', operand }], groups);
  return groups.map(({ valueName }, i) => {
    return { value: values[i]!.value, ...(typeof valueName === 'string' && { name: valueName }) };
  });
}

/** Shares are rounded to 2^-20 octets, of all and of some not alike: what is left of that is nothing. */
function withoutRounding({ inOctets, outOctets }: SeriesBy['others']): SeriesBy['others'] {
  const rounded = (rates: readonly number[]) => rates.map(rate => (rate < LEAST ? 0 : rate));
  return { inOctets: rounded(inOctets), outOctets: rounded(outOctets) };
}

function octetsOf(rows: readonly ChangeRow[], key: number, buckets: Buckets): SeriesBy['others'] {
  const its = rows.filter(({ k }) => Number(k) === key);
  return { inOctets: ratesOf(its, 'inOctets', buckets), outOctets: ratesOf(its, 'outOctets', buckets) };
}
