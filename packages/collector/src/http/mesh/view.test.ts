import { describe, expect, test } from 'vitest';
import { linkOf, nodeOf } from '../../store/mesh/testing/meshes.js';
import { clientsSeen, linkSeen, nodeSeen, rateSeen, topologySeen } from './view.js';

const everybody = { isPublic: true, hasClients: true };
const viewer = { isPublic: false, hasClients: false };
const withClients = { isPublic: false, hasClients: true };

const node = nodeOf('a', {
  addresses: ['10.1.0.1', 'fd00::1'],
  macs: ['02:00:00:00:00:01'],
  networks: ['10.1.0.0/24', '10.1.0.77', '02:00:00:00:00:77'],
  clients: 7,
  details: { model: 'M', owner: 'somebody@example.org', uptime: 77 },
});

describe('a node', () => {
  test('is seen by everybody without addresses, and what tells of people', () => {
    const seen = nodeSeen(node, everybody);
    expect(seen).toEqual({
      ...{ id: 'a', name: 'a', online: true, gateway: false, clients: 5 },
      ...{ addresses: [], networks: [], details: { model: 'M' } },
    });
    expect(JSON.stringify(seen)).not.toMatch(/10\.1|fd00|02:00|somebody|77/);
  });

  test('is seen by who is logged in with its own addresses, those of clients only where that is switched on', () => {
    expect(nodeSeen(node, viewer)).toMatchObject({
      ...{ clients: 7, addresses: ['10.1.0.1', 'fd00::1'], networks: ['10.1.0.0/24'], details: node.details },
    });
    expect(nodeSeen(node, withClients).networks).toEqual(node.networks);
  });
});

test('clients are told in fives, rounded down', () => {
  expect([0, 1, 4, 5, 9, 10, 123].map(each => clientsSeen(each, everybody))).toEqual([0, 0, 0, 5, 5, 10, 120]);
  expect(clientsSeen(3, viewer)).toBe(3);
});

test('rates are told with two digits, small ones not', () => {
  expect([0, 9999, 10_000, 123_456, 98_765_432].map(each => rateSeen(each, everybody))).toEqual([
    0, 0, 10_000, 120_000, 99_000_000,
  ]);
  expect(rateSeen(9999.4, viewer)).toBe(9999);
});

test('addresses of the ends of a link are for nobody', () => {
  const link = linkOf('a', 'b', { quality: 0.5, cost: 2, sourceAddress: '10.1.0.1', targetAddress: '10.1.0.2' });
  expect(linkSeen(link)).toEqual({ id: 'a~b', source: 'a', target: 'b', kind: 'wireless', quality: 0.5, cost: 2 });
});

test('what is wrong with a source is for those who are logged in', () => {
  const counts = { nodes: 0, online: 0, links: 0, gateways: 0, unplaced: 0, leftOut: {}, reads: 0, failures: 1 };
  const topology = { name: 'a', state: 'empty' as const, problem: 'no /srv/mesh.json', ...counts };
  expect(topologySeen(topology, everybody)).toEqual({ name: 'a', state: 'empty', ...counts });
  expect(topologySeen(topology, viewer)).toBe(topology);
});
