import type { Group } from '../attribution/group.js';
import type { Mesh } from '../mesh.js';
import { aMesh, type LinkLike, type NodeLike } from './meshes.js';

/** Numbers below a bound, the same for the same seed. */
export type Random = (below: number) => number;

export const OUTSIDE = -1;

/** A mesh in which packets go hop by hop, and what really goes over its links. */
export class Simulated {
  readonly mesh: Mesh;
  /** Octets by link and direction. */
  readonly truth = new Map<string, number>();
  readonly groups: Group[] = [];
  /** What neighbours send to each other, as routing protocols do. */
  readonly hellos: Group[] = [];
  readonly #costs: readonly (readonly number[])[];
  readonly #gateways: readonly number[];
  readonly #exporters: ReadonlySet<number>;
  readonly #random: Random;

  /**
   * @param exporting how many of the nodes export
   * @param isSymmetric whether a link costs the same in both directions, and packets come back the way they went
   * @param isKnown whether the mesh says the costs by which packets really go
   */
  constructor(
    random: Random,
    { exporting, isSymmetric, isKnown }: { exporting: number; isSymmetric: boolean; isKnown: boolean },
  ) {
    const count = 4 + random(7);
    const names = Array.from({ length: count }, (_, i) => `n${i}`);
    this.#random = random;
    this.#gateways = [0, ...(random(2) ? [count - 1] : [])];
    const costs = names.map(() => names.map(() => Number.POSITIVE_INFINITY));
    const links: LinkLike[] = [];
    const join = (one: number, other: number) => {
      if (one === other || costs[one]![other] !== Number.POSITIVE_INFINITY) return;
      const [source, target] = [Math.min(one, other), Math.max(one, other)];
      const there = 1000 + random(100_000);
      const back = isSymmetric ? there : 1000 + random(100_000);
      costs[source]![target] = there;
      costs[target]![source] = back;
      const told = isKnown
        ? { cost: there, reverseCost: back }
        : { cost: 1 + random(100), reverseCost: 1 + random(100) };
      links.push([names[source]!, names[target]!, told]);
    };
    for (let node = 1; node < count; node++) join(node, random(node));
    for (let extra = random(count); extra > 0; extra--) join(random(count), random(count));
    const nodes: NodeLike[] = names.map((id, i) => ({
      ...{ id, gateway: this.#gateways.includes(i) },
      ...{ addresses: [`10.0.0.${i}`], networks: [`10.1.${i}.0/24`] },
    }));
    this.#costs = costs;
    this.mesh = aMesh(nodes, links);
    this.#exporters = new Set(
      names
        .map((_, i) => i)
        .sort(() => random(3) - 1)
        .slice(0, Math.round(exporting * count)),
    );
  }

