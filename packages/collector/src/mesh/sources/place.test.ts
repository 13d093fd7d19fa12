import { expect, test } from 'vitest';
import { formatPlace, parseTopologyPlaces } from './place.js';

test.each([
  ['mesh/nodes.json', [{ kind: 'file', path: 'mesh/nodes.json' }]],
  ['file:/srv/respondd', [{ kind: 'file', path: '/srv/respondd' }]],
  ['file:///srv/a,b c.json', [{ kind: 'file', path: '/srv/a,b c.json' }]],
  ['https://map.example/data/a,b.json', [{ kind: 'http', url: 'https://map.example/data/a,b.json' }]],
  [
    'http://ann:p%40ss@map.example/nodes.json',
    [{ kind: 'http', url: 'http://map.example/nodes.json', authorization: 'Basic YW5uOnBAc3M=' }],
  ],
  ['tcp://[::1]:33123?send=dump\\nquit', [{ kind: 'tcp', host: '::1', port: 33123, send: 'dump\nquit' }]],
  ['tcp://10.0.0.1:9090/?send=%2Fall', [{ kind: 'tcp', host: '10.0.0.1', port: 9090, send: '/all' }]],
  ['tcp://router.example:9090', [{ kind: 'tcp', host: 'router.example', port: 9090 }]],
  [
    'https://a.example/nodes.json,https://a.example/graph.json /srv/positions.xml ./more.json',
    [
      { kind: 'http', url: 'https://a.example/nodes.json' },
      { kind: 'http', url: 'https://a.example/graph.json' },
      { kind: 'file', path: '/srv/positions.xml' },
      { kind: 'file', path: './more.json' },
    ],
  ],
])('%s', (text, places) => {
  expect(parseTopologyPlaces(text)).toEqual(places);
});

test.each([
  '',
  'file:',
  'ftp://a.example/nodes.json',
  'tcp://10.0.0.1',
  'tcp://10.0.0.1:9/all',
  'tcp://h:9?sned=x',
  'http://',
])('"%s" is refused, with what to write', text => {
  expect(() => parseTopologyPlaces(text)).toThrow(/no place to read a topology from: write PATH/);
});

test('a place is shown without its password', () => {
  const [http, tcp] = parseTopologyPlaces('http://ann:secret@map.example/n.json tcp://[::1]:9090?send=/all');
  expect(formatPlace(http!)).toBe('http://map.example/n.json');
  expect(formatPlace(tcp!)).toBe('tcp://[::1]:9090');
});
