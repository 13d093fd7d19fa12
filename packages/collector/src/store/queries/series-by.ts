import type { Operand } from '@weir/flow';
import type { SeriesBy } from '../../http/types.js';
import type { Store } from '../client.js';
import { type Buckets, bucketsOf, type ChangeRow, changeRows, ratesOf, timesOf } from './changes.js';
import { labelInterfaces } from './interface-labels.js';
import type { Selection } from './selection.js';
import { groupOperand, keySql, sumRows } from './sums.js';
import { outputOf } from './values.js';

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
  const values = await largest(store, selection, operand, top);
  const place = (column: string) => `indexOf([${values.map(({ id }) => `toUInt64(${id})`).join(', ')}], ${column})`;
  const rows = await changeRows(store, selection, buckets, localNetworks, {
    operand,
    sql: parameters => (values.length === 0 ? 'toUInt8(0)' : place(idSql(keySql(operand, parameters)))),
  });
  const named = await labelled(store, selection, operand, values);
  return {
    step: buckets.step / 1000,
    times: timesOf(buckets),
    groups: named.map((group, i) => ({ ...group, ...octetsOf(rows, i + 1, buckets) })),
    others: octetsOf(rows, 0, buckets),
  };
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
async function largest(store: Store, selection: Selection, operand: Operand, top: number): Promise<Value[]> {
  const rows = await sumRows(store, selection, [operand], {
    top,
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

function octetsOf(rows: readonly ChangeRow[], key: number, buckets: Buckets): SeriesBy['others'] {
  const its = rows.filter(({ k }) => Number(k) === key);
  return { inOctets: ratesOf(its, 'inOctets', buckets), outOctets: ratesOf(its, 'outOctets', buckets) };
}
