import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { fixture } from '../formats/testing/fixtures.js';
import type { Mesh } from '../mesh.js';
import { parseTopologyPlaces } from './place.js';
import { TopologySources } from './topologies.js';
import { TopologySource } from './topology-source.js';

const ended: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0).reverse()) await end();
});

/** Just after the fixtures were made. */
const NOW = Date.parse('2026-03-01T11:01:00Z');
const never = new AbortController().signal;

function source(places: string, { patience = 5000, now = () => NOW } = {}): TopologySource {
  return new TopologySource({ name: 'm', places: parseTopologyPlaces(places) }, { interval: 60_000, patience, now });
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

async function serve(answer: Answer): Promise<{ url: string; become(other: Answer): void }> {
  let current = answer;
  const server = createServer((request, response) => current(request, response));
  await listen(server);
  ended.push(() => server.closeAllConnections());
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, become: other => (current = other) };
}

async function listen(server: Server): Promise<void> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  ended.push(() => new Promise(resolve => server.close(resolve)));
}

async function directory(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'weir-topology-'));
  ended.push(() => rm(path, { recursive: true }));
  return path;
}

const feed = fixture('meshviewer.json');
const changed = Buffer.from(feed.toString().replace('"clients": 7', '"clients": 8'));

describe('over HTTP', () => {
  test('read, unchanged, changed; a new time alone is no change', async () => {
    let body = feed;
    const { url } = await serve((_, response) => response.end(body));
    const topology = source(`${url}/meshviewer.json`);
    expect(topology.status()).toMatchObject({ state: 'empty', nodes: 0, reads: 0, failures: 0 });
    expect(await topology.look(never)).toBe(true);
    const { mesh } = topology;
    expect(topology.status()).toMatchObject({
      state: 'fresh',
      format: 'meshviewer.json',
      at: Date.parse('2026-03-01T11:00:05Z'),
      readAt: NOW,
      nodes: 4,
      online: 3,
      links: 3,
      gateways: 1,
      unplaced: 2,
      leftOut: { 'link to a missing node': 1 },
      reads: 1,
      failures: 0,
    });
    expect(await topology.look(never)).toBe(false);
    body = Buffer.from(feed.toString().replace('T12:00:05+0100', 'T12:00:55+0100'));
    expect(await topology.look(never)).toBe(false);
    expect(topology.mesh).toBe(mesh);
    expect(topology.status()).toMatchObject({ at: Date.parse('2026-03-01T11:00:55Z'), reads: 3 });
    body = changed;
    expect(changed.equals(feed)).toBe(false);
    expect(await topology.look(never)).toBe(true);
    expect(topology.mesh?.nodes[1]?.clients).toBe(8);
  });

  test('asks only whether it has changed', async () => {
    const asked: unknown[] = [];
    const { url } = await serve(({ headers }, response) => {
      asked.push([headers['if-none-match'], headers['if-modified-since']]);
      if (headers['if-none-match'] === '"1"') response.writeHead(304).end();
      else response.writeHead(200, { etag: '"1"', 'last-modified': 'Sun, 01 Mar 2026 11:00:05 GMT' }).end(feed);
    });
    const topology = source(url);
    expect(await topology.look(never)).toBe(true);
    expect(await topology.look(never)).toBe(false);
    expect(asked).toEqual([
      [undefined, undefined],
      ['"1"', 'Sun, 01 Mar 2026 11:00:05 GMT'],
    ]);
    expect(topology.status()).toMatchObject({ state: 'fresh', reads: 2, nodes: 4 });
  });

  test('the last good state stays while the feed is gone, not JSON, another page or slow, and what is wrong is said', async () => {
    const server = await serve((_, response) => response.end(feed));
    const topology = source(`${server.url}/m.json`, { patience: 400 });
    await topology.look(never);
    const troubles: [Answer, RegExp][] = [
      [(_, response) => response.writeHead(404).end('no'), /m\.json is not there \(HTTP 404\): look whether the path/],
      [(_, response) => response.writeHead(401).end(), /is refused \(HTTP 401\): write http:\/\/USER/],
      [(_, response) => response.writeHead(502).end(), /HTTP 502: look into the log/],
      [(_, response) => response.end(feed.subarray(0, 1000)), /m\.json: this is no topology that Weir knows/],
      [(_, response) => response.end('<html></html>'), /that is a web page: give the URL/],
      [() => undefined, /did not answer wholly in time: look whether it is up/],
      [(_, response) => response.write(feed.subarray(0, 1000)), /did not answer wholly in time/],
      [request => request.socket.destroy(), /broke the connection off/],
      [
        (_, response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
        /redirects to file:.*not followed/,
      ],
      [(_, response) => response.writeHead(302, { location: '/m.json' }).end(), /redirects more than 5 times/],
    ];
    for (const [answer, problem] of troubles) {
      server.become(answer);
      expect(await topology.look(never)).toBe(false);
      expect(topology.status().problem).toMatch(problem);
      expect(topology.status()).toMatchObject({ state: 'stale', nodes: 4, links: 3 });
    }
    expect(topology.status()).toMatchObject({ reads: 1, failures: troubles.length });
    server.become((_, response) => response.end(fixture('respondd.json')));
    expect(await topology.look(never)).toBe(true);
    expect(topology.status()).toMatchObject({ state: 'fresh', format: 'respondd', reads: 2 });
    expect(topology.status()).not.toHaveProperty('problem');
  });

  test('passwords go to the server that they are for, and not where it redirects', async () => {
    const seen: (string | undefined)[] = [];
    const other = await serve(({ headers }, response) => {
      seen.push(headers.authorization);
      response.end(feed);
    });
    const { url } = await serve(({ headers }, response) => {
      seen.push(headers.authorization);
      response.writeHead(301, { location: `${other.url}/x` }).end();
    });
    expect(await source(url.replace('//', '//ann:secret@')).look(never)).toBe(true);
    expect(seen).toEqual([`Basic ${Buffer.from('ann:secret').toString('base64')}`, undefined]);
  });

  test('finds graph.json beside nodes.json', async () => {
    const { url } = await serve(({ url: path }, response) =>
      response.end(fixture(path === '/data/nodes.json?x' ? 'nodes-v1.json' : 'graph-v1.json')),
    );
    const topology = source(`${url}/data/nodes.json?x`);
    await topology.look(never);
    expect(topology.status()).toMatchObject({ format: 'nodes.json + graph.json', nodes: 3, links: 1 });
  });

  test('more than a topology can have is not read to its end', async () => {
    const megabyte = Buffer.alloc(1024 * 1024, '{');
    const { url } = await serve((_, response) => {
      const more = () => {
        while (!response.destroyed && response.write(megabyte));
      };
      response.on('drain', more);
      more();
    });
    const topology = source(url, { patience: 20_000 });
    await topology.look(never);
    expect(topology.status().problem).toMatch(/has more than 64 MB/);
  }, 30_000);
});

describe('from files', () => {
  test('a file that comes, changes and goes', async () => {
    const path = join(await directory(), 'mesh.json');
    const topology = source(path);
    await topology.look(never);
    expect(topology.status()).toMatchObject({ state: 'empty', failures: 1 });
    expect(topology.status().problem).toMatch(/mesh\.json is not there: create it, or mend the path/);
    await writeFile(path, feed);
    expect(await topology.look(never)).toBe(true);
    expect(await topology.look(never)).toBe(false);
    await writeFile(path, changed);
    expect(await topology.look(never)).toBe(true);
    await rm(path);
    await topology.look(never);
    expect(topology.status()).toMatchObject({ state: 'stale', nodes: 4, reads: 3, failures: 2 });
  });

  test('a directory of nodes, where one file is half written', async () => {
    const path = await directory();
    const topology = source(path);
    await topology.look(never);
    expect(topology.status().problem).toMatch(/has no files/);
    const entries = JSON.parse(fixture('respondd.json').toString()) as unknown[];
    for (const [i, entry] of entries.entries()) await writeFile(join(path, `${i}.json`), JSON.stringify(entry));
    await writeFile(join(path, 'half.json'), '{"nodeinfo":');
    await writeFile(join(path, '.hidden'), 'x');
    await mkdir(join(path, 'sub'));
    expect(await topology.look(never)).toBe(true);
    expect(topology.status()).toMatchObject({ format: 'respondd', nodes: 4, links: 4 });
    expect(topology.status().leftOut['file that is no topology']).toBe(1);
    await rename(join(path, '3.json'), join(path, '.3.json'));
    expect(await topology.look(never)).toBe(true);
    expect(topology.status()).toMatchObject({ nodes: 3 });
  });

  test('several places are one mesh', async () => {
    const path = await directory();
    await writeFile(join(path, 'positions.xml'), fixture('ffmap.xml'));
    await writeFile(join(path, 'olsrd.txt'), fixture('txtinfo.txt'));
    const topology = source(`file:${path}/positions.xml,${path}/olsrd.txt`);
    await topology.look(never);
    expect(topology.status()).toMatchObject({ format: 'freimap XML + olsrd txtinfo', state: 'fresh', unplaced: 2 });
  });

  test('a feed that is no longer written is stale, and so is one that is no longer looked at', async () => {
    const path = join(await directory(), 'mesh.json');
    await writeFile(path, feed);
    let now = NOW;
    const topology = source(path, { now: () => now });
    await topology.look(never);
    expect(topology.status().state).toBe('fresh');
    now += 240_000;
    expect(topology.status().problem).toMatch(/last look was at 2026-03-01T11:01:00Z/);
    now += 3_600_000;
    await topology.look(never);
    expect(topology.status()).toMatchObject({ state: 'stale', failures: 0 });
    expect(topology.status().problem).toMatch(/it is of 2026-03-01T11:00:05Z: look whether the program that writes it/);
  });
});

describe('over TCP', () => {
  async function listenTcp(answer: (question: string, socket: Socket) => void, greeting = ''): Promise<string> {
    const server = createTcpServer(socket => {
      socket.on('error', () => undefined);
      if (greeting !== '') socket.write(greeting);
      socket.on('data', question => answer(question.toString(), socket));
    });
    await listen(server);
    return `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  test('asks each question in turn, and then the right one first', async () => {
    const asked: string[] = [];
    const url = await listenTcp((question, socket) => {
      asked.push(question);
      socket.end(
        question === '/all\n'
          ? Buffer.concat([Buffer.from('HTTP/1.1 200 OK\r\nx: y\r\n\r\n'), fixture('olsrd-all.json')])
          : 'error: not found\n',
      );
    });
    const topology = source(url);
    expect(await topology.look(never)).toBe(true);
    expect(await topology.look(never)).toBe(false);
    expect(asked).toEqual(['dump\nquit\n', '/all\n', '/all\n']);
    expect(topology.status()).toMatchObject({ format: 'olsrd jsoninfo', nodes: 3 });
  });

  test('babeld, which closes after quit', async () => {
    const [greeting, rest] = fixture('babeld.txt')
      .toString()
      .split(/(?<=ok\n)/);
    const url = await listenTcp((question, socket) => {
      if (question === 'dump\nquit\n') socket.end(rest);
    }, greeting);
    const topology = source(url);
    await topology.look(never);
    expect(topology.status()).toMatchObject({ format: 'babeld dump', nodes: 4, links: 3 });
  });

  test('a program that keeps the connection has said all when it falls silent; what is sent is ours to set', async () => {
    const url = await listenTcp((question, socket) => {
      if (question === 'please\n') socket.write(fixture('olsrd.dot'));
    });
    const topology = source(`${url}?send=please`, { patience: 10_000 });
    await topology.look(never);
    expect(topology.status()).toMatchObject({ format: 'olsrd dot', nodes: 4 });
  }, 15_000);

  test('nothing listens', async () => {
    const server = createTcpServer();
    await listen(server);
    const { port } = server.address() as AddressInfo;
    await ended.pop()!();
    const topology = source(`tcp://127.0.0.1:${port}`);
    await topology.look(never);
    expect(topology.status().problem).toMatch(/nothing listens there: look whether the program runs/);
  });
});

