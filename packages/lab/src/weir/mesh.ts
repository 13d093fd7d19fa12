import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Lab } from '../namespaces/lab.js';
import { topologyDirectory } from '../paths.js';
import { buildTopology } from '../topology/build.js';
import type { Network } from '../topology/network.js';
import { requests, shortConnections, startResponder } from '../traffic/traffic.js';
import { destroyKernelFlows } from '../truth/conntrack.js';
import { RunningWeir, weirCommand } from './weir.js';

const port = 7000;
/** Octets of Ethernet in front of each packet, which interfaces count and flows do not. */
const ethernet = 14;
/** Below those that the kernel gives to sockets of probes. */
const firstPort = 10_000;
/** Hosts behind routers, which the topology says nothing of. */
const rules = ['10.77.1.0/24=r2', 'fd77:1::/64=r2', '10.77.2.0/24=r6', 'fd77:2::/64=r6'];
/** Where r1 stands; the others are around a town from it on, a kilometre or so apart. */
const place = { latitude: 53.08, longitude: 8.8 };

/** Octets by "FROM>TO", in each direction of each link. */
export type Octets = ReadonlyMap<string, number>;

/** What /api/v1/mesh/loads answers, as far as it is read here; bit/s and seconds. */
export interface MeshLoads {
  step: number;
  links: { link: string; forward: number[]; reverse: number[]; how: { how: string; share: number }[] }[];
  unplaced: { reason: string; share: number }[];
}

/** A link of a report; bit/s. */
export interface ReportedLink {
  source: string;
  target: string;
  forward: number;
  reverse: number;
}

/** Nine routers that tell their topology to a collector on r5, and probes on as many of them as one likes. */
export class MeshLab {
  private constructor(
    readonly lab: Lab,
    readonly net: Network,
    readonly routers: readonly string[],
    readonly collector: RunningWeir,
  ) {}

  static async start(lab: Lab): Promise<MeshLab> {
    const net = buildTopology(lab, parse(readFileSync(join(topologyDirectory, 'mesh.yaml'), 'utf8')));
    const routers = net.nodes.filter(name => /^r\d$/.test(name));
    for (const server of ['alice', 'r8']) lab.own(await startResponder(net.node(server), port));
    const feed = join(lab.directory('feed'), 'mesh.json');
    writeFileSync(feed, JSON.stringify(networkGraph(net, routers)));
    const places = rules.flatMap(rule => ['--place', rule]);
    const mesh = ['--topology', `lab=file:${feed}`, '--topology-interval', '5', ...places];
    const listen = 'tcp://0.0.0.0:4739';
    const collector = await RunningWeir.collect(lab, net.node('r5'), lab.directory('collect'), listen, mesh);
    return new MeshLab(lab, net, routers, collector);
  }

  async startProbes(names: readonly string[] = this.routers): Promise<void> {
    for (const name of names) {
      const options = ['--collector', `tcp://${this.net.address('r5', 4)}:4739`, '--source', 'ctnetlink'];
      const folder = this.lab.directory(name);
      const own = ['--mend', 'true', '--state', join(folder, 'state'), '--spool', join(folder, 'spool')];
      const probe = this.lab.own(this.net.node(name).start(weirCommand('probe', ...options, ...own)));
      await probe.output(/^metering/m, 30);
    }
  }

