import type { Mesh, MeshLink, MeshNode } from '../../mesh/mesh.js';
import type { StoreDoor } from '../door.js';
import { rowsOf } from '../rows.js';
import { keyOf, linkOf, type Moving, meshOf, moving, nodeOf, type Thing, type Things } from './things.js';

/** A state of a topology. */
export interface StateThen {
  readonly mesh: Mesh;
  /** When it came to be, in milliseconds since the epoch. */
  readonly at: number;
}

/** What became different at one time. */
export interface MeshChange {
  readonly at: number;
  /** As they are from then on. */
  readonly nodes: readonly MeshNode[];
  readonly links: readonly MeshLink[];
  readonly goneNodes: readonly string[];
  readonly goneLinks: readonly string[];
}

export interface ChangesAsked {
  readonly topology: string;
  /** Milliseconds since the epoch; what came to be behind it. */
  readonly from: number;
  /** Up to and with it. */
  readonly to: number;
  /** Seconds; changes within a step are told at its end. */
  readonly step: number;
}

export interface Changes {
  readonly changes: readonly MeshChange[];
  /** There are more behind the last. */
  readonly more: boolean;
}

/** Numbers of 64 bits are text. */
interface ChangeRow extends Omit<Thing, keyof Moving>, Readonly<Record<keyof Moving, number | string>> {
  readonly moment: number;
  readonly isGone: number;
}

/** SQL: what is known of a thing by the last of its rows. */
const lastKnown = [
  'argMax(h.gone, h.at) AS isGone',
  ...moving.map(name => `argMax(h.${name}, h.at) AS ${name}`),
  ...['told', 'details'].map(name => `argMaxIf(h.${name}, h.at, h.told != '') AS ${name}`),
].join(', ');

/** Rows of a page of changes, beside those of the same time as its last. */
const PAGE = 20_000;

/** The things of the state that held at a time (seconds), since when it did, and when it was last seen. */
export interface ThingsThen {
  readonly things: Things;
  readonly since: number;
  readonly seen: number;
}

/** Undefined where there is none yet. */
export async function thingsAt(door: StoreDoor, topology: string, at: number): Promise<ThingsThen | undefined> {
  const [look] = await rowsOf<{ seen: number }>(
    door,
    `SELECT toUnixTimestamp(max(at)) AS seen FROM mesh_history WHERE topology = {topology:String} AND kind = 'look' AND at <= ${timeSql(at)}`,
    { topology },
  );
  if (look === undefined || look.seen === 0) return undefined;
  const { seen } = look;
  // A day begins with all that there is.
  const rows = await rowsOf<ChangeRow>(
    door,
    `SELECT h.kind AS kind, h.id AS id, ${lastKnown}, toUnixTimestamp(maxIf(h.at, NOT h.same)) AS moment
     FROM mesh_history AS h WHERE h.topology = {topology:String} AND h.kind != 'look'
       AND h.at >= toStartOfDay(${timeSql(seen)}) AND h.at <= ${timeSql(at)}
     GROUP BY kind, id ORDER BY kind, id`,
    { topology },
  );
  const since = rows.reduce((latest, { moment }) => Math.max(latest, moment), 0);
  const there = rows.filter(({ isGone }) => isGone === 0).map(thingOf);
  return { things: new Map(there.map(thing => [keyOf(thing), thing])), since: since || seen, seen };
}

/** The state that held at a time; undefined where there is none. */
export async function stateAt(door: StoreDoor, topology: string, at: number): Promise<StateThen | undefined> {
  const found = await thingsAt(door, topology, Math.floor(at / 1000));
  return found === undefined ? undefined : { mesh: meshOf(found.things.values()), at: found.since * 1000 };
}

/** The state at `from` and then these make the state at `to`. */
export async function changesBetween(door: StoreDoor, asked: ChangesAsked): Promise<Changes> {
  const [from, to] = [Math.floor(asked.from / 1000), Math.floor(asked.to / 1000)];
  const rows = await changeRows(door, { ...asked, from, to });
  const moments = new Map<number, ChangeRow[]>();
  for (const row of rows) moments.set(row.moment, [...(moments.get(row.moment) ?? []), row]);
  const things = new Map(rows.length === 0 ? [] : (await thingsAt(door, asked.topology, from))?.things);
  const changes = [...moments].map(([moment, changed]) => changeOf(moment, changed, things));
  return { changes, more: rows.length >= PAGE };
}

/** Times in seconds. */
async function changeRows(door: StoreDoor, { topology, from, to, step }: ChangesAsked): Promise<ChangeRow[]> {
  const moment = `least(intDiv(toUnixTimestamp(h.at) + ${step - 1}, ${step}) * ${step}, ${to})`;
  return await rowsOf<ChangeRow>(
    door,
    `SELECT toUInt32(${moment}) AS moment, h.kind AS kind, h.id AS id, ${lastKnown}
     FROM mesh_history AS h WHERE h.topology = {topology:String} AND h.kind != 'look' AND NOT h.same
       AND h.at > ${timeSql(from)} AND h.at <= ${timeSql(to)}
     GROUP BY moment, kind, id ORDER BY moment LIMIT ${PAGE} WITH TIES`,
    { topology },
  );
}

/** Brings the things to how they are from then on. */
function changeOf(moment: number, rows: readonly ChangeRow[], things: Map<string, Thing>): MeshChange {
  const change = {
    nodes: [] as MeshNode[],
    links: [] as MeshLink[],
    goneNodes: [] as string[],
    goneLinks: [] as string[],
  };
  for (const row of rows) {
    const key = keyOf(row);
    if (row.isGone === 1) {
      // Else it came and went within the step.
      if (things.delete(key)) (row.kind === 'node' ? change.goneNodes : change.goneLinks).push(row.id);
      continue;
    }
    const before = things.get(key);
    const thing = thingOf(
      row.told === '' && before !== undefined ? { ...row, told: before.told, details: before.details } : row,
    );
    things.set(key, thing);
    if (thing.kind === 'node') change.nodes.push(nodeOf(thing));
    else change.links.push(linkOf(thing));
  }
  return { at: moment * 1000, ...change };
}

function thingOf({ kind, id, told, details, ...row }: ChangeRow): Thing {
  const numbers = Object.fromEntries(moving.map(name => [name, Number(row[name])])) as Moving;
  return { ...{ kind, id, told, details }, ...numbers };
}

/** SQL: a time in seconds since the epoch. */
export function timeSql(seconds: number): string {
  return `toDateTime(${seconds}, 'UTC')`;
}
