import { WeirError } from '../../error.js';
import { Parameters } from '../../flow/filter-sql.js';
import type { MeshLoads } from '../../http/types.js';
import { classes } from '../../mesh/attribution/group.js';
import { hows } from '../../mesh/paths/paths.js';
import type { Store } from '../client.js';
import { type Buckets, bucketsOf, timesOf } from '../queries/changes.js';
import type { Interval } from '../queries/selection.js';
import { ends, type LoadTable, links, loadTables, unplaced } from './tables.js';

export interface LoadsQuestion {
  readonly topology: string;
  /** Milliseconds since the epoch. */
  readonly interval: Interval;
  /** Seconds; whole minutes. */
  readonly step: number;
  /** Only this link, or the links of this node, and what begins and ends there. */
  readonly link?: string | undefined;
  readonly node?: string | undefined;
}

/** Shortest step, seconds: sums are of minutes. */
export const SHORTEST = 60;
/** Links times steps of an answer. */
const CELLS = 2_000_000;

/**
 * What links and nodes carried.
 * @throws WeirError where that is too much for an answer
 */
export async function meshLoads(store: Store, question: LoadsQuestion): Promise<MeshLoads> {
  const buckets = bucketsOf(question.interval, question.step);
  const { topology, node } = question;
  const answer = { topology, step: question.step, times: timesOf(buckets) };
  // There are no tables before the first topology.
  if (!(await hasLoads(store))) return { ...answer, links: [], nodes: [], placed: 0, unplaced: [] };
  const loads = await linkLoads(store, question, buckets);
  const nodes = question.link === undefined ? await nodeLoads(store, question, buckets) : [];
  const { placed, reasons } = await totals(store, question, buckets);
  const all = reasons.reduce((sum, { octets }) => sum + octets, placed);
  return {
    ...answer,
    links: loads,
    nodes: node === undefined ? nodes : nodes.filter(each => each.node === node),
    placed,
    unplaced: reasons.map(each => ({ ...each, share: each.octets / all })),
  };
}

async function hasLoads(store: Store): Promise<boolean> {
  const names = loadTables.map(({ name }) => `'${name}'`).join(', ');
  const [found] = await store.query<{ n: string }>(
    `SELECT count() AS n FROM system.tables WHERE database = currentDatabase() AND name IN (${names})`,
  );
  return Number(found!.n) === loadTables.length;
}

/** SQL: the rows of a table that are of the buckets, with `part`: how much of them is. */
function rowsIn({ name }: LoadTable, topology: string, { aligned }: Buckets, parameters: Parameters): string {
  const [from, to] = [aligned.from, aligned.to].map(time => parameters.add(time / 1000, 'Int64'));
  const longest = 86_400;
  return `(SELECT *, toInt64(toUnixTimestamp(time)) AS begins, begins + span * 60 AS ends,
      greatest(begins, ${from}) AS inFrom, least(ends, ${to}) AS inTo, (inTo - inFrom) / (ends - begins) AS part
    FROM ${name} WHERE topology = ${parameters.add(topology, 'String')}
      AND time >= toDateTime(${from} - ${longest}, 'UTC') AND time < toDateTime(${to}, 'UTC') AND inTo > inFrom)`;
}

interface LinkRow {
  readonly link: string;
  readonly at: readonly number[];
  readonly forward: readonly number[];
  readonly reverse: readonly number[];
}

type Shares = { readonly link: string } & Record<string, number | string>;

async function linkLoads(store: Store, question: LoadsQuestion, buckets: Buckets): Promise<MeshLoads['links']> {
  const parameters = new Parameters();
  const rows = rowsIn(links, question.topology, buckets, parameters);
  const where = `WHERE ${linksSql(question, parameters)}`;
  const shares = await store.query<Shares>(sharesSql(rows, where), parameters.values);
  if (shares.length * buckets.count > CELLS) {
    throw new WeirError(
      `${shares.length} links in ${buckets.count} steps are too much for an answer; choose a longer step, or ask for one link`,
    );
  }
  const byLink = new Map(
    (await store.query<LinkRow>(seriesSql(rows, where, buckets, parameters), parameters.values)).map(row => [
      row.link,
      row,
    ]),
  );
  return shares.map(share => {
    const row = byLink.get(share.link);
    return {
      link: share.link,
      forward: ratesOf(row?.at, row?.forward, buckets),
      reverse: ratesOf(row?.at, row?.reverse, buckets),
      how: howOf(share),
      classes: classesOf(share),
    };
  });
}

