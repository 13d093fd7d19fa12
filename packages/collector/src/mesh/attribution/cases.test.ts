import { describe, expect, test } from 'vitest';
import { hows } from '../paths/paths.js';
import { aMesh } from '../testing/meshes.js';
import { Attribution } from './attribution.js';
import { type Group, reasons } from './group.js';
import { Sums } from './sums.js';
import { View } from './view.js';

const ids = ['a', 'b', 'c', 'g'];
const nodes = ids.map((id, i) => ({
  ...{ id, gateway: id === 'g', addresses: [`10.0.0.${i + 1}`], networks: [`10.1.${i + 1}.0/24`] },
}));
const line = aMesh(nodes, [
  ['a', 'b'],
  ['b', 'c', { sourceAddress: '10.0.7.2', targetAddress: '10.0.7.3' }],
  ['b', 'c', { sourceAddress: '10.0.8.2', targetAddress: '10.0.8.3', cost: 100, reverseCost: 100 }],
  ['c', 'g'],
]);

const some: Group = {
  ...{ source: '10.1.1.5', destination: '198.51.100.7', natSource: '', natDestination: '', class: 0 },
  ...{ exporter: '', nextHop: '', ingress: 0, egress: 0, sourceMac: '', destinationMac: '', duplicate: false },
  ...{ octets: 1000, packets: 1, reverseOctets: 100, reversePackets: 1, begin: 0, end: 0, ofFirst: 1, ofEach: 0 },
};

/** What the last of several steps adds: octets by link with direction and how; sent, received and so on by node; and reasons. */
function lastOf(steps: readonly (readonly Partial<Group>[])[], mesh = line): Record<string, number> {
  const view = new View(mesh, []);
  const attribution = new Attribution();
  let sums = new Sums();
  for (const [minute, groups] of steps.entries()) {
    sums = new Sums();
    const whole = groups.map(group => ({ ...some, begin: minute, end: minute, ...group }));
    attribution.add(whole, () => view, sums, minute);
  }
  const found: [string, number][] = [];
  for (const { link, how, counts } of sums.links())
    found.push([`${link} ${hows[how]}`, counts[0]!], [`${link} ${hows[how]} back`, counts[2]!]);
  for (const { node, counts } of sums.ends())
    for (const [i, name] of ['sent', 'received', 'out', 'in'].entries()) found.push([`${node} ${name}`, counts[i]!]);
  for (const { reason, counts } of sums.unplaced()) found.push([reasons[reason]!, counts[0]!]);
  return Object.fromEntries(found.filter(([, octets]) => octets > 0));
}

const overAll = (how: (link: string) => string, [there, back]: readonly [number, number]) =>
  Object.fromEntries(
    ['a~b', 'b~c', 'c~g'].flatMap(link => [
      [`${link} ${how(link)}`, there],
      [`${link} ${how(link)} back`, back],
    ]),
  );
const ends = { 'a sent': 1000, 'g out': 1000, 'g in': 100, 'a received': 100 };
const guessed = () => 'shortest';

describe('who tells of a link', () => {
  test('the exporter, whether it is on the way or elsewhere', () => {
    for (const exporter of ['10.0.0.1', '10.0.0.3', '10.0.0.4', '203.0.113.1'])
      expect(lastOf([[{ exporter }]])).toEqual({ ...overAll(guessed, [1000, 100]), ...ends });
  });

  test('of exporters in different steps each its own links, once they are known', () => {
    const [a, c] = [
      { exporter: '10.0.0.1', nextHop: '10.0.0.2' },
      { exporter: '10.0.0.3', nextHop: '10.0.0.4', duplicate: true },
    ];
    expect(lastOf([[a], [c], [a]])).toEqual({
      ...{ 'a~b measured': 1000, 'b~c shortest': 1000 },
      ...ends,
    });
    expect(lastOf([[a], [c], [a], [c]])).toEqual({
      ...{ 'c~g measured': 1000, 'c~g measured back': 100, 'b~c shortest back': 100, 'a~b measured back': 100 },
    });
  });

  test('one that will tell of all that goes through it, before it has told of these addresses', () => {
    const others = { exporter: '10.0.0.2', source: '10.1.1.99', nextHop: '10.0.0.3' };
    expect(lastOf([[others], [{ exporter: '10.0.0.1', nextHop: '10.0.0.2' }]])).toEqual({
      ...{ 'a~b measured': 1000 },
      ...ends,
    });
  });

  test('not one that tells of nothing but its own traffic, nor one that has fallen silent', () => {
    const own = { exporter: '10.0.0.2', source: '10.0.0.2', nextHop: '10.0.0.3' };
    const a = { exporter: '10.0.0.1', nextHop: '10.0.0.2' };
    const whole = { ...overAll(link => (link === 'a~b' ? 'measured' : 'shortest'), [1000, 100]), ...ends };
    expect(lastOf([[own], [a]])).toEqual(whole);
    const others = { exporter: '10.0.0.2', source: '10.1.1.99', nextHop: '10.0.0.3' };
    expect(lastOf([[others], ...Array<Partial<Group>[]>(12).fill([a])])).toEqual(whole);
  });
});

