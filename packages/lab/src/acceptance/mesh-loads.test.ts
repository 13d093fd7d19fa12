// A mesh of nine routers: what flows over each of its links, held against what the interfaces of the links counted.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { Lab } from '../namespaces/lab.js';
import { missing } from '../namespaces/requirements.js';
import { topologyDirectory } from '../paths.js';
import { until } from '../run/wait.js';
import { buildTopology } from '../topology/build.js';
import type { Network } from '../topology/network.js';
import { requests, shortConnections, startResponder } from '../traffic/traffic.js';
import { destroyKernelFlows } from '../truth/conntrack.js';
import { RunningWeir, weirCommand } from '../weir/weir.js';

const reason = missing(['conntrack']);
const port = 7000;
/** Octets of Ethernet in front of each packet, which interfaces count and flows do not. */
const ethernet = 14;

let lab: Lab;
let net: Network;
let routers: string[];
let collector: RunningWeir;

beforeEach(async context => {
  context.skip(reason !== undefined, reason);
  lab = new Lab();
  net = buildTopology(lab, parse(readFileSync(join(topologyDirectory, 'mesh.yaml'), 'utf8')));
  routers = net.nodes.filter(name => /^r\d$/.test(name));
  for (const server of ['alice', 'r8']) lab.own(await startResponder(net.node(server), port));
  const feed = join(lab.directory('feed'), 'mesh.json');
  writeFileSync(feed, JSON.stringify(networkGraph()));
  const rules = ['10.77.1.0/24=r2', 'fd77:1::/64=r2', '10.77.2.0/24=r6', 'fd77:2::/64=r6'];
  const places = rules.flatMap(rule => ['--place', rule]);
  const mesh = ['--topology', `lab=file:${feed}`, '--topology-interval', '5', ...places];
  collector = await RunningWeir.collect(lab, net.node('r5'), lab.directory('collect'), 'udp://0.0.0.0:4739', mesh);
}, 60_000);

afterEach(async () => {
  if (reason === undefined) expect(await lab.close()).toEqual([]);
}, 60_000);

/** The mesh as routing protocols tell of it: NetJSON. */
function networkGraph(): object {
  const addresses = (name: string) => ([4, 6] as const).flatMap(family => net.addresses(name, family));
  const links = linksOf(net).map(([source, target]) => ({ source, target, cost: 1 }));
  const nodes = routers.map(id => ({ id, label: id, local_addresses: addresses(id) }));
  return { type: 'NetworkGraph', protocol: 'static', version: '1', metric: 'ETX', nodes, links };
}

/** Pairs of routers with a link, the smaller name first. */
function linksOf({ graph }: Network): [string, string][] {
  const pairs = graph.edges.map(({ nodes }) => [...nodes].sort() as [string, string]);
  return pairs.filter(pair => pair.every(name => routers.includes(name)));
}

async function startProbes(names: readonly string[]): Promise<void> {
  for (const name of names) {
    const options = ['--collector', `udp://${net.address('r5', 4)}:4739`, '--source', 'ctnetlink', '--mend', 'true'];
    const state = ['--state', join(lab.directory(name), 'state')];
    const probe = lab.own(net.node(name).start(weirCommand('probe', ...options, ...state)));
    await probe.output(/^metering/m, 30);
  }
}

/** Octets that each end of each link has sent over it, as flows count them, by "FROM>TO". */
function sentByInterfaces(): Map<string, number> {
  return new Map(
    linksOf(net)
      .flatMap(([a, b]) => [[a, b] as const, [b, a] as const])
      .map(([from, to]) => {
        const [{ stats64 }] = JSON.parse(net.node(from).ip('-s', '-j', 'link', 'show', 'dev', net.link(from, to)));
        return [`${from}>${to}`, stats64.tx.bytes - ethernet * stats64.tx.packets];
      }),
  );
}

/** TCP both ways and UDP, from both ends of the mesh and between routers. Returns what the interfaces counted of it. */
async function makeTraffic(): Promise<Map<string, number>> {
  const before = sentByInterfaces();
  const order = { port, firstPort: 40_000, connections: 20, upload: 200_000, download: 800_000 };
  await shortConnections(net.node('r7'), { ...order, host: net.address('alice', 4) });
  await shortConnections(net.node('r3'), { ...order, host: net.address('r8', 4) });
  await shortConnections(net.node('r9'), { ...order, host: net.address('alice', 6), download: 200_000 });
  const small = { port, firstPort: 50_000, flows: 200, octets: 1000 };
  expect((await requests(net.node('r4'), { ...small, host: net.address('r8', 4) })).flows).toBe(200);
  for (const router of routers) destroyKernelFlows(net.node(router));
  const after = sentByInterfaces();
  return new Map([...after].map(([key, octets]) => [key, octets - before.get(key)!]));
}