test('looks in a rhythm, tells of states that are different only, and stops in the midst of a look', async () => {
  let body = feed;
  let looks = 0;
  const server = await serve((_, response) => {
    looks++;
    response.end(body);
  });
  const states: [string, Mesh, number][] = [];
  const lines: string[] = [];
  const events = {
    onState: (...state: [string, Mesh, number]) => states.push(state),
    log: (line: string) => lines.push(line),
  };
  const topologies = new TopologySources([{ name: 'm', places: parseTopologyPlaces(server.url) }], 0.05, events, {
    now: Date.now,
  });
  topologies.start();
  ended.push(() => topologies.stop());
  await expect.poll(() => looks).toBeGreaterThan(3);
  expect(states.map(([name]) => name)).toEqual(['m']);
  expect(states[0]![2] % 1000).toBe(0);
  expect(topologies.mesh('m')).toBe(states[0]![1]);
  body = changed;
  await expect.poll(() => states.length).toBe(2);
  body = Buffer.from('x');
  await expect.poll(() => lines.length).toBe(1);
  body = changed;
  await expect
    .poll(() => lines)
    .toEqual([expect.stringMatching(/^topology m: http.* no topology/), 'topology m: it can be read again']);
  expect(states).toHaveLength(2);
  server.become(() => void looks++);
  const before = looks;
  await expect.poll(() => looks).toBeGreaterThan(before);
  await topologies.stop();
  expect(topologies.statuses()).toMatchObject([{ name: 'm', nodes: 4 }]);
});
