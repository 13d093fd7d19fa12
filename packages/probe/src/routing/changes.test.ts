// Against the kernel of this machine: links, routes, addresses and neighbours that change while the paths are in use.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { NodeHost } from '../host/node.js';
import { NAT_DESTINATION } from '../metering/flow-record.js';
import { KernelPaths } from './kernel-paths.js';
import {
  flowBetween,
  hop,
  indexOf,
  ip,
  ipBatch,
  noLinkType,
  noNamespaces,
  Router,
  told,
  toldOf,
} from './testing/router.js';

const lanMac = '020000000002';

let router: Router | undefined;
let paths: KernelPaths;

/** Runs lines of `ip` commands, and lets the paths take notice. */
function change(...lines: string[]): void {
  ipBatch(lines);
  paths.update();
}

beforeEach(context => {
  if (noNamespaces !== undefined) console.warn(`skipped: ${noNamespaces}`);
  context.skip(noNamespaces !== undefined, noNamespaces);
  router = new Router();
  paths = new KernelPaths(new NodeHost());
});

afterEach(() => {
  paths?.close();
  router?.remove();
  router = undefined;
});

test('a route that comes and goes', () => {
  expect(told(paths, '10.0.0.2', '203.0.113.5').out).toBe(indexOf('wan'));
  change('route add 203.0.113.0/28 via 10.2.0.2');
  expect(told(paths, '10.0.0.2', '203.0.113.5').out).toBe(indexOf('dmz'));
  expect(told(paths, '10.0.0.2', '203.0.113.16').out).toBe(indexOf('wan'));
  change('route delete 203.0.113.0/28');
  expect(told(paths, '10.0.0.2', '203.0.113.5').out).toBe(indexOf('wan'));
  expect(paths.counters).toMatchObject({ invalidations: 2, dropped: 0, malformed: 0, failures: 0 });
});

test('a link that goes down takes its routes with it, though the kernel tells of none; its Flow still tells of it', () => {
  ip('link', 'add', 'gone', 'type', 'veth', 'peer', 'name', 'gone2');
  ipBatch([
    'link set gone2 up',
    'link set gone up',
    'address add 10.9.0.1/24 dev gone',
    'route add 203.0.113.0/24 via 10.9.0.2',
  ]);
  const gone = indexOf('gone');
  paths.update();
  const record = flowBetween('10.0.0.2', '203.0.113.5');
  const path = paths.find(record);
  change('link set gone down');
  expect(told(paths, '10.0.0.2', '203.0.113.5').out).toBe(indexOf('wan'));
  change('link delete gone');
  paths.describe(path, record);
  expect(toldOf(record)).toMatchObject({ in: indexOf('lan'), out: gone, hop: hop('10.9.0.2') });
  expect(paths.interfaces.named('gone')).toBeUndefined();
});

test('an address of the host that comes and goes', () => {
  expect(told(paths, '10.0.0.2', '203.0.113.9').out).toBe(indexOf('wan'));
  change('address add 203.0.113.9/32 dev lo');
  expect(told(paths, '10.0.0.2', '203.0.113.9')).toMatchObject({ in: indexOf('lan'), out: 0 });
  change('address delete 203.0.113.9/32 dev lo');
  expect(told(paths, '10.0.0.2', '203.0.113.9').out).toBe(indexOf('wan'));
});

test('a nexthop object that changes its way', () => {
  change('nexthop add id 5 via 10.1.0.2 dev wan', 'route add 203.0.113.0/24 nhid 5');
  expect(told(paths, '10.0.0.2', '203.0.113.5').out).toBe(indexOf('wan'));
  change('nexthop replace id 5 via 10.2.0.2 dev dmz');
  expect(told(paths, '10.0.0.2', '203.0.113.5').out).toBe(indexOf('dmz'));
});

test('a neighbour that changes its MAC address, and one that is forgotten', () => {
  expect(told(paths, '10.0.0.2', '192.0.2.1').sourceMac).toBe(lanMac);
  change('neighbour replace 10.0.0.2 lladdr 02:00:00:00:00:77 dev lan');
  expect(told(paths, '10.0.0.2', '192.0.2.1').sourceMac).toBe('020000000077');
  change('neighbour delete 10.0.0.2 dev lan');
  expect(told(paths, '10.0.0.2', '192.0.2.1').sourceMac).toBe('');
  expect(paths.counters.invalidations).toBe(0);
});

test('interfaces: name, alias, address, kind', () => {
  const { generation } = paths.interfaces;
  change('link set dev lan alias Büro');
  const lan = paths.interfaces.named('lan')!;
  expect(lan).toMatchObject({ index: indexOf('lan'), description: 'Büro', kind: 'veth', vlan: 0 });
  expect(lan.mac).toHaveLength(6);
  expect(paths.interfaces.generation).toBeGreaterThan(generation);
  expect(paths.interfaces.list().map(each => each.name)).toEqual(expect.arrayContaining(['lo', 'lan', 'wan', 'dmz']));
});