interface Loads {
  step: number;
  links: { link: string; forward: number[]; reverse: number[]; how: { how: string; share: number }[] }[];
  placed: number;
  unplaced: { reason: string; share: number }[];
}

async function loadsSince(from: number): Promise<Loads> {
  const begin = Math.floor(from / 60_000) * 60_000;
  return await collector.api<Loads>(`/api/v1/mesh/loads?topology=lab&from=${begin}&to=${Date.now() + 60_000}&step=60`);
}

/** Octets that links carried, by "FROM>TO". */
function carried({ step, links }: Loads): Map<string, number> {
  const octets = (rates: readonly number[]) => rates.reduce((sum, rate) => sum + (rate * step) / 8, 0);
  return new Map(
    links.flatMap(({ link, forward, reverse }) => {
      const [a, b] = link.split('~') as [string, string];
      return [
        [`${a}>${b}`, octets(forward)],
        [`${b}>${a}`, octets(reverse)],
      ] as const;
    }),
  );
}

/** What the probes themselves send all the time, some of it reported by one probe and not yet by the next, is less than this. */
const little = (counted: Map<string, number>): number => Math.max(...counted.values()) / 50;

/** Links whose load is off by more than this part of what the interfaces counted. */
function wrong(loads: Map<string, number>, counted: Map<string, number>, tolerance: number): string[] {
  return [...counted].flatMap(([key, octets]) => {
    const load = loads.get(key) ?? 0;
    const off = Math.abs(load - octets);
    return off <= tolerance * octets || off <= little(counted) ? [] : [`${key}: ${Math.round(load)} of ${octets}`];
  });
}

/** Links with more than a little traffic of which less than this part is known by measured ways. */
function guessed({ links }: Loads, counted: Map<string, number>, least: number): string[] {
  return links.flatMap(({ link, how }) => {
    const [a, b] = link.split('~') as [string, string];
    const octets = counted.get(`${a}>${b}`)! + counted.get(`${b}>${a}`)!;
    const measured = how.find(each => each.how === 'measured')?.share ?? 0;
    return measured >= least || octets <= 2 * little(counted) ? [] : [`${link}: ${measured} of ${octets}`];
  });
}

test('where exporters are, the load of each link is what its interfaces counted', async () => {
  await startProbes(routers);
  const from = Date.now();
  const counted = await makeTraffic();
  let found: string[] = [];
  await until('the loads of all links', 60, async () => {
    found = wrong(carried(await loadsSince(from)), counted, 0.02);
    return found.length === 0 || undefined;
  }).catch(() => {});
  expect(found).toEqual([]);
  const loads = await loadsSince(from);
  expect(guessed(loads, counted, 0.95)).toEqual([]);
  expect(loads.unplaced.reduce((sum, { share }) => sum + share, 0)).toBeLessThan(0.01);
}, 180_000);

test('with one exporter the rest of the way is that of least cost, and says so', async () => {
  await startProbes(['r1']);
  const from = Date.now();
  const before = sentByInterfaces();
  const order = { port, firstPort: 40_000, connections: 20, upload: 100_000, download: 400_000 };
  await shortConnections(net.node('bob'), { ...order, host: net.address('alice', 4) });
  destroyKernelFlows(net.node('r1'));
  const after = sentByInterfaces();
  const way = net.path('bob', 'alice', 4).filter(name => routers.includes(name));
  expect(way).toEqual(['r6', 'r5', 'r1', 'r2']);
  const hops = way.slice(1).flatMap((name, i) => [`${way[i]}>${name}`, `${name}>${way[i]}`]);
  const counted = new Map(hops.map(hop => [hop, after.get(hop)! - before.get(hop)!]));
  let found: string[] = [];
  await until('the loads of the way', 60, async () => {
    // Links lose packets: what one has lost, those behind it have not carried.
    found = wrong(carried(await loadsSince(from)), counted, 0.05);
    return found.length === 0 || undefined;
  }).catch(() => {});
  expect(found).toEqual([]);
  const how = new Map((await loadsSince(from)).links.map(each => [each.link, each.how[0]!.how]));
  expect(Object.fromEntries(how)).toMatchObject({ 'r1~r2': 'measured', 'r1~r5': 'measured', 'r5~r6': 'shortest' });
}, 180_000);
