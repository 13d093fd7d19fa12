// A mesh of nine routers: what flows over each of its links, held against what the interfaces of the links counted.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Lab } from '../namespaces/lab.js';
import { missing } from '../namespaces/requirements.js';
import { until } from '../run/wait.js';
import { carried, guessedLoads, MeshLab, type Octets, wrongLoads } from '../weir/mesh.js';

const reason = missing(['conntrack']);

let lab: Lab;
let mesh: MeshLab;

beforeEach(async context => {
  context.skip(reason !== undefined, reason);
  lab = new Lab();
  mesh = await MeshLab.start(lab);
}, 60_000);

afterEach(async () => {
  if (reason === undefined) expect(await lab.close()).toEqual([]);
}, 60_000);

/** Waits until the loads are right; returns the links where they never were. */
async function settled(from: number, counted: Octets, tolerance: number): Promise<string[]> {
  let found: string[] = [];
  await until('the loads of all links', 60, async () => {
    found = wrongLoads(carried(await mesh.loadsSince(from)), counted, tolerance);
    return found.length === 0 || undefined;
  }).catch(() => {});
  return found;
}

test('where exporters are, the load of each link is what its interfaces counted', async () => {
  await mesh.startProbes();
  const from = Date.now();
  const counted = await mesh.makeTraffic();
  expect(Math.max(...counted.values())).toBeGreaterThan(15_000_000);
  expect(await settled(from, counted, 0.02)).toEqual([]);
  const loads = await mesh.loadsSince(from);
  expect(guessedLoads(loads, counted, 0.95)).toEqual([]);
  expect(loads.unplaced.reduce((sum, { share }) => sum + share, 0)).toBeLessThan(0.01);
  const sum = (rates: readonly number[]) => rates.reduce((all, rate) => all + rate, 0);
  const busiest = loads.links.map(({ link, forward, reverse }) => ({ link, load: sum(forward) + sum(reverse) }));
  const reported = await mesh.reportedSince(from);
  expect(reported.map(({ source, target }) => `${source}~${target}`)).toEqual(
    busiest
      .sort((a, b) => b.load - a.load)
      .slice(0, 10)
      .map(({ link }) => link),
  );
}, 180_000);

test('with one exporter the rest of the way is that of least cost, and says so', async () => {
  await mesh.startProbes(['r1']);
  const from = Date.now();
  const { way, counted } = await mesh.makeOneWay();
  expect(way).toEqual(['r6', 'r5', 'r1', 'r2']);
  // Links lose packets: what one has lost, those behind it have not carried.
  expect(await settled(from, counted, 0.05)).toEqual([]);
  const how = new Map((await mesh.loadsSince(from)).links.map(each => [each.link, each.how[0]!.how]));
  expect(Object.fromEntries(how)).toMatchObject({ 'r1~r2': 'measured', 'r1~r5': 'measured', 'r5~r6': 'shortest' });
}, 180_000);
