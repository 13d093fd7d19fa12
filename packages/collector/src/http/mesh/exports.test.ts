import Type from 'typebox';
import { Value } from 'typebox/value';
import { expect, test } from 'vitest';
import { linkOf, nodeOf } from '../../store/mesh/testing/meshes.js';
import { type Exported, geojson, meshviewer, netjson } from './exports.js';
import { linkSeen, nodeSeen } from './view.js';

const view = { isPublic: false, hasClients: false };
const nodes = [
  nodeOf('a', {
    name: 'Turm',
    position: { latitude: 53.1, longitude: 8.9 },
    ...{ gateway: true, clients: 3, addresses: ['10.1.0.1', '10.1.0.1'] },
    details: { model: 'M', firmware: 'v1', site: 'north', firstSeen: '2020-01-01T00:00:00Z' },
  }),
  nodeOf('b', { position: { latitude: -1, longitude: 0 }, nextHop: 'a', leavesBy: 'a' }),
  nodeOf('c', { online: false }),
].map(node => nodeSeen(node, view));
const links = [
  linkOf('a', 'b', { quality: 0.5, reverseQuality: 0.25 }),
  linkOf('a', 'c', { cost: 2, kind: 'tunnel' }),
  linkOf('b', 'c', { quality: 0, kind: 'wired' }),
].map(linkSeen);
const exported: Exported = {
  state: { topology: 'city', at: Date.parse('2026-03-01T20:00:00Z'), nodes, links },
  rates: new Map([['a~b', { forward: 1_000_000, reverse: 20_000 }]]),
  version: '1.2.3',
};

/** What the published schema of NetworkGraph asks for. */
const anything = Type.Object({}, { additionalProperties: true });
const networkGraph = Type.Object({
  ...{ type: Type.Literal('NetworkGraph'), protocol: Type.String(), version: Type.String(), metric: Type.String() },
  label: Type.Optional(Type.String()),
  nodes: Type.Array(
    Type.Object({
      ...{ id: Type.String(), label: Type.Optional(Type.String()), properties: Type.Optional(anything) },
      local_addresses: Type.Optional(Type.Array(Type.String(), { uniqueItems: true })),
    }),
    { uniqueItems: true },
  ),
  links: Type.Array(
    Type.Object({
      ...{ source: Type.String(), target: Type.String(), cost: Type.Number(), properties: Type.Optional(anything) },
    }),
    { uniqueItems: true },
  ),
});

/** As a reader gets it. */
const read = (value: object) => JSON.parse(JSON.stringify(value));

test('NetJSON is as its schema wants it, with traffic', () => {
  const graph = read(netjson(exported));
  expect(Value.Errors(networkGraph, graph)).toEqual([]);
  expect(graph).toMatchObject({
    ...{ version: '1.2.3', label: 'city' },
    nodes: [
      {
        ...{ id: 'a', label: 'Turm', local_addresses: ['10.1.0.1'] },
        properties: { model: 'M', gateway: true, online: true, clients: 3 },
      },
      { id: 'b', label: 'b', properties: { nextHop: 'a', leavesBy: 'a' } },
      { id: 'c', properties: { online: false } },
    ],
    links: [
      {
        ...{ source: 'a', target: 'b', cost: 8 },
        properties: { id: 'a~b', quality: 0.5, weir: { forward: 1_000_000, reverse: 20_000 } },
      },
      { source: 'a', target: 'c', cost: 2, properties: { kind: 'tunnel', weir: { forward: 0, reverse: 0 } } },
      { source: 'b', target: 'c', cost: 65_535 },
    ],
  });
});

test('GeoJSON has what has a position, longitude first', () => {
  const { type, features } = read(geojson(exported));
  expect(type).toBe('FeatureCollection');
  expect(features).toMatchObject([
    {
      ...{ type: 'Feature', id: 'a~b' },
      geometry: {
        type: 'LineString',
        coordinates: [
          [8.9, 53.1],
          [0, -1],
        ],
      },
      properties: { source: 'a', target: 'b', quality: 0.5, weir: { forward: 1_000_000 } },
    },
    { type: 'Feature', id: 'a', geometry: { type: 'Point', coordinates: [8.9, 53.1] }, properties: { name: 'Turm' } },
    { id: 'b' },
  ]);
  expect(features).toHaveLength(3);
});

test('a meshviewer.json has all that meshviewer takes for granted', () => {
  const file = read(meshviewer(exported));
  expect(file.timestamp).toBe('2026-03-01T20:00:00.000Z');
  for (const node of file.nodes) {
    for (const name of ['node_id', 'hostname']) expect(node[name]).toBeTypeOf('string');
    for (const name of ['firstseen', 'lastseen']) expect(Date.parse(node[name])).not.toBeNaN();
    for (const name of ['clients', 'clients_wifi24', 'clients_wifi5', 'clients_other'])
      expect(node[name]).toBeTypeOf('number');
    for (const name of ['is_online', 'is_gateway']) expect(node[name]).toBeTypeOf('boolean');
    // It looks into this without asking.
    expect(node.firmware).toBeTypeOf('object');
  }
  expect(file.nodes[0]).toMatchObject({
    ...{ hostname: 'Turm', model: 'M', domain: 'north', firmware: { release: 'v1' }, clients: 3 },
    ...{ location: { latitude: 53.1, longitude: 8.9 }, lastseen: file.timestamp, firstseen: '2020-01-01T00:00:00Z' },
  });
  expect(file.nodes[1]).toMatchObject({ gateway_nexthop: 'a', gateway: 'a' });
  expect(file.nodes[2]).not.toHaveProperty('location');
  for (const link of file.links) {
    expect(['wifi', 'vpn', 'other']).toContain(link.type);
    for (const name of ['source_tq', 'target_tq']) {
      expect(link[name]).toBeGreaterThanOrEqual(0);
      expect(link[name]).toBeLessThanOrEqual(1);
    }
  }
  expect(file.links[0]).toMatchObject({
    ...{ type: 'wifi', source: 'a', target: 'b', source_tq: 0.5, target_tq: 0.25 },
    weir: { forward: 1_000_000, reverse: 20_000 },
  });
});
