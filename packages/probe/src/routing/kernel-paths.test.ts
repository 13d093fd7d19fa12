// Against the kernel of this machine: a router in a namespace of its own, our answers held against those of iproute2.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { NodeHost } from '../host/node.js';
import { DESTINATION, NAT_SOURCE } from '../metering/flow-record.js';
import { KernelPaths } from './kernel-paths.js';
import {
  flowBetween,
  hop,
  indexOf,
  ip,
  ipBatch,
  kernelSays,
  kernelSaysOfAll,
  maskedTo,
  noNamespaces,
  Router,
  setAddress,
  told,
  toldOf,
} from './testing/router.js';

const lanMac = '020000000002';
const wanMac = '020000000102';
const dmzMac = '020000000202';

/** Numbers that are the same at each run (MINSTD). */
function lcg(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state >>> 4;
  };
}

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

describe('both directions', () => {
  test('a forwarded Flow: interfaces, next hop, and the MAC of each neighbour', () => {
    const out = { in: indexOf('lan'), out: indexOf('wan'), hop: hop('10.1.0.2') };
    expect(told(paths, '10.0.0.2', '192.0.2.1')).toMatchObject({ ...out, sourceMac: lanMac, destinationMac: wanMac });
    const back = { in: indexOf('wan'), out: indexOf('lan'), hop: '' };
    expect(told(paths, '192.0.2.1', '10.0.0.2')).toMatchObject({ ...back, sourceMac: wanMac, destinationMac: lanMac });
    expect(kernelSays('192.0.2.1')).toEqual({ out: out.out, hop: out.hop });
  });

  test('the same of IPv6', () => {
    expect(told(paths, 'fd00:0::2', '2001:db8::1')).toEqual({
      in: indexOf('lan'),
      out: indexOf('wan'),
      hop: hop('fd00:1::2'),
      sourceMac: '020000000006',
      destinationMac: '020000000106',
      vlans: [0, 0],
    });
  });

  test.each([
    ['from the host itself', '10.0.0.1', '10.2.0.2', '', 'dmz'],
    ['to the host itself', '10.2.0.2', '10.0.0.1', 'dmz', ''],
    ['within the host', '10.0.0.1', '10.1.0.1', '', ''],
    ['over the loopback', '127.0.0.1', '127.0.0.1', '', ''],
    ['IPv6 from the host itself', 'fd00:0::1', 'fd00:2::2', '', 'dmz'],
    ['IPv6 to the host itself', 'fd00:2::2', 'fd00:0::1', 'dmz', ''],
    ['to the broadcast address of a link', '10.0.0.1', '10.0.0.255', '', 'lan'],
    ['to a group', '10.0.0.2', '239.1.2.3', 'lan', ''],
    ['from nobody yet to everybody', '0.0.0.0', '255.255.255.255', '', ''],
    ['between link-local addresses, where three interfaces have them', 'fe80::99', 'fe80::98', '', ''],
  ])('%s', (_, from, to, ingress, egress) => {
    expect(told(paths, from, to)).toMatchObject({ in: indexOf(ingress), out: indexOf(egress), hop: '' });
  });

  test('a Flow between link-local addresses, where one interface has them', () => {
    ipBatch(['link set wan down', 'link set dmz down']);
    const fresh = new KernelPaths(new NodeHost());
    expect(told(fresh, 'fe80::99', 'fe80::98')).toMatchObject({ in: indexOf('lan'), out: indexOf('lan') });
    fresh.close();
  });

  test('translation: the source before and the destination after it are what is routed', () => {
    change('rule add from 10.0.0.2 lookup 77', 'route add default via 10.2.0.2 table 77');
    const record = flowBetween('10.0.0.2', '198.51.100.7');
    // The packet was sent to the router's own address, and leaves with another source.
    setAddress(record, DESTINATION, '10.0.0.1');
    setAddress(record, NAT_SOURCE, '10.1.0.1');
    paths.describe(paths.find(record), record);
    expect(toldOf(record)).toMatchObject({ in: indexOf('lan'), out: indexOf('dmz'), hop: hop('10.2.0.2') });
    expect(kernelSays('198.51.100.7', 'from', '10.0.0.2', 'iif', 'lan').out).toBe(indexOf('dmz'));
  });
});

