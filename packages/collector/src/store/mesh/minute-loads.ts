import { Parameters } from '../../flow/filter-sql.js';
import type { Store } from '../client.js';
import { bucketsOf } from '../queries/changes.js';
import type { Interval } from '../queries/selection.js';
import { hasLoads, loadRates, rowsIn } from './load-rows.js';
import { ends, links as linkTable } from './tables.js';

export interface MinuteLoadsAsked extends Interval {
  readonly topology: string;
  /** Ids. */
  readonly links: readonly string[];
  readonly nodes: readonly string[];
}

/** Bits per second, minute by minute. */
export interface MinuteLoads {
  /** By the id of a link, from source to target and back; absent where it carried nothing. */
  readonly links: ReadonlyMap<string, { readonly forward: readonly number[]; readonly reverse: readonly number[] }>;
  /** By the id of a node: what comes into the mesh there and what leaves it; absent where that is nothing. */
  readonly nodes: ReadonlyMap<string, { readonly in: readonly number[]; readonly out: readonly number[] }>;
  /** All that was placed on the mesh. */
  readonly placed: readonly number[];
}

const STEP = 60;

/** What links and gateways of a topology had in each minute. @param asked from and to: whole minutes. @throws WeirError */
export async function minuteLoads(store: Store, asked: MinuteLoadsAsked): Promise<MinuteLoads> {
  const buckets = bucketsOf(asked, STEP);
  const none = { links: new Map(), nodes: new Map(), placed: Array<number>(buckets.count).fill(0) };
  if (!(await hasLoads(store))) return none;
  const ratesOf = async (table: typeof ends, column: string, counts: readonly string[], ids?: readonly string[]) => {
    if (ids?.length === 0) return new Map<string, number[][]>();
    const parameters = new Parameters();
    const rows = rowsIn(table, asked.topology, buckets.aligned, parameters);
    const some = ids?.map(id => parameters.add(id, 'String')).join(', ');
    const where = some === undefined ? '' : `WHERE ${column} IN (${some})`;
    return await loadRates(store, { rows, where, key: column, counts, parameters }, buckets);
  };
  const [links, nodes, all] = await Promise.all([
    ratesOf(linkTable, 'link', ['octets', 'reverseOctets'], asked.links),
    ratesOf(ends, 'node', ['enters', 'leaves'], asked.nodes),
    ratesOf(ends, "''", ['sent + enters']),
  ]);
  return {
    links: new Map([...links].map(([id, [forward, reverse]]) => [id, { forward: forward!, reverse: reverse! }])),
    nodes: new Map([...nodes].map(([id, [enters, leaves]]) => [id, { in: enters!, out: leaves! }])),
    placed: all.get('')?.[0] ?? none.placed,
  };
}
