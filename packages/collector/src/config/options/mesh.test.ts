import { expect, test } from 'vitest';
import { meshSettings } from './mesh.js';

const defaults = { topology: [], 'topology-interval': 60, place: [] };

test('topologies by their names', () => {
  const { topologies } = meshSettings({
    ...defaults,
    topology: ['city=https://map.example.org/meshviewer.json?a=b', 'Süd 2=/srv/nodes.json,/srv/graph.json'],
  });
  expect(topologies).toEqual([
    { name: 'city', places: [{ kind: 'http', url: 'https://map.example.org/meshviewer.json?a=b' }] },
    {
      name: 'Süd 2',
      places: [
        { kind: 'file', path: '/srv/nodes.json' },
        { kind: 'file', path: '/srv/graph.json' },
      ],
    },
  ]);
});

test.each([
  ['/var/lib/mesh.json', /no name and place; write NAME=PATH/],
  ['=x.json', /no name and place/],
  ['a/b=x.json', /no name and place/],
  ['a=ftp://example.org/x', /topology: .* no place to read a topology from/],
])('%s is refused', (topology, message) => {
  expect(() => meshSettings({ ...defaults, topology: [topology] })).toThrow(message);
});

test('two of one name are refused', () => {
  expect(() => meshSettings({ ...defaults, topology: ['a=x', 'a=y'] })).toThrow(/"a" is the name of two/);
});

test('rules of places', () => {
  const { places } = meshSettings({ ...defaults, place: ['10.1.2.0/24=roof-12', ' fd00::/8 = a=b '] });
  expect(places).toEqual([
    { network: '10.1.2.0/24', node: 'roof-12' },
    { network: 'fd00::/8', node: 'a=b' },
  ]);
  for (const place of ['10.1.2.0/24', '10.1.2.0/24=', 'roof=10.1.2.0/24', '10.1.2.0/33=x'])
    expect(() => meshSettings({ ...defaults, place: [place] })).toThrow(/place: .* is no network and node/);
});
