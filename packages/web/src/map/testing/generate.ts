import type { MeshLoads, MeshState, MeshStateLink, MeshStateNode } from '../../api/types.js';

/** Numbers from 0 to 1 that look like chance, the same each time: for tests and measurements. */
export function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

export interface Size {
  nodes: number;
  links: number;
  /** Share of nodes without a position. */
  unplaced?: number;
  /** Degrees that it reaches over. */
  extent?: number;
}

const CENTRE = { latitude: 52.13, longitude: 10.7 };

/** A mesh as communities have them: clusters around gateways, links to near nodes, some tunnels to gateways. */
export function generateMesh(
  { nodes: count, links: wanted, unplaced = 0.1, extent = 0.4 }: Size,
  seed = 1,
  topology = 'test',
): MeshState {
  const random = chance(seed);
  const clusters = Array.from(
    { length: Math.max(1, Math.round(count / 60)) },
    () => [random() - 0.5, (random() - 0.5) * 1.6] as const,
  );
  const spots = Array.from({ length: count }, () => {
    const [y, x] = clusters[Math.floor(random() ** 1.4 * clusters.length)]!;
    const near = (): number => (random() + random() + random() - 1.5) * 0.09;
    return [CENTRE.latitude + (y + near()) * extent, CENTRE.longitude + (x + near() * 1.6) * extent] as const;
  });
  const gateways = new Set(
    Array.from({ length: Math.max(1, Math.round(count / 250)) }, () => Math.floor(random() * count)),
  );
  const hex = (value: number): string => value.toString(16).padStart(2, '0');
  const ids = spots.map((_, i) => `02:00:00:00:${hex(i >> 8)}:${hex(i & 255)}`);
  const links = generateLinks(spots, [...gateways], wanted, random).map(([a, b, kind]) =>
    linkBetween(ids[a]!, ids[b]!, kind, random),
  );
  const nodes = spots.map(([latitude, longitude], i): MeshStateNode => {
    const gateway = gateways.has(i);
    return {
      id: ids[i]!,
      name: `${gateway ? 'gw' : 'node'}-${String(i).padStart(4, '0')}`,
      ...(random() >= unplaced && { position: { latitude, longitude } }),
      online: gateway || random() > 0.07,
      gateway,
      clients: gateway ? 0 : Math.floor(random() ** 4 * 40),
      leavesBy: ids[[...gateways][i % gateways.size]!]!,
      addresses: [`2001:db8::${(i + 1).toString(16)}`],
      networks: [],
      details: { model: `Router ${i % 7}` },
    };
  });
  return { topology, at: 1_800_000_000_000, nodes, links: unique(links) };
}

type Ends = readonly [number, number, MeshStateLink['kind']];

function generateLinks(
  spots: readonly (readonly [number, number])[],
  gateways: readonly number[],
  wanted: number,
  random: () => number,
): Ends[] {
  const order = [...spots.keys()].sort((a, b) => spots[a]![0] - spots[b]![0]);
  const links: Ends[] = [];
  // Those at about the same latitude are near enough to look at; the nearest of some is linked.
  while (links.length < wanted) {
    const place = Math.floor(random() * order.length);
    const a = order[place]!;
    if (random() < 0.12) {
      const gateway = gateways[a % gateways.length]!;
      if (gateway !== a) links.push([a, gateway, 'tunnel']);
      continue;
    }
    let best: number | undefined;
    for (let n = 0; n < 8; n++) {
      const b = order[Math.min(Math.max(0, place + Math.floor((random() - 0.5) * 120)), order.length - 1)]!;
      if (b !== a && (best === undefined || far(spots[a]!, spots[b]!) < far(spots[a]!, spots[best]!))) best = b;
    }
    if (best !== undefined) links.push([a, best, random() < 0.9 ? 'wireless' : 'wired']);
  }
  return links;
}

function far(a: readonly [number, number], b: readonly [number, number]): number {
  return Math.hypot(a[0] - b[0], (a[1] - b[1]) * 0.6);
}

function linkBetween(a: string, b: string, kind: MeshStateLink['kind'], random: () => number): MeshStateLink {
  const [source, target] = a < b ? [a, b] : [b, a];
  const quality = kind === 'wireless' ? 0.15 + 0.85 * Math.sqrt(random()) : 0.9 + random() * 0.1;
  return {
    id: `${source}~${target}`,
    source,
    target,
    kind,
    quality,
    reverseQuality: Math.min(1, Math.max(0.05, quality + (random() - 0.5) * 0.2)),
  };
}

/** Parallel links get a number behind their id. */
function unique(links: readonly MeshStateLink[]): MeshStateLink[] {
  const seen = new Map<string, number>();
  return links.map(link => {
    const count = (seen.get(link.id) ?? 0) + 1;
    seen.set(link.id, count);
    return count === 1 ? link : { ...link, id: `${link.id}~${count}` };
  });
}

/** Loads of a share of the links, few large and many small ones, that go up and down over the time. */
export function generateLoads(
  state: MeshState,
  times: readonly number[],
  step: number,
  share = 0.6,
  seed = 2,
): MeshLoads {
  const random = chance(seed);
  const links = state.links.flatMap(({ id }) => {
    if (random() > share) return [];
    const size = 10 ** (3.5 + random() ** 2 * 5);
    const back = 0.05 + random() ** 2;
    const phase = random() * 7;
    const at = times.map(time => Math.round(size * (1.2 + Math.sin(time / 9_000_000 + phase))));
    return [
      {
        ...{ link: id, forward: at, reverse: at.map(bits => Math.round(bits * back)) },
        how: [{ how: random() < 0.4 ? ('measured' as const) : ('nextHop' as const), share: 1 }],
        classes: { tcp: 0.6, udp: 0.3, icmp: 0.02, other: 0.08 },
      },
    ];
  });
  const gateways = state.nodes.filter(({ gateway }) => gateway);
  return {
    ...{ topology: state.topology, step, times: [...times], links },
    nodes: gateways.map(({ id }) => ({
      node: id,
      sent: 0,
      received: 0,
      out: Math.round(random() * 5e7),
      in: Math.round(random() * 3e8),
    })),
    placed: 4e9,
    unplaced: [
      { reason: 'unknown source', octets: 3e8, share: 0.07 },
      { reason: 'no path', octets: 2e7, share: 0.005 },
    ],
  };
}
