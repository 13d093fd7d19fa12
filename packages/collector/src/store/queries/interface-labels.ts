import type { Operand } from '@weir/flow';
import { plainAddress } from '../../flow/engine-address.js';
import { Parameters } from '../../flow/filter-sql.js';
import type { InterfaceName } from '../../flow/told.js';
import type { Store } from '../client.js';
import { type Selection, whereEnds } from './selection.js';

const numbers: ReadonlySet<string> = new Set(['ingressInterface', 'egressInterface']);
/** Of a number that several exporters have. */
const MOST_NAMES = 4;

type Group = Record<string, unknown>;
type Key = { readonly name: string; readonly operand: Operand };

/**
 * Puts the names of interfaces beside their numbers: that of `inif` is `inifName`. Numbers are each exporter's own: where a group sums up what
 * several call differently, it has all of their names.
 */
export async function labelInterfaces(
  store: Store,
  selection: Selection,
  keys: readonly Key[],
  groups: readonly Group[],
): Promise<void> {
  const labelled = keys.filter(({ operand }) => numbers.has(operand.column));
  if (labelled.length === 0) return;
  const interfaces = await store.interfaces();
  const exporter = keyOf(keys, 'exporter');
  const domain = keyOf(keys, 'observationDomainId');
  const isAmbiguous = new Set(interfaces.map(({ interface: number }) => number)).size < interfaces.length;
  const isTold = exporter !== undefined && domain !== undefined;
  const senders = isAmbiguous && !isTold ? await sendersOf(store, selection) : undefined;
  const named = byNumber(interfaces.filter(each => senders?.has(senderOf(each)) ?? true));
  for (const group of groups) {
    for (const { name } of labelled) {
      const candidates = (named.get(group[name]) ?? []).filter(
        each =>
          (exporter === undefined || group[exporter] === each.exporter) &&
          (domain === undefined || group[domain] === each.observationDomainId),
      );
      const label = labelOf(candidates);
      if (label !== undefined) group[`${name}Name`] = label;
    }
  }
}

function byNumber(interfaces: readonly InterfaceName[]): Map<unknown, InterfaceName[]> {
  const found = new Map<unknown, InterfaceName[]>();
  for (const each of interfaces) found.set(each.interface, [...(found.get(each.interface) ?? []), each]);
  return found;
}

/** The key of the groups that has this column. */
function keyOf(keys: readonly Key[], column: string): string | undefined {
  return keys.find(({ operand }) => operand.column === column)?.name;
}

function labelOf(interfaces: readonly InterfaceName[]): string | undefined {
  const names = [...new Set(interfaces.map(({ name }) => name))].sort();
  if (names.length === 0) return undefined;
  return names.length <= MOST_NAMES ? names.join(', ') : `${names.slice(0, MOST_NAMES).join(', ')}, ...`;
}

/** The exporters and Observation Domains of the selection's records. */
async function sendersOf(store: Store, selection: Selection): Promise<ReadonlySet<string>> {
  const parameters = new Parameters();
  const rows = await store.query<{ exporter: string; observationDomainId: number }>(
    `SELECT DISTINCT exporter, observationDomainId FROM flows WHERE ${whereEnds(selection, parameters)}`,
    parameters.values,
  );
  return new Set(rows.map(row => senderOf({ ...row, exporter: plainAddress(row.exporter) })));
}

function senderOf({ exporter, observationDomainId }: Pick<InterfaceName, 'exporter' | 'observationDomainId'>): string {
  return `${exporter} ${observationDomainId}`;
}
