import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aMesh, type LinkLike, type NodeLike } from '../testing/meshes.js';
import { type Hop, Paths } from './paths.js';

const letters = (ids: string, rest: Record<string, Partial<NodeLike>> = {}): NodeLike[] =>
  [...ids].map(id => ({ id, ...rest[id] }));
const cost = (forward: number, reverse = forward) => ({ cost: forward, reverseCost: reverse });

/** The nodes of a path, and how it is known. */
function told(paths: Paths, from: number, to: number, avoided?: ReadonlySet<number>): string | undefined {
  const path = paths.path(from, to, avoided);
  const { nodes } = paths.graph.mesh;
  return path?.map(hop => `${nodes[hop.from]!.id}${nodes[hop.to]!.id} ${hop.how}`).join(', ');
}

describe('the way to a gateway', () => {
  const links: LinkLike[] = [
    ['a', 'b', cost(9)],
    ['b', 'g', cost(9)],
    ['a', 'c', cost(1)],
    ['c', 'g', cost(1)],
    ['c', 'h', cost(5)],
  ];
  const gateways = { g: { gateway: true }, h: { gateway: true } };

  test('is that of next hops, however dear, and back the same', () => {
    const paths = new Paths(aMesh(letters('abcgh', { ...gateways, a: { nextHop: 'b' }, b: { nextHop: 'g' } }), links));
    expect(told(paths, 0, 3)).toBe('ab nextHop, bg nextHop');
    expect(told(paths, 3, 0)).toBe('gb nextHop, ba nextHop');
    expect(paths.gatewayOf(0)).toBe(3);
  });

  test('is that of least cost where next hops lead nowhere', () => {
    for (const b of [{}, { nextHop: 'a' }, { nextHop: 'h' }, { nextHop: 'g', online: false }]) {
      const paths = new Paths(aMesh(letters('abcgh', { ...gateways, a: { nextHop: 'b' }, b }), links));
      expect(told(paths, 0, 3)).toBe('ac shortest, cg shortest');
      expect(paths.gatewayOf(0)).toBe(3);
    }
  });

  test('is that of routes, before least cost', () => {
    const nodes = letters('abcgh', { ...gateways, g: { gateway: true, addresses: ['10.0.0.7'] } });
    const mesh = aMesh(nodes, links, [
      { at: 'a', network: '0.0.0.0/0', via: 'c' },
      { at: 'a', network: '10.0.0.0/24', via: 'b' },
      { at: 'b', network: '10.0.0.7/32', via: 'g' },
      { at: 'c', network: '0.0.0.0/0', via: 'h' },
    ]);
    const paths = new Paths(mesh);
    expect(told(paths, 0, 3)).toBe('ab route, bg route');
    expect(paths.gatewayOf(0)).toBe(4);
  });

  test('leads to the gateway that the node names, to itself, or to none', () => {
    const nodes = letters('abcgh', { ...gateways, a: { leavesBy: 'h' }, h: { gateway: true, online: false } });
    const named = new Paths(aMesh(nodes, links));
    expect([0, 1, 3].map(each => named.gatewayOf(each))).toEqual([3, 3, 3]);
    expect(new Paths(aMesh(letters('abcgh', { ...gateways, a: { leavesBy: 'h' } }), links)).gatewayOf(0)).toBe(4);
    expect(new Paths(aMesh(letters('abcgh'), links)).gatewayOf(0)).toBe(-1);
  });
});

describe('the path of least cost', () => {
  test('minds the direction, and takes quality where there is no cost', () => {
    const paths = new Paths(
      aMesh(letters('abcd'), [
        ['a', 'b', { quality: 0.9, reverseQuality: 0.2 }],
        ['b', 'c', { quality: 0.9, reverseQuality: 0.9 }],
        ['a', 'c', { quality: 0.5, reverseQuality: 0.9 }],
      ]),
    );
    expect(told(paths, 0, 2)).toBe('ab shortest, bc shortest');
    expect(told(paths, 2, 0)).toBe('ca shortest');
    expect(told(paths, 0, 3)).toBeUndefined();
    expect(told(paths, 0, 0)).toBe('');
  });

  test('goes around nodes that are offline, and those to be avoided if it can', () => {
    const links: LinkLike[] = [
      ['a', 'b'],
      ['b', 'd'],
      ['a', 'c', cost(5)],
      ['c', 'd', cost(5)],
      ['d', 'e'],
    ];
    const paths = new Paths(aMesh(letters('abcde'), links));
    expect(told(paths, 0, 3)).toBe('ab shortest, bd shortest');
    expect(told(paths, 0, 3, new Set([1]))).toBe('ac shortest, cd shortest');
    expect(told(paths, 0, 4, new Set([3]))).toBe('ab shortest, bd shortest, de shortest');
    const offline = new Paths(aMesh(letters('abcde', { b: { online: false } }), links));
    expect(told(offline, 0, 3)).toBe('ac shortest, cd shortest');
    expect(told(offline, 0, 1)).toBeUndefined();
  });

  test('is as cheap as any, whatever the mesh, and whole', () => {
    const edge = fc.tuple(fc.nat(7), fc.nat(7), fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 9 }));
    fc.assert(
      fc.property(fc.array(edge, { maxLength: 25 }), edges => {
        const used = edges.filter(([one, other]) => one !== other);
        const mesh = aMesh(
          letters('abcdefgh'),
          used.map(([one, other, there, back]) => {
            const [source, target] = [Math.min(one, other), Math.max(one, other)];
            return ['abcdefgh'[source]!, 'abcdefgh'[target]!, cost(there, back)];
          }),
        );
        const paths = new Paths(mesh);
        const least = allPairs(8, mesh);
        for (let from = 0; from < 8; from++) {
          for (let to = 0; to < 8; to++) {
            const path = paths.path(from, to);
            expect(path === undefined).toBe(least[from]![to] === Number.POSITIVE_INFINITY);
            if (path === undefined) continue;
            expect(path.reduce((sum, hop) => sum + costOf(mesh, hop), 0)).toBe(least[from]![to]);
            expect([from, ...path.map(hop => hop.to)]).toEqual([...path.map(hop => hop.from), to]);
          }
        }
      }),
    );
  });
});

function costOf({ links }: ReturnType<typeof aMesh>, { link, forward }: Hop): number {
  return forward ? links[link]!.cost! : links[link]!.reverseCost!;
}

/** Floyd and Warshall. */
function allPairs(count: number, { nodes, links }: ReturnType<typeof aMesh>): number[][] {
  const ids = nodes.map(({ id }) => id);
  const least = ids.map((_, i) => ids.map((__, j) => (i === j ? 0 : Number.POSITIVE_INFINITY)));
  for (const { source, target, cost: there, reverseCost: back } of links) {
    const [i, j] = [ids.indexOf(source), ids.indexOf(target)];
    least[i]![j] = Math.min(least[i]![j]!, there!);
    least[j]![i] = Math.min(least[j]![i]!, back!);
  }
  for (let k = 0; k < count; k++)
    for (let i = 0; i < count; i++)
      for (let j = 0; j < count; j++) least[i]![j] = Math.min(least[i]![j]!, least[i]![k]! + least[k]![j]!);
  return least;
}
