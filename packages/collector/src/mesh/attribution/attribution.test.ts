import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Mesh } from '../mesh.js';
import { hows } from '../paths/paths.js';
import { OUTSIDE, Simulated } from '../testing/simulated.js';
import { Attribution } from './attribution.js';
import { Sums } from './sums.js';
import { View } from './view.js';

/** Octets by link and direction, as they are told. */
function octetsOf(sums: Sums, mesh: Mesh): Map<string, number> {
  const found = new Map<string, number>();
  for (const { link, counts } of sums.links()) {
    const { source, target } = mesh.links.find(({ id }) => id === link)!;
    for (const [key, octets] of [
      [`${source}>${target}`, counts[0]!],
      [`${target}>${source}`, counts[2]!],
    ] as const)
      if (octets > 0) found.set(key, (found.get(key) ?? 0) + octets);
  }
  return found;
}

function shown(loads: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...loads].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function totals(sums: Sums): Record<string, number> {
  const ends = [...sums.ends()];
  const [sent, received, out, into] = [0, 1, 2, 3].map(i => ends.reduce((sum, { counts }) => sum + counts[i]!, 0));
  const unplaced = [...sums.unplaced()].reduce((sum, { counts }) => sum + counts[0]!, 0);
  return { sent: sent!, received: received!, out: out!, in: into!, unplaced };
}

/** By node what comes in over links less what goes out, and what ends there less what begins. */
function balances(sums: Sums, mesh: Mesh): readonly [Record<string, number>, Record<string, number>] {
  const [overLinks, atEnds] = [new Map<string, number>(), new Map<string, number>()];
  const add = (to: Map<string, number>, node: string, octets: number) => to.set(node, (to.get(node) ?? 0) + octets);
  for (const [key, octets] of octetsOf(sums, mesh)) {
    const [from, to] = key.split('>');
    add(overLinks, from!, -octets);
    add(overLinks, to!, octets);
  }
  for (const { node, counts } of sums.ends()) add(atEnds, node, counts[1]! + counts[2]! - counts[0]! - counts[3]!);
  const balanced = (sum: ReadonlyMap<string, number>) => shown(new Map([...sum].filter(([, octets]) => octets !== 0)));
  return [balanced(overLinks), balanced(atEnds)];
}

/** Some flows, and the same ones again when all exporters on their ways are known; the sums of the latter. */
function simulate(seed: number, options: ConstructorParameters<typeof Simulated>[1]): { sums: Sums; world: Simulated } {
  let state = seed;
  const random = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const world = new Simulated(random, options);
  const count = world.mesh.nodes.length;
  for (let flows = 1 + random(30); flows > 0; flows--) {
    const [one, other] = [random(count), random(4) ? random(count) : OUTSIDE];
    if (random(2)) world.flow(one, other, 0);
    else world.flow(other, one, 0);
  }
  const view = new View(world.mesh, []);
  const attribution = new Attribution();
  const [earlier, sums] = [new Sums(), new Sums()];
  world.greet(0);
  attribution.add([...world.hellos, ...world.groups], () => view, earlier, 0);
  attribution.add(
    world.groups.map(group => ({ ...group, begin: 20, end: 20 })),
    () => view,
    sums,
    20,
  );
  return { sums, world };
}

const seeds = fc.integer({ min: 1, max: 2 ** 31 });
const runs = { numRuns: 500 };

describe('loads are what really went over links', () => {
  test('with exporters on every node, whatever the topology thinks of the ways, also where packets come back another way', () => {
    fc.assert(
      fc.property(seeds, fc.boolean(), (seed, isSymmetric) => {
        const { sums, world } = simulate(seed, { exporting: 1, isSymmetric, isKnown: false });
        expect(shown(octetsOf(sums, world.mesh))).toEqual(shown(world.truth));
        for (const { how } of sums.links()) expect(hows[how]).toBe('measured');
      }),
      runs,
    );
  });

  test('with exporters on some, where the topology knows the costs', () => {
    fc.assert(
      fc.property(seeds, fc.constantFrom(0.2, 0.5, 0.8), (seed, exporting) => {
        const { sums, world } = simulate(seed, { exporting, isSymmetric: true, isKnown: true });
        expect(shown(octetsOf(sums, world.mesh))).toEqual(shown(world.truth));
      }),
      runs,
    );
  });

  test('from end to end, each octet once, with any exporters and a topology that knows nothing of the ways', () => {
    fc.assert(
      fc.property(seeds, fc.constantFrom(0.3, 0.6, 0.9), fc.boolean(), (seed, exporting, isSymmetric) => {
        const { sums, world } = simulate(seed, { exporting, isSymmetric, isKnown: false });
        const told = world.groups.filter(({ duplicate }) => !duplicate);
        const all = told.reduce((sum, { octets, reverseOctets }) => sum + octets + reverseOctets, 0);
        const { sent, received, out, in: into, unplaced } = totals(sums);
        expect([sent! + into! + unplaced!, received! + out! + unplaced!]).toEqual([all, all]);
        const [overLinks, atEnds] = balances(sums, world.mesh);
        expect(overLinks).toEqual(atEnds);
      }),
      // There a guess of the way, by the way back, contradicted what an exporter had measured.
      { ...runs, examples: [[841_928_983, 0.9, false]] },
    );
  });
});
