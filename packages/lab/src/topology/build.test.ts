import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { Lab } from '../namespaces/lab.js';
import { missing } from '../namespaces/requirements.js';
import { topologyDirectory } from '../paths.js';
import { attempt } from '../run/command.js';
import { startResponder, transfer } from '../traffic/traffic.js';
import { kernelFlowCount, kernelFlows } from '../truth/conntrack.js';
import { buildTopology } from './build.js';
import { missingFeatures } from './features.js';
import type { Network } from './network.js';
import type { TopologySpec } from './schema.js';

const reason = missing(['ping', 'tc']);
let lab: Lab;

const shipped = (name: string): TopologySpec => parse(readFileSync(join(topologyDirectory, `${name}.yaml`), 'utf8'));

function reaches(network: Network, from: string, address: string): boolean {
  return attempt(network.node(from).command(['ping', '-n', '-c', '1', '-W', '2', address])).status === 0;
}

beforeEach(context => {
  context.skip(reason !== undefined, reason);
  lab = new Lab();
});

afterEach(async () => {
  if (reason === undefined) expect(await lab.close()).toEqual([]);
});

test('client, router and server are as the acceptance tests know them, and connections are masqueraded', () => {
  const network = buildTopology(lab, shipped('nat'));
  expect(network.nodes).toEqual(['client', 'router', 'server']);
  expect(network.address('client', 4)).toBe('10.77.1.2');
  expect(network.addresses('router', 6)).toEqual(['fd77:1::1', 'fd77:2::1']);
  expect(network.path('client', 'server', 4)).toEqual(['client', 'router', 'server']);
  expect(network.link('router', 'client')).toBe('client');
  for (const family of [4, 6] as const)
    expect(reaches(network, 'client', network.address('server', family))).toBe(true);
  const masqueraded = kernelFlows(network.node('router')).map(({ reply }) => reply.destination);
  expect(masqueraded.sort()).toEqual(['10.77.2.1', 'fd77:2::1']);
});

test('from outside no way leads through a masquerade, also not through the second of two', () => {
  const network = buildTopology(lab, shipped('cgnat'));
  const server = network.address('server', 4);
  expect(network.path('laptop', 'server', 4)).toEqual(['laptop', 'home1', 'carrier', 'server']);
  expect(reaches(network, 'laptop', server)).toBe(true);
  expect(() => network.path('server', 'laptop', 4)).toThrow(
    'no way from "server" to "laptop" over IPv4: it ends at "server"',
  );
  expect(network.node('server').ip('route').split('\n').filter(Boolean)).toHaveLength(1);
  expect(network.node('carrier').ip('route')).not.toContain('192.168.');
  expect(kernelFlows(network.node('carrier'))[0]).toMatchObject({
    original: { source: '100.64.1.2', destination: server },
    reply: { destination: '10.77.2.1' },
  });
});

test('networks behind one masquerade reach each other untranslated', () => {
  const network = buildTopology(lab, shipped('networks'));
  expect(reaches(network, 'office', network.address('guest', 4))).toBe(true);
  expect(kernelFlows(network.node('router'))[0]!.reply.destination).toBe(network.address('office', 4));
  expect(reaches(network, 'guest', network.address('server', 4))).toBe(true);
});

test('nothing is tracked where nothing asks for it; a node that tracks does', () => {
  const spec = shipped('dual-stack');
  const network = buildTopology(lab, { ...spec, nodes: { ...spec.nodes, client: null } });
  expect(reaches(network, 'client', network.address('server', 6))).toBe(true);
  expect(['client', 'router', 'server'].map(name => kernelFlowCount(network.node(name)))).toEqual([0, 1, 0]);
});

test('in a mesh every router reaches every other, there and back by the same way', context => {
  const spec = shipped('mesh');
  const absent = missingFeatures(spec);
  context.skip(absent.length > 0, absent.join('; '));
  const network = buildTopology(lab, { ...spec, mesh: { routers: 9, rate: 50 } });
  expect(reaches(network, 'alice', network.address('bob', 6))).toBe(true);
  for (const to of network.nodes) {
    const there = network.path('alice', to, 4);
    const leaf = ['alice', 'bob'].includes(to);
    if (leaf) expect(network.path(to, 'alice', 4)).toEqual(there.reverse());
    for (const family of [4, 6] as const) expect(reaches(network, 'alice', network.address(to, family)), to).toBe(true);
  }
}, 60_000);

test('a lossy link loses about as much as it says, each way', context => {
  const spec = shipped('lossy');
  const absent = missingFeatures(spec);
  context.skip(absent.length > 0, absent.join('; '));
  const network = buildTopology(lab, {
    ...spec,
    links: spec.links.map(link => (link.loss ? { ...link, loss: 0.5 } : link)),
  });
  const ping = ['ping', '-n', '-q', '-i', '0.002', '-c', '500', '-W', '1', network.address('server', 4)];
  const said = attempt(network.node('client').command(ping)).stdout;
  // A quarter comes back; six standard deviations of the binomial distribution are 58.
  const received = Number(said.match(/(\d+) received/)![1]);
  expect(received).toBeGreaterThan(125 - 58);
  expect(received).toBeLessThan(125 + 58);
});

test('a slow link is slow', async context => {
  const spec = shipped('slow');
  const absent = missingFeatures(spec);
  context.skip(absent.length > 0, absent.join('; '));
  const network = buildTopology(lab, spec);
  lab.own(await startResponder(network.node('server'), 7000));
  const order = { host: network.address('server', 4), port: 7000, upload: 0, download: 1_000_000 };
  const { received, start, end } = await transfer(network.node('client'), order);
  expect(received).toBe(1_000_000);
  // 8 Mbit at 20 Mbit/s, less the burst.
  expect(end - start).toBeGreaterThan(300);
});

test('what this kernel cannot do is told, and what it can do is not', () => {
  const spec = shipped('nat');
  expect(missingFeatures(spec)).toEqual([]);
  const nodes = {
    ...spec.nodes,
    router: { nft: 'table inet odd { ct helper x { type "no-such-helper" protocol tcp\n }\n}\n' },
  };
  expect(missingFeatures({ ...spec, nodes })).toEqual([
    'this kernel does not know something in the nft commands of node "router"',
  ]);
  const vlans = missingFeatures(shipped('vlan'));
  if (vlans.length > 0) expect(vlans).toEqual(['this kernel has no VLANs (module 8021q)']);
  else expect(buildTopology(lab, shipped('vlan')).nodes).toHaveLength(3);
});

describe('mistakes name what is wrong', () => {
  const nodes = { a: null, b: null };
  test.each<[string, TopologySpec, string]>([
    ['an unknown node', { nodes, links: [{ between: ['a', 'c'] }] }, 'no node "c" for a link; there are a, b'],
    ['a loop', { nodes, links: [{ between: ['a', 'a'] }] }, 'a link between "a" and itself; name two nodes'],
    ['a prefix that is none', { nodes, links: [{ between: ['a', 'b'], ipv4: '10.1.1.1/24' }] }, 'is no IPv4 prefix'],
    ['a double link', { nodes, links: [{ between: ['a', 'b'] }, { between: ['b', 'a'] }] }, 'a - b is there twice'],
    [
      'a masquerade towards nobody',
      { nodes: { a: { masquerade: 'c' }, b: null }, links: [{ between: ['a', 'b'] }] },
      '"a" is to masquerade towards "c", which is no neighbour of it',
    ],
  ])('%s', (_, spec, message) => {
    expect(() => buildTopology(lab, spec)).toThrow(message);
  });
});
