import { parseFilter } from '@weir/flow';
import { implies } from '../alerting/implies.js';
import { monthAt } from '../analysis/billing/months.js';
import type { TrafficEvent } from '../analysis/events/event.js';
import type { ApiContext } from '../http/context.js';
import type { Report } from '../http/types.js';
import { groups, qualitySeries, summary } from '../store/queries.js';
import { bottlenecksOf } from './links.js';
import { type Span, spanBefore } from './period.js';
import { topsOf, within } from './tops.js';
import { trafficOf } from './traffic.js';

/** What a report is made from. */
export type ReportSources = Pick<
  ApiContext,
  'store' | 'capacities' | 'localNetworks' | 'asNames' | 'namesOf' | 'events' | 'billing' | 'mesh' | 'status'
>;

export interface ReportAsked extends Span {
  readonly title: string;
  /** IANA name. */
  readonly timeZone: string;
  /** A prefix that it is about, and "in" is towards. */
  readonly network?: string | undefined;
  readonly filter?: string | undefined;
}

const MOST_EVENTS = 1000;
const MOST_LINKS = 10;
/** Steps of the curves of quality, at most. */
const QUALITY_STEPS = 200;

/** Gathers all that a report says, one question after the other: nobody waits for it, and others do. @throws FilterError */
export async function gather(sources: ReportSources, asked: ReportAsked, made: number): Promise<Report> {
  const { from, to, title, timeZone, network } = asked;
  const { store } = sources;
  const filter = filterOf(asked);
  const span = { from, to };
  const before = spanBefore(span, timeZone);
  const towards = network === undefined ? sources.localNetworks : [network];
  const selection = { ...span, filter };
  return {
    ...{ title, from, to, before, timezone: timeZone, made, filter },
    traffic: await trafficOf(store, { ...span, timeZone, filter, towards }),
    summary: await summary(store, selection),
    summaryBefore: await summary(store, { ...before, filter }),
    tops: await topsOf(store, {
      ...{ filter, span, before, asNames: sources.asNames },
      hasNames: sources.namesOf('sourceName').length > 0,
    }),
    quality: await qualitySeries(store, selection, Math.max(3600, Math.ceil((to - from) / 1000 / QUALITY_STEPS))),
    events: await eventsOf(sources, span, filter),
    // What links, meshes and accounts carry is not of a part of the traffic.
    ...(filter === '' && { links: (await bottlenecksOf(store, sources.capacities, span)).links }),
    meshes: filter === '' ? await meshesOf(sources, span) : [],
    accounts: filter === '' ? await accountsOf(sources, span) : [],
    exporters: await exportersOf(sources, { ...span, filter }),
    collectorSince: sources.status().startedAt,
  };
}

function filterOf({ network, filter = '' }: ReportAsked): string {
  const net = network === undefined ? '' : `net ${network}`;
  if (filter.trim() === '') return net;
  return within(net, filter);
}

async function eventsOf({ events }: ReportSources, span: Span, filter: string): Promise<Report['events']> {
  const all = await events.list({ ...span, limit: MOST_EVENTS });
  const list = all.filter(event => filter === '' || isWithin(event, filter));
  const counts = new Map<TrafficEvent['kind'], number>();
  for (const { kind } of list) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const kinds = Array.from(counts, ([kind, count]) => ({ kind, count })).sort((a, b) => b.count - a.count);
  return { kinds, list: list as Report['events']['list'] };
}

/** Whether an event is about part of what a filter fits: its subject, or who did it to whom. */
function isWithin({ subject, source, target }: TrafficEvent, filter: string): boolean {
  const hosts = [source, target].flatMap(host => (host === undefined ? [] : [`host ${host}`]));
  const abouts = [subject.filter, ...hosts].filter(text => text.trim() !== '');
  return abouts.some(text => implies(parseFilter(text), parseFilter(filter)));
}

async function meshesOf({ mesh }: ReportSources, { from, to }: Span): Promise<Report['meshes']> {
  const meshes: Report['meshes'] = [];
  for (const { name: topology } of mesh.topologies()) {
    const newest = mesh.newest(topology)?.mesh;
    const nodes = new Map(newest?.nodes.map(({ id, name }) => [id, name ?? id]));
    const ends = new Map(newest?.links.map(({ id, source, target }) => [id, { source, target }]));
    const rates = [...(await mesh.rates(topology, from, to))];
    const busiest = rates.sort(([, a], [, b]) => b.forward + b.reverse - a.forward - a.reverse).slice(0, MOST_LINKS);
    const links = busiest.map(([id, { forward, reverse }]) => {
      const { source, target } = ends.get(id) ?? { source: id, target: '' };
      return { source: nodes.get(source) ?? source, target: nodes.get(target) ?? target, forward, reverse };
    });
    if (links.length > 0) meshes.push({ topology, links });
  }
  return meshes;
}

async function accountsOf({ billing }: ReportSources, { to }: Span): Promise<Report['accounts']> {
  const accounts: Report['accounts'] = [];
  for (const { account } of billing?.accounts ?? []) {
    if (account.quota === undefined) continue;
    const bill = await billing!.bill(account.name, monthAt(account, to - 1).name);
    const { quota, month } = bill.statement;
    if (quota === undefined) continue;
    const { used, octets, share } = quota;
    accounts.push({ account: account.name, month, used, octets, share, open: bill.state === 'open' });
  }
  return accounts.sort((a, b) => b.share - a.share);
}

async function exportersOf(
  { store, status }: ReportSources,
  selection: Span & { filter: string },
): Promise<Report['exporters']> {
  const known = status().exporters;
  const found = await groups(store, selection, ['exporter'], undefined, 'both');
  return found.map(group => {
    const address = String(group.exporter);
    const sessions = known.filter(each => each.address === address);
    const sum = (of: (each: (typeof known)[number]) => number) => sessions.reduce((all, each) => all + of(each), 0);
    return {
      ...{ address, flows: Number(group.flows), octets: Number(group.octets) + Number(group.reverseOctets) },
      ...(sessions.length > 0 && {
        records: sum(each => each.records),
        lost: sum(each => each.lostRecords),
        lastSeen: Math.max(...sessions.map(each => each.lastSeen)),
      }),
    };
  });
}
