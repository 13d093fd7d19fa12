import { WeirError } from '../../error.js';
import { Parameters } from '../../flow/filter-sql.js';
import type { MeshLoads } from '../../http/types.js';
import { classes } from '../../mesh/attribution/group.js';
import { hows } from '../../mesh/paths/paths.js';
import type { Store } from '../client.js';
import { type Buckets, bucketsOf, timesOf } from '../queries/changes.js';
import type { Interval } from '../queries/selection.js';
import { hasLoads, loadRates, rowsIn } from './load-rows.js';
import { ends, links, unplaced } from './tables.js';

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

/** Bits per second, from source to target and back. */
export interface LinkRate {
  readonly forward: number;
  readonly reverse: number;
}

/** What links carried on average from one time to another, by their ids: whole minutes, those that are begun included. */
export async function linkRates(
  store: Store,
  topology: string,
  interval: Interval,
): Promise<ReadonlyMap<string, LinkRate>> {
  if (!(await hasLoads(store))) return new Map();
  const [parameters, minute] = [new Parameters(), SHORTEST * 1000];
  const aligned = {
    from: Math.floor(interval.from / minute) * minute,
    to: Math.ceil(interval.to / minute) * minute,
  };
  const seconds = (aligned.to - aligned.from) / 1000;
  const rows = await store.query<{ link: string } & LinkRate>(
    `SELECT link, sum(octets * part) * 8 / ${seconds} AS forward, sum(reverseOctets * part) * 8 / ${seconds} AS reverse
     FROM ${rowsIn(links, topology, aligned, parameters)} GROUP BY link`,
    parameters.values,
  );
  return new Map(rows.map(({ link, forward, reverse }) => [link, { forward, reverse }]));
}

type Shares = { readonly link: string } & Record<string, number | string>;

async function linkLoads(store: Store, question: LoadsQuestion, buckets: Buckets): Promise<MeshLoads['links']> {
  const parameters = new Parameters();
  const rows = rowsIn(links, question.topology, buckets.aligned, parameters);
  const where = `WHERE ${linksSql(question, parameters)}`;
  const shares = await store.query<Shares>(sharesSql(rows, where), parameters.values);
  if (shares.length * buckets.count > CELLS) {
    throw new WeirError(
      `${shares.length} links in ${buckets.count} steps are too much for an answer; choose a longer step, or ask for one link`,
    );
  }
  const counts = ['octets', 'reverseOctets'];
  const rates = await loadRates(store, { rows, where, key: 'link', counts, parameters }, buckets);
  const nothing = () => Array<number>(buckets.count).fill(0);
  return shares.map(share => {
    const [forward = nothing(), reverse = nothing()] = rates.get(share.link) ?? [];
    return { link: share.link, forward, reverse, how: howOf(share), classes: classesOf(share) };
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
    `SELECT node, ${sums.join(', ')} FROM ${rowsIn(ends, topology, buckets.aligned, parameters)} GROUP BY node ORDER BY node`,
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
    `SELECT sum((sent + enters) * part) AS placed FROM ${rowsIn(ends, topology, buckets.aligned, parameters)}`,
    parameters.values,
  );
  const others = new Parameters();
  const reasons = await store.query<{ reason: string; octets: number }>(
    `SELECT reason, sum(octets * part) AS octets FROM ${rowsIn(unplaced, topology, buckets.aligned, others)} GROUP BY reason ORDER BY octets DESC`,
    others.values,
  );
  return { placed: sum!.placed, reasons };
}
