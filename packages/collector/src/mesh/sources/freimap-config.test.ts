import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fixture } from '../formats/testing/fixtures.js';
import { freimapPlaces } from './freimap-config.js';
import { TopologySource } from './topology-source.js';

function config(port: number): string {
  return `# freimap
---
version: svn
backgrounds:
  map:
    type: openstreetmap
    url: "http://elsewhere.example/"
datasources:
  positions:   # where they are
    class: net.relet.freimap.FreifunkMapDataSource
    url: "file:data/ffmap.xml"

  olsrd-localhost:
    class: net.relet.freimap.OlsrdDataSource
    host: 127.0.0.1
    port: ${port}
    nodesource: positions
  old:
    class: net.relet.freimap.MysqlDataSource
    host: db.example
  web:
    class: net.relet.freimap.LatLonJsDataSource
    url: http://map.example/latlon.js#x
`;
}

test('the places of its data sources', () => {
  expect(freimapPlaces(config(2005), '/srv/freimap/config.yaml')).toEqual([
    { kind: 'file', path: '/srv/freimap/data/ffmap.xml' },
    { kind: 'tcp', host: '127.0.0.1', port: 2005, send: '' },
    { kind: 'http', url: 'http://map.example/latlon.js' },
  ]);
  expect(freimapPlaces('{"nodes":[]}', '/x')).toBeUndefined();
  expect(() => freimapPlaces('datasources:\n  a:\n    class: x.MysqlDataSource\n', '/c.yaml')).toThrow(
    /c\.yaml is a configuration of freimap without a data source that Weir reads/,
  );
});

test('a topology by a configuration of freimap: positions of a file, links of a running olsrd', async () => {
  const server = createServer(socket => socket.end(fixture('olsrd.dot')));
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  const directory = await mkdtemp(join(tmpdir(), 'weir-freimap-'));
  try {
    const text = config((server.address() as AddressInfo).port).replace('data/ffmap', 'ffmap');
    await writeFile(join(directory, 'config.yaml'), text.slice(0, text.indexOf('  web:')));
    await writeFile(join(directory, 'ffmap.xml'), fixture('ffmap.xml'));
    const times = { interval: 60_000, patience: 10_000, now: Date.now };
    const path = join(directory, 'config.yaml');
    const source = new TopologySource({ name: 'f', places: [{ kind: 'file', path }] }, times);
    const { signal } = new AbortController();
    expect(await source.look(signal)).toBe(true);
    expect(source.status()).toMatchObject({ format: 'freimap XML + olsrd dot', state: 'fresh' });
    expect(source.mesh?.nodes.find(({ id }) => id === '10.4.0.2')).toMatchObject({
      position: { latitude: 47.11, longitude: 8.21 },
      networks: ['10.44.2.0/24'],
    });
    expect(await source.look(signal)).toBe(false);
  } finally {
    server.close();
    await rm(directory, { recursive: true });
  }
});
