import { parseAddress, parseNetwork } from '@weir/flow';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aMesh } from '../testing/meshes.js';
import { Places } from './places.js';
import { Ranges } from './ranges.js';

const mesh = aMesh(
  [
    { id: 'a', name: 'alpha', addresses: ['10.0.0.1', 'fd00::1'], networks: ['10.1.0.0/16', '0.0.0.0/0', '::/0'] },
    { id: 'b', addresses: ['10.1.2.3'], networks: ['10.1.2.0/24', '2001:db8:b::/48', '02:00:5e:00:53:01'] },
    { id: 'c', macs: ['02:00:5e:00:53:0c'], networks: ['10.1.2.77'] },
  ],
  [['a', 'b', { sourceAddress: '10.0.0.65', targetAddress: '02:00:5e:00:53:0b' }]],
);

describe('an address is at a node', () => {
  const places = new Places(mesh, []);
  test.each([
    ['10.0.0.1', 0],
    ['::ffff:10.0.0.1', 0],
    ['fd00::1', 0],
    ['10.1.9.9', 0],
    ['10.1.2.3', 1],
    ['10.1.2.4', 1],
    ['10.1.2.77', 2],
    ['10.1.3.0', 0],
    ['10.0.0.65', 0],
    ['2001:db8:b:1::5', 1],
    ['192.0.2.1', -1],
    ['2001:db8:c::1', -1],
    ['nonsense', -1],
  ])('%s: %i', (address, node) => expect(places.nodeOf(address)).toBe(node));

  test('a MAC address, also one that an IPv6 address was made of', () => {
    expect(places.nodeOfMac('02:00:5e:00:53:0c')).toBe(2);
    expect(places.nodeOfMac('02:00:5e:00:53:0b')).toBe(1);
    expect(places.nodeOfMac('02:00:5e:00:53:01')).toBe(1);
    expect(places.nodeOf('2001:db8:7::5eff:fe00:5301')).toBe(1);
    expect(places.nodeOf('2001:db8:7::5eff:fe00:5302')).toBe(-1);
  });

  test('its own or of what is behind it, and what stays on a link', () => {
    expect(places.isOwn('10.1.2.3')).toBe(true);
    expect(places.isOwn('10.1.2.4')).toBe(false);
    expect(['fe80::1', 'ff02::5', '224.0.0.5', '255.255.255.255'].every(each => places.staysOnLink(each))).toBe(true);
    expect(places.staysOnLink('10.1.2.3')).toBe(false);
  });
});

test("users' rules count before all else, the longest first, by id or name", () => {
  const rules = [
    { network: '10.1.0.0/16', node: 'c' },
    { network: '10.1.2.3', node: 'alpha' },
    { network: '10.1.2.3', node: 'c' },
    { network: '10.0.0.0/8', node: 'elsewhere' },
  ];
  const places = new Places(mesh, rules);
  expect(['10.1.2.4', '10.1.2.3', '10.0.0.1'].map(each => places.nodeOf(each))).toEqual([2, 0, 0]);
});

test('the longest network that has an address', () => {
  const network = fc.tuple(fc.nat(15), fc.integer({ min: 20, max: 32 })).map(([octet, length]) => {
    return `10.0.${octet}.${(octet * 77) % 256}/${length}`;
  });
  fc.assert(
    fc.property(fc.array(network, { maxLength: 30 }), fc.nat(15), fc.nat(255), (networks, third, fourth) => {
      const meanings = networks.flatMap((each, value) => parseNetwork(each)!.map(range => ({ ...range, value })));
      const address = parseAddress(`10.0.${third}.${fourth}`)!;
      const holding = meanings.filter(({ low, high }) => low <= address && address <= high);
      const size = holding.reduce((least, { low, high }) => (high - low < least ? high - low : least), 1n << 128n);
      const longest = holding.filter(({ low, high }) => high - low === size).at(-1)?.value ?? -1;
      expect(new Ranges(meanings).find(address)).toBe(longest);
    }),
  );
});