  /** TCP both ways and UDP, from both ends of the mesh and between routers. Returns what interfaces counted of it. */
  makeTraffic(): Promise<Octets> {
    return this.#counting(this.routers, async () => {
      const order = { port, firstPort, connections: 20, upload: 200_000, download: 800_000 };
      await shortConnections(this.net.node('r7'), { ...order, host: this.net.address('alice', 4) });
      await shortConnections(this.net.node('r3'), { ...order, host: this.net.address('r8', 4) });
      const fromAlice = { ...order, host: this.net.address('alice', 6), download: 200_000 };
      await shortConnections(this.net.node('r9'), fromAlice);
      const small = { port, firstPort, flows: 200, octets: 1000, host: this.net.address('r8', 4) };
      await requests(this.net.node('r4'), small);
    });
  }

  /** TCP from bob to alice. Returns what interfaces on its way counted. */
  async makeOneWay(): Promise<{ way: string[]; counted: Octets }> {
    const way = this.net.path('bob', 'alice', 4).filter(name => this.routers.includes(name));
    const hops = way.slice(1).flatMap((name, i) => [`${way[i]}>${name}`, `${name}>${way[i]}`]);
    const order = { port, firstPort, connections: 20, upload: 100_000, download: 400_000 };
    const all = await this.#counting(['r1'], () =>
      shortConnections(this.net.node('bob'), { ...order, host: this.net.address('alice', 4) }),
    );
    return { way, counted: new Map(hops.map(hop => [hop, all.get(hop)!])) };
  }

  /** The loads by the minute since a time, until now. */
  loadsSince(from: number): Promise<MeshLoads> {
    const begin = Math.floor(from / 60_000) * 60_000;
    return this.collector.api(`/api/v1/mesh/loads?topology=lab&from=${begin}&to=${Date.now() + 60_000}&step=60`);
  }

  /** The busiest links of a report of the same time. */
  async reportedSince(from: number): Promise<ReportedLink[]> {
    const begin = Math.floor(from / 60_000) * 60_000;
    const path = `/api/v1/report.json?from=${begin}&to=${Math.floor(Date.now() / 60_000) * 60_000 + 60_000}`;
    const { meshes } = await this.collector.api<{ meshes: { links: ReportedLink[] }[] }>(path);
    return meshes.flatMap(({ links }) => links);
  }

  /** What interfaces send while something runs, whose connections then end on these routers. */
  async #counting(routers: readonly string[], run: () => Promise<unknown>): Promise<Octets> {
    const before = this.#sent();
    await run();
    for (const router of routers) destroyKernelFlows(this.net.node(router));
    return new Map([...this.#sent()].map(([key, octets]) => [key, octets - before.get(key)!]));
  }

  /** Octets that each end of each link has sent over it, as flows count them. */
  #sent(): Octets {
    const directions = linksOf(this.net, this.routers).flatMap(([a, b]) => [[a, b] as const, [b, a] as const]);
    return new Map(
      directions.map(([from, to]) => {
        const device = this.net.link(from, to);
        const [{ stats64 }] = JSON.parse(this.net.node(from).ip('-s', '-j', 'link', 'show', 'dev', device));
        return [`${from}>${to}`, stats64.tx.bytes - ethernet * stats64.tx.packets];
      }),
    );
  }
}

/** The mesh as routing protocols tell of it: NetJSON. */
function networkGraph(net: Network, routers: readonly string[]): object {
  const nodes = routers.map((id, i) => {
    const angle = (2 * Math.PI * i) / routers.length;
    const latitude = place.latitude + 0.012 * Math.cos(angle);
    const longitude = place.longitude + 0.02 * Math.sin(angle);
    const addresses = ([4, 6] as const).flatMap(family => net.addresses(id, family));
    return { id, label: id, local_addresses: addresses, properties: { location: { latitude, longitude } } };
  });
  const links = linksOf(net, routers).map(([source, target]) => ({ source, target, cost: 1 }));
  return { type: 'NetworkGraph', protocol: 'static', version: '1', metric: 'ETX', nodes, links };
}

/** Pairs of routers with a link, the smaller name first. */
function linksOf({ graph }: Network, routers: readonly string[]): [string, string][] {
  const pairs = graph.edges.map(({ nodes }) => [...nodes].sort() as [string, string]);
  return pairs.filter(pair => pair.every(name => routers.includes(name)));
}

/** Octets that links carried. */
export function carried({ step, links }: MeshLoads): Octets {
  const octets = (rates: readonly number[]) => rates.reduce((sum, rate) => sum + (rate * step) / 8, 0);
  return new Map(
    links.flatMap(({ link, forward, reverse }) => {
      const [a, b] = link.split('~') as [string, string];
      return [[`${a}>${b}`, octets(forward)] as const, [`${b}>${a}`, octets(reverse)] as const];
    }),
  );
}

/** What the probes themselves send all the time, some of it reported by one and not yet by the next, is less than this. */
const little = (counted: Octets): number => Math.max(...counted.values()) / 50;

/** Links whose load is off by more than this part of what interfaces counted, a line each. */
export function wrongLoads(loads: Octets, counted: Octets, tolerance: number): string[] {
  return [...counted].flatMap(([key, octets]) => {
    const load = loads.get(key) ?? 0;
    const off = Math.abs(load - octets);
    return off <= tolerance * octets || off <= little(counted) ? [] : [`${key}: ${Math.round(load)} of ${octets}`];
  });
}

/** Links with more than a little traffic of which less than this part is known by measured ways, a line each. */
export function guessedLoads({ links }: MeshLoads, counted: Octets, least: number): string[] {
  return links.flatMap(({ link, how }) => {
    const [a, b] = link.split('~') as [string, string];
    const octets = counted.get(`${a}>${b}`)! + counted.get(`${b}>${a}`)!;
    const measured = how.find(each => each.how === 'measured')?.share ?? 0;
    return measured >= least || octets <= 2 * little(counted) ? [] : [`${link}: ${measured} of ${octets}`];
  });
}