describe('which of parallel links', () => {
  test.each([
    ['10.0.7.3', 'b~c'],
    ['::ffff:10.0.8.3', 'b~c~2'],
    ['10.0.0.3', 'b~c'],
  ])('next hop %s: %s', (nextHop, link) => {
    const found = lastOf([[{ exporter: '10.0.0.2', nextHop }]]);
    expect([found[`${link} measured`], found[`${link} measured back`]]).toEqual([1000, 100]);
  });
});

describe('the way back', () => {
  const ring = aMesh(nodes, [
    ['a', 'b'],
    ['b', 'g'],
    ['a', 'c', { cost: 5, reverseCost: 5 }],
    ['c', 'g', { cost: 5, reverseCost: 5 }],
  ]);
  test('goes where packets come from, as their MAC address says which a next hop had, or their interface', () => {
    const mac = '02:00:5e:00:53:0c';
    for (const [learned, known] of [
      [{ destinationMac: mac }, { sourceMac: mac }],
      [{ egress: 4 }, { ingress: 4 }],
    ]) {
      const before = {
        exporter: '10.0.0.4',
        source: '10.0.0.4',
        destination: '10.0.0.3',
        nextHop: '10.0.0.3',
        ...learned,
      };
      const found = lastOf([[before], [{ exporter: '10.0.0.4', ...known }]], ring);
      expect(found).toEqual({
        ...{ 'a~c shortest': 1000, 'c~g measured': 1000, 'c~g measured back': 100, 'a~c shortest back': 100 },
        ...ends,
      });
    }
  });

  test('does not go through exporters that have seen one direction only', () => {
    const groups = [
      { exporter: '10.0.0.1', nextHop: '10.0.0.2' },
      { exporter: '10.0.0.2', nextHop: '10.0.0.4', reverseOctets: 0, reversePackets: 0, duplicate: true },
    ];
    expect(lastOf([groups], ring)).toEqual({
      ...{ 'a~b measured': 1000, 'b~g measured': 1000, 'c~g shortest back': 100, 'a~c shortest back': 100 },
      ...ends,
    });
  });
});

describe('what has no place', () => {
  test('counts on the links where it was measured, and as unknown', () => {
    const lost = { source: '10.77.0.1', exporter: '10.0.0.2', nextHop: '10.0.0.3' };
    expect(lastOf([[lost]])).toEqual({ 'b~c measured': 1000, 'b~c measured back': 100, 'unknown source': 1100 });
    expect(lastOf([[{ ...lost, duplicate: true }]])).toEqual({ 'b~c measured': 1000, 'b~c measured back': 100 });
  });

  test('of a client behind a gateway that translates, unless the router is no gateway', () => {
    const lost = { source: '192.168.1.2', reverseOctets: 0, reversePackets: 0 };
    expect(lastOf([[{ ...lost, exporter: '10.0.0.4', natSource: '10.0.0.4' }]])).toEqual({ 'unknown source': 1000 });
    expect(lastOf([[{ ...lost, exporter: '10.0.0.3', natSource: '10.0.0.3' }]])).toEqual({
      ...{ 'c~g shortest': 1000, 'c sent': 1000, 'g out': 1000 },
    });
  });

  test('says why', () => {
    const apart = aMesh([...nodes, { id: 'x', addresses: ['10.0.0.9'] }], [['a', 'b']]);
    expect(lastOf([[{ destination: '10.0.0.9' }]], apart)).toEqual({ 'no path': 1100 });
    expect(lastOf([[{ destination: '224.0.0.5' }]])).toEqual({ 'unknown destination': 1100 });
    const closed = aMesh(
      nodes.map(node => ({ ...node, gateway: false })),
      [['a', 'b']],
    );
    expect(lastOf([[{}]], closed)).toEqual({ 'unknown destination': 1000, 'unknown source': 100 });
  });
});