test('VLAN interfaces tell their id', context => {
  const missing = noLinkType('vlan', 'link', 'lan');
  if (missing !== undefined) console.warn(`skipped: ${missing}`);
  context.skip(missing !== undefined, missing);
  change('link add link lan name lan.7 type vlan id 7', 'link set lan.7 up', 'address add 10.7.0.1/24 dev lan.7');
  expect(told(paths, '10.7.0.2', '192.0.2.1')).toMatchObject({ in: indexOf('lan.7'), vlans: [7, 0] });
});

test('VRFs: a Flow goes where both of its ends are reached, and nowhere where that could be two', context => {
  const missing = noLinkType('vrf');
  if (missing !== undefined) console.warn(`skipped: ${missing}`);
  context.skip(missing !== undefined, missing);
  const vrf = (name: string, table: number, ...ports: string[]) => [
    `link add ${name} type vrf table ${table}`,
    `link set ${name} up`,
    ...ports.flatMap(port => [
      `link add ${port} type veth peer name ${port}-far`,
      `link set ${port}-far up`,
      `link set ${port} master ${name}`,
      `link set ${port} up`,
    ]),
  ];
  change(
    ...vrf('red', 88, 'red0', 'red1'),
    ...vrf('blue', 89, 'blue0'),
    'address add 10.8.0.1/24 dev red0',
    'address add 10.9.0.1/24 dev red1',
    'route add 203.0.113.0/24 via 10.9.0.2 vrf red',
    'address add 10.9.0.1/24 dev blue0',
  );
  const red = { in: indexOf('red0'), out: indexOf('red1'), hop: hop('10.9.0.2') };
  expect(told(paths, '10.8.0.9', '203.0.113.5')).toMatchObject(red);
  expect(told(paths, '203.0.113.5', '10.8.0.9')).toMatchObject({ in: red.out, out: red.in, hop: '' });
  expect(told(paths, '10.8.0.1', '203.0.113.5')).toMatchObject({ in: 0, out: red.out });
  const main = { in: indexOf('lan'), out: indexOf('wan'), hop: hop('10.1.0.2') };
  expect(told(paths, '10.0.0.2', '192.0.2.1')).toMatchObject(main);
  expect(paths.counters.ambiguous).toBe(0);
  expect(told(paths, '10.9.0.5', '10.9.0.6')).toMatchObject({ in: 0, out: 0 });
  expect(paths.counters.ambiguous).toBe(1);
});

test('more changes than the kernel can tell of at once: what is missed is counted, and read anew', async () => {
  const count = 20_000;
  const lines = (verb: string) =>
    Array.from({ length: count }, (_, i) => `route ${verb} 20.${i >> 8}.${i & 255}.0/24 via 10.2.0.2`);
  ipBatch([...lines('add'), 'link add late type veth peer name later', 'link set late alias seen']);
  paths.update();
  expect(told(paths, '10.0.0.2', '20.1.2.3').out).toBe(indexOf('dmz'));
  ipBatch(lines('delete'));
  paths.update();
  expect(told(paths, '10.0.0.2', '20.1.2.3').out).toBe(indexOf('wan'));
  expect(paths.counters.dropped).toBeGreaterThan(0);
  expect(paths.counters.dropped + paths.counters.events).toBeGreaterThanOrEqual(2 * count);
  // Interfaces are read anew at most once a second.
  await vi.waitFor(() => {
    paths.update();
    expect(paths.interfaces.named('late')?.description).toBe('seen');
  }, 10_000);
});

test('small limits: the same answers, each address asked for by itself, and old paths forgotten', async () => {
  const small = new KernelPaths(new NodeHost(), { routes: 3, answers: 4, paths: 2 });
  const record = flowBetween('10.0.0.2', '192.0.2.1');
  const first = small.find(record);
  const ways = ['192.0.2.1', '10.2.0.2', '10.2.0.3', '192.0.2.2', '10.0.0.1'];
  const expected = ways.map(to => told(paths, '10.0.0.2', to));
  expect(ways.map(to => told(small, '10.0.0.2', to))).toEqual(expected);
  // Six addresses, and one of them again after the overflow.
  expect(small.counters).toMatchObject({ incompleteLoads: 1, lookups: 7, forgottenPaths: 0 });
  expect(small.counters.overflows).toBeGreaterThan(0);
  // Trying again to read the routes takes no answer away.
  const { lookups } = small.counters;
  await vi.waitFor(() => {
    small.update();
    expect(small.counters.incompleteLoads).toBe(2);
  }, 10_000);
  told(small, '10.0.0.2', '10.0.0.1');
  expect(small.counters.lookups).toBe(lookups);
  small.describe(first, record);
  expect(toldOf(record)).toMatchObject({ in: 0, out: 0, hop: '', sourceMac: '', destinationMac: '' });
  expect(small.counters.forgottenPaths).toBe(1);
  small.close();
});

test('300,000 Flows to as many destinations behind one default route cost two questions', () => {
  const record = flowBetween('10.0.0.2', '20.0.0.0');
  const seen = new Set<number>();
  for (let i = 0; i < 300_000; i++) {
    record.octets.set([20 + (i >> 16), (i >> 8) & 255, i & 255, 1], record.place(NAT_DESTINATION));
    seen.add(paths.find(record));
  }
  expect(seen.size).toBe(1);
  expect(paths.counters).toMatchObject({ finds: 300_000, lookups: 2, hits: 599_998, unknown: 0 });
});