  /** Each exporter tells of a packet to each of its neighbours. */
  greet(minute: number): void {
    for (const exporter of this.#exporters) {
      for (const [other, cost] of this.#costs[exporter]!.entries())
        if (cost !== Number.POSITIVE_INFINITY)
          this.hellos.push(
            this.#record(exporter, {
              next: other,
              hosts: [`10.0.0.${exporter}`, `10.0.0.${other}`],
              minute,
              octets: [1, 0],
            }),
          );
    }
  }

  /** Traffic between two hosts at this minute; what exporters on the way tell of it, in any order, is among the groups. */
  flow(source: number, destination: number, minute: number): void {
    const random = this.#random;
    const counts = [1 + random(1_000_000), random(4) ? 1 + random(100_000) : 0] as const;
    const inside = source === OUTSIDE ? destination : source;
    const gateway = this.#cheapestGateway(inside);
    const [from, to] = [source, destination].map(node => (node === OUTSIDE ? gateway : node)) as [number, number];
    const ways = [this.#way(from, to), this.#way(to, from)] as const;
    // What no exporter sees nobody can know of.
    for (const [i, way] of ways.entries())
      if (way.some(each => this.#exporters.has(each))) this.#carry(way, counts[i]!);
    const hostOf = (node: number) => (node === OUTSIDE ? `192.0.2.${random(200)}` : `10.1.${node}.${1 + random(100)}`);
    const hosts = [hostOf(source), hostOf(destination)] as const;
    const seen = [...this.#exporters].filter(each => ways.some((way, i) => way.includes(each) && counts[i]! > 0));
    const both = (each: number) => ways.every((way, i) => way.includes(each) || counts[i] === 0);
    seen.sort((a, b) => Number(both(b)) - Number(both(a)) || random(3) - 1);
    const told = new Set<number>();
    for (const exporter of seen) this.#tell(exporter, { ways, counts, hosts, minute, told });
  }

  #tell(
    exporter: number,
    {
      ways,
      counts,
      hosts,
      minute,
      told,
    }: {
      ways: readonly [readonly number[], readonly number[]];
      counts: readonly [number, number];
      hosts: readonly [string, string];
      minute: number;
      told: Set<number>;
    },
  ): void {
    const tells = [0, 1].filter(i => ways[i]!.includes(exporter) && counts[i]! > 0);
    // Connection tracking takes the first packet that it sees for one of the Flow itself.
    const turned = !tells.includes(0);
    const [there, back] = turned ? [1, 0] : [0, 1];
    const next = nextOn(ways[there]!, exporter);
    const before = nextOn(ways[back]!, exporter);
    const octets = (i: number) => (tells.includes(i) ? counts[i]! : 0);
    const duplicate = tells.every(i => told.has(i));
    for (const i of tells) told.add(i);
    const record = {
      next,
      before,
      hosts: [hosts[there]!, hosts[back]!],
      minute,
      octets: [octets(there), octets(back)],
    } as const;
    this.groups.push({ ...this.#record(exporter, record), duplicate });
  }

  #record(exporter: number, { next, before, hosts, minute, octets }: RecordLike): Group {
    return {
      ...{ source: hosts[0], destination: hosts[1], natSource: '', natDestination: '', class: 0 },
      ...{ exporter: `10.0.0.${exporter}`, nextHop: next === undefined ? '' : `10.0.0.${next}` },
      ...{ egress: face(next), ingress: face(before), sourceMac: '', destinationMac: '', duplicate: false },
      ...{ octets: octets[0], reverseOctets: octets[1] },
      ...{ packets: Math.ceil(octets[0] / 1000), reversePackets: Math.ceil(octets[1] / 1000) },
      ...{ begin: minute, end: minute, ofFirst: 1, ofEach: 0 },
    };
  }

  #carry(way: readonly number[], octets: number): void {
    const ids = this.mesh.nodes.map(({ id }) => id);
    for (const [i, node] of way.slice(1).entries()) {
      const key = `${ids[way[i]!]}>${ids[node]}`;
      if (octets > 0) this.truth.set(key, (this.truth.get(key) ?? 0) + octets);
    }
  }

  #cheapestGateway(node: number): number {
    return [...this.#gateways].sort((a, b) => this.#distance(node, a) - this.#distance(node, b))[0]!;
  }

  #distance(from: number, to: number): number {
    const way = this.#way(from, to);
    return way.slice(1).reduce((sum, node, i) => sum + this.#costs[way[i]!]![node]!, 0);
  }

  /** Bellman and Ford: something else than what is tested. */
  #way(from: number, to: number): readonly number[] {
    const count = this.#costs.length;
    const least = Array.from({ length: count }, (_, i) => (i === to ? 0 : Number.POSITIVE_INFINITY));
    const next = Array.from({ length: count }, () => -1);
    for (let round = 0; round < count; round++)
      for (let node = 0; node < count; node++)
        for (let other = 0; other < count; other++) {
          const cost = this.#costs[node]![other]! + least[other]!;
          if (cost >= least[node]!) continue;
          least[node] = cost;
          next[node] = other;
        }
    const way = [from];
    while (way.at(-1) !== to) way.push(next[way.at(-1)!]!);
    return way;
  }
}

interface RecordLike {
  readonly next: number | undefined;
  readonly before?: number | undefined;
  readonly hosts: readonly [string, string];
  readonly minute: number;
  readonly octets: readonly [number, number];
}

/** The number of the interface that leads to a node: each link has its own. */
function face(neighbour: number | undefined): number {
  return neighbour === undefined ? 0 : neighbour + 1;
}

function nextOn(way: readonly number[], node: number): number | undefined {
  const at = way.indexOf(node);
  return at < 0 ? undefined : way[at + 1];
}