describe('rules', () => {
  const table = 'route add default via 10.2.0.2 table 77';

  test.each([
    ['the source', 'from 10.0.0.64/26', '10.0.0.70', {}],
    ['the input interface', 'iif lan', '10.0.0.70', {}],
    ['the mark', 'fwmark 0x5/0xff', '10.0.0.70', { mark: 0x105 }],
    ['the protocol', 'ipproto tcp to 192.0.2.0/24', '10.0.0.70', { protocol: 6 }],
    ['a port', 'dport 443', '10.0.0.70', { natDestinationPort: 443 }],
    ['the destination', 'to 192.0.2.0/25', '10.0.0.70', {}],
  ])('that look at %s', (_, rule, from, more) => {
    const others = { mark: 0x106, protocol: 17, natDestinationPort: 80 };
    change(table, `rule add ${rule} lookup 77`);
    expect(told(paths, from, '192.0.2.1', { ...others, ...more })).toMatchObject({
      in: indexOf('lan'),
      out: indexOf('dmz'),
      hop: hop('10.2.0.2'),
      destinationMac: dmzMac,
    });
    const away = rule.startsWith('to') ? '192.0.2.129' : '192.0.2.1';
    const elsewhere = rule.startsWith('from') || rule.startsWith('iif') ? '10.2.0.70' : from;
    expect(told(paths, elsewhere, away, others)).toMatchObject({
      in: indexOf(elsewhere === from ? 'lan' : 'dmz'),
      out: indexOf('wan'),
    });
    // And so once the rule has been read and the boundaries are there again.
    const fresh = new KernelPaths(new NodeHost());
    expect(told(fresh, from, '192.0.2.1', { ...others, ...more }).out).toBe(indexOf('dmz'));
    expect(told(fresh, elsewhere, away, others).out).toBe(indexOf('wan'));
    fresh.close();
  });

  test('a server with two ways out: the answers leave where the rule says, so the questions come in there', () => {
    change(table, 'rule add from 10.0.0.2 lookup 77');
    expect(told(paths, '192.0.2.1', '10.0.0.2')).toMatchObject({ in: indexOf('dmz'), out: indexOf('lan') });
  });
});

test('a mark set on the way out by a table that holds nothing but that: who comes in on its link is known', () => {
  change('route add default via 10.2.0.2 table 77', 'rule add fwmark 0x5 lookup 77');
  expect(told(paths, '192.0.2.1', '10.0.0.2', { mark: 5 })).toMatchObject({ in: indexOf('dmz'), out: indexOf('lan') });
  expect(told(paths, '192.0.2.1', '10.0.0.2')).toMatchObject({ in: indexOf('wan'), out: indexOf('lan') });
  expect(told(paths, '10.0.0.1', '192.0.2.1', { mark: 5 })).toMatchObject({ in: 0, out: indexOf('dmz') });
  expect(kernelSays('192.0.2.1', 'mark', '5').out).toBe(indexOf('dmz'));
});

test('any address, among random prefixes of three tables, goes where iproute2 says', () => {
  const random = lcg(20_261_124);
  const v4 = () => [20 + (random() % 3), random() % 8, random() % 4, random() % 256].join('.');
  const v6 = () => `fd10:${random() % 4}:${random() % 8}000::${(random() % 65_536).toString(16)}`;
  const change = (address: string, longest: number) => {
    const length = longest / 4 + (random() % (longest - longest / 4 + 1));
    const gateway = longest === 32 ? `10.${random() % 3}.0.2` : `fd00:${random() % 3}::2`;
    return `route replace ${maskedTo(address, length)} via ${gateway} table ${[254, 254, 77, 78][random() % 4]}`;
  };
  ipBatch([
    ...Array.from({ length: 150 }, () => change(v4(), 32)),
    ...Array.from({ length: 150 }, () => change(v6(), 128)),
    'rule add to 21.0.0.0/9 lookup 77',
  ]);
  for (const [prefix, table] of [
    ['fd10:1::/32', '77'],
    ['fd10:2::/33', '78'],
  ]) {
    ip('-6', 'rule', 'add', 'to', prefix, 'lookup', table);
  }
  paths.update();
  const fresh = new KernelPaths(new NodeHost());
  for (const [any, here] of [
    [v4, '10.0.0.1'],
    [v6, 'fd00:0::1'],
  ] as const) {
    const addresses = Array.from({ length: 300 }, any);
    const ours = addresses.map(address => told(fresh, here, address));
    expect(ours.map(({ out, hop }) => ({ out, hop }))).toEqual(kernelSaysOfAll(addresses));
  }
  // Fewer questions than addresses: those between two boundaries share one.
  expect(fresh.counters.lookups).toBeLessThan(500);
  fresh.close();
});

describe('what one Flow alone does not tell', () => {
  test.each([
    ['two next hops on two links', 'nexthop via 10.1.0.2 nexthop via 10.2.0.2', '', ''],
    ['two next hops on one link', 'nexthop via 10.2.0.2 nexthop via 10.2.0.3', 'dmz', ''],
  ])('%s: what differs is left out', (_, hops, egress, expected) => {
    change(`route add 203.0.113.0/24 ${hops}`);
    const found = told(paths, '10.0.0.2', '203.0.113.5');
    expect(found).toMatchObject({ in: indexOf('lan'), out: indexOf(egress), hop: expected, destinationMac: '' });
  });

  test("an IPv4 route by an IPv6 next hop: no next hop of the Flow's family, but its MAC", () => {
    change('route add 203.0.113.0/24 via inet6 fd00:2::2 dev dmz');
    const found = told(paths, '10.0.0.2', '203.0.113.5');
    expect(found).toMatchObject({ out: indexOf('dmz'), hop: '', destinationMac: '020000000206' });
  });

  test.each(['blackhole', 'unreachable', 'prohibit', 'throw'])('a route of type %s has no egress', kind => {
    change('route delete default', `route add ${kind} 203.0.113.0/24`);
    expect(told(paths, '10.0.0.2', '203.0.113.5')).toMatchObject({ in: indexOf('lan'), out: 0 });
    expect(paths.counters.unreachable).toBeGreaterThan(0);
  });
});