function linksSql({ link, node }: LoadsQuestion, parameters: Parameters): string {
  if (link !== undefined) return `link = ${parameters.add(link, 'String')}`;
  if (node === undefined) return 'true';
  const name = parameters.add(node, 'String');
  return `(startsWith(link, concat(${name}, '~')) OR endsWith(link, concat('~', ${name})) OR position(link, concat('~', ${name}, '~')) > 0)`;
}

function sharesSql(rows: string, where: string): string {
  const octets = '(octets + reverseOctets) * part';
  const sums = [
    ...hows.map(how => `sumIf(${octets}, how = '${how}') AS h_${how}`),
    ...classes.map(each => `sumIf(${octets}, class = '${each}') AS c_${each}`),
  ];
  return `SELECT link, sum(${octets}) AS total, ${sums.join(', ')} FROM ${rows} ${where} GROUP BY link ORDER BY total DESC, link`;
}

/** A row that is longer than a step is of several. */
function seriesSql(rows: string, where: string, { aligned, step }: Buckets, parameters: Parameters): string {
  const [from, seconds] = [parameters.add(aligned.from / 1000, 'Int64'), parameters.add(step / 1000, 'Int64')];
  const bucket = (time: string) => `intDiv(${time} - ${from}, ${seconds})`;
  const overlap = `(least(ends, ${from} + (b + 1) * ${seconds}) - greatest(begins, ${from} + b * ${seconds})) / (ends - begins)`;
  return `SELECT link, groupArray(b) AS at, groupArray(f) AS forward, groupArray(r) AS reverse FROM
    (SELECT link, toUInt32(b) AS b, sum(octets * overlap) AS f, sum(reverseOctets * overlap) AS r FROM
      (SELECT link, octets, reverseOctets, begins, ends, arrayJoin(range(toUInt64(${bucket('inFrom')}), toUInt64(${bucket('inTo - 1')} + 1))) AS b, ${overlap} AS overlap
      FROM ${rows} ${where})
    GROUP BY link, b) GROUP BY link`;
}

/** Bits per second. */
function ratesOf(
  at: readonly number[] | undefined,
  octets: readonly number[] | undefined,
  { count, step }: Buckets,
): number[] {
  const rates = Array<number>(count).fill(0);
  for (const [i, bucket] of (at ?? []).entries()) rates[bucket] = (octets![i]! * 8000) / step;
  return rates;
}

function howOf(share: Shares): MeshLoads['links'][number]['how'] {
  const total = Number(share.total);
  return hows
    .map(how => ({ how, share: part(Number(share[`h_${how}`]), total) }))
    .filter(each => each.share > 0)
    .sort((a, b) => b.share - a.share);
}

function classesOf(share: Shares): MeshLoads['links'][number]['classes'] {
  const [tcp, udp, icmp, other] = classes.map(each => part(Number(share[`c_${each}`]), Number(share.total)));
  return { tcp: tcp!, udp: udp!, icmp: icmp!, other: other! };
}

function part(some: number, all: number): number {
  return all === 0 ? 0 : some / all;
}

async function nodeLoads(store: Store, { topology }: LoadsQuestion, buckets: Buckets): Promise<MeshLoads['nodes']> {
  const parameters = new Parameters();
  const seconds = (buckets.aligned.to - buckets.aligned.from) / 1000;
  const sums = ends.counts.map(name => `sum(${name} * part) * 8 / ${seconds} AS s_${name}`);
  const rows = await store.query<Record<string, number> & { node: string }>(
    `SELECT node, ${sums.join(', ')} FROM ${rowsIn(ends, topology, buckets, parameters)} GROUP BY node ORDER BY node`,
    parameters.values,
  );
  return rows.map(row => ({
    node: row.node,
    ...{ sent: row.s_sent!, received: row.s_received!, out: row.s_leaves!, in: row.s_enters! },
  }));
}

/** What is placed begins at a node, or comes into the mesh, once. */
async function totals(store: Store, { topology }: LoadsQuestion, buckets: Buckets) {
  const parameters = new Parameters();
  const [sum] = await store.query<{ placed: number }>(
    `SELECT sum((sent + enters) * part) AS placed FROM ${rowsIn(ends, topology, buckets, parameters)}`,
    parameters.values,
  );
  const others = new Parameters();
  const reasons = await store.query<{ reason: string; octets: number }>(
    `SELECT reason, sum(octets * part) AS octets FROM ${rowsIn(unplaced, topology, buckets, others)} GROUP BY reason ORDER BY octets DESC`,
    others.values,
  );
  return { placed: sum!.placed, reasons };
}
