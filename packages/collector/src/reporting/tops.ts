import type { Report } from '../http/types.js';
import type { Store } from '../store/client.js';
import { groups, type Selection } from '../store/queries.js';
import type { Span } from './period.js';

export type Tops = Report['tops'];
type Kind = keyof Tops;
type Row = Tops[Kind][number];

/** Rows of a table: more are no summary. */
const ROWS = 10;

/** Fields by which they are told apart, and the filter of a value. */
const kinds: Readonly<Record<Kind, { readonly by: readonly string[]; filter(row: Row): string }>> = {
  sources: { by: ['src'], filter: ({ value }) => `src host ${value}` },
  destinations: { by: ['dst'], filter: ({ value }) => `dst host ${value}` },
  services: {
    by: ['proto', 'dstport'],
    filter: ({ protocol, value }) =>
      value === null ? `(proto ${protocol} and not dstport >= 0)` : `(proto ${protocol} and dst port ${value})`,
  },
  networks: { by: ['dstas'], filter: ({ value }) => `dst as ${value}` },
  countries: { by: ['dstcountry'], filter: ({ value }) => `dst country ${value}` },
  named: { by: ['srcnetwork'], filter: ({ value }) => `src network "${value}"` },
};

export interface TopsAsked {
  readonly filter: string;
  readonly span: Span;
  readonly before: Span;
  /** Whether hosts have names. */
  readonly hasNames: boolean;
  readonly asNames: ReadonlyMap<number, string>;
}

/** What most traffic was of, each with what it had in the time before. @throws FilterError */
export async function topsOf(store: Store, asked: TopsAsked): Promise<Tops> {
  const tops: Partial<Record<Kind, Row[]>> = {};
  for (const kind of Object.keys(kinds) as Kind[]) tops[kind] = await topOf(store, kind, asked);
  return tops as Tops;
}

async function topOf(store: Store, kind: Kind, asked: TopsAsked): Promise<Row[]> {
  const { by, filter } = kinds[kind];
  const found = await rowsOf(store, { ...asked.span, filter: asked.filter }, by);
  const rows = found.map(row => ({ ...row, ...nameOf(kind, row, asked.asNames) }));
  const told = rows.filter(row => row.value !== null || row.protocol !== undefined);
  if (told.length === 0) return [];
  const theirs = within(asked.filter, told.map(filter).join(' or '));
  const before = new Map((await rowsOf(store, { ...asked.before, filter: theirs }, by)).map(row => [keyOf(row), row]));
  const names = asked.hasNames ? await namesOf(store, kind, { ...asked.span, filter: theirs }) : undefined;
  return rows.map(row => ({
    ...row,
    ...(told.includes(row) && { before: before.get(keyOf(row))?.octets ?? 0 }),
    ...(names?.has(String(row.value)) && { name: names.get(String(row.value))! }),
  }));
}

async function rowsOf(store: Store, selection: Selection, by: readonly string[]): Promise<Row[]> {
  const found = await groups(store, selection, [...by], ROWS, 'both');
  return found.map(group => ({
    value: (group[by.at(-1)!] as Row['value']) || null,
    ...(by.length > 1 && { protocol: Number(group[by[0]!]) }),
    octets: Number(group.octets) + Number(group.reverseOctets),
    flows: Number(group.flows),
  }));
}

function keyOf({ value, protocol }: Row): string {
  return `${protocol} ${value}`;
}

function nameOf(kind: Kind, { value }: Row, asNames: ReadonlyMap<number, string>): Pick<Row, 'name'> {
  const name = kind === 'networks' ? asNames.get(Number(value)) : undefined;
  return name === undefined ? {} : { name };
}

/** What hosts were called last by who has most of their traffic. */
async function namesOf(
  store: Store,
  kind: Kind,
  selection: Selection,
): Promise<ReadonlyMap<string, string> | undefined> {
  if (kind !== 'sources' && kind !== 'destinations') return undefined;
  const [address, name] = kind === 'sources' ? ['src', 'srcname'] : ['dst', 'dstname'];
  const found = await groups(store, selection, [address, name], 4 * ROWS, 'both');
  const named = found.filter(group => typeof group[name] === 'string' && group[name] !== '');
  // The first of a host is the largest.
  return new Map(named.reverse().map(group => [String(group[address]), String(group[name])]));
}

/** What fits both filters. */
export function within(filter: string, more: string): string {
  return filter === '' ? more : `(${filter}) and (${more})`;
}
