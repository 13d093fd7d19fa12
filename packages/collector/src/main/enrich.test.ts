import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sender, until } from '../collecting/testing/exporter.js';
import { messagesOf } from '../flow/testing/records.js';
import { type Collector, startCollector } from './start.js';

const directory = mkdtempSync(join(tmpdir(), 'weir-enrich-'));
const asFile = join(directory, 'as.csv');
const hostFile = join(directory, 'hosts');
const options = {
  ...{ data: join(directory, 'data'), http: '127.0.0.1:0', listen: ['udp://127.0.0.1:0'] },
  ...{ 'as-database': asFile, 'country-database': 'none' },
  hosts: [hostFile],
  networks: ['office=10.1.2.3/8', 'lab=10.9.0.0/16', 'office=2001:db8::/32'],
  tags: [
    'abroad=dst as 64512',
    'so\\small=octets < 3',
    'from v6=src net 2001:db8::/32',
    'abroad=dst net 2001:db9::/32',
  ],
};
let collector: Collector;

beforeAll(async () => {
  writeFileSync(asFile, '198.51.100.0,198.51.100.255,64512,"Example, Ltd"\n');
  collector = await startCollector(options);
}, 60_000);
afterAll(async () => {
  await collector.stop();
  rmSync(directory, { recursive: true });
}, 60_000);

const get = async (path: string): Promise<string> => (await fetch(new URL(path, collector.http))).text();
const records = [
  { sourceIPv4Address: '10.1.0.1', destinationIPv4Address: '198.51.100.1', octetDeltaCount: 1 },
  { sourceIPv4Address: '10.9.0.1', destinationIPv4Address: '198.51.100.1', octetDeltaCount: 2 },
  { sourceIPv6Address: '2001:db8::1', destinationIPv6Address: '2001:db9::1', octetDeltaCount: 4 },
];
const now = () => Math.floor(Date.now() / 1000);

/** The status of the answer. Files are taken over the socket of the data directory only. */
function imported(body: Buffer): Promise<number> {
  const to = { socketPath: join(options.data, 'collector.sock'), path: '/api/v1/import', method: 'POST' };
  return new Promise((resolve, reject) => {
    request({ ...to, headers: { 'content-type': 'application/octet-stream' } }, response =>
      response.resume().on('end', () => resolve(response.statusCode!)),
    )
      .on('error', reject)
      .end(body);
  });
}

async function sums(by: string, filter = ''): Promise<unknown[]> {
  const text = await get(`/api/v1/groups?by=${by}&filter=${encodeURIComponent(filter)}`);
  const lines = text.split('\n').filter(line => line !== '');
  return lines.map(line => JSON.parse(line)).map(group => [group[by], group.octets]);
}

test('what comes in is looked up, and so is what is imported', async () => {
  const { send, close } = sender(Number(new URL(collector.listening[0]!).port));
  for (const message of messagesOf(records, now())) await send(message);
  close();
  await until(async () => (await sums('srcnetwork')).length === 2);
  expect(await sums('srcnetwork')).toEqual([
    ['office', 1 + 4],
    ['lab', 2],
  ]);
  const body = Buffer.concat(messagesOf(records, now(), 7));
  expect(await imported(body)).toBe(200);
  expect(await sums('dstas')).toEqual([
    [null, 8],
    [64512, 6],
  ]);
});

test('tags: what their filters fit, also what was looked up', async () => {
  expect(await sums('tag')).toEqual([
    ['abroad,from v6', 8],
    ['abroad,so\\small', 6],
  ]);
  expect(await sums('srcas', 'tag abroad')).toEqual([[null, 14]]);
  expect(await sums('srcas', `tag "so\\small" and not tag "from v6"`)).toEqual([[null, 6]]);
  expect(await sums('srcas', `tag != "so\\small"`)).toEqual([[null, 8]]);
  expect(await sums('srcas', 'tag in (none, "from v6")')).toEqual([[null, 8]]);
  expect(await sums('srcas', 'tag none')).toEqual([]);
  const { record } = JSON.parse((await get('/api/v1/records?filter=tag+%22from+v6%22')).split('\n')[0]!);
  expect(record.tags).toBe('abroad,from v6');
});

test('names of autonomous systems, and the databases', async () => {
  expect(JSON.parse(await get('/api/v1/names?as=64512,64513,99999999999'))).toHaveProperty('error');
  expect(JSON.parse(await get('/api/v1/names?as=64512,64513'))).toEqual({ as: { 64512: 'Example, Ltd' } });
  expect(JSON.parse(await get('/api/v1/names?as='))).toEqual({ as: {} });
  expect(collector.status().databases).toEqual([{ topic: 'as', source: asFile }]);
});

test('filters are completed with these names', async () => {
  const texts = async (filter: string) => {
    const { suggestions } = JSON.parse(await get(`/api/v1/complete?filter=${encodeURIComponent(filter)}`));
    return suggestions.map(({ text }: { text: string }) => text);
  };
  expect(await texts('network ')).toEqual(['office', 'lab']);
  expect(await texts('src network o')).toEqual(['office']);
  expect(await texts('srcnetwork = ')).toEqual(['office', 'lab']);
  expect(await texts('tag f')).toEqual(['"from v6"']);
  expect(await texts('tag in (abroad, ')).toContain('"from v6"');
  expect(await texts('country ')).toContain('in');
});

test('names of hosts come from a file, also one that comes later and changes', async () => {
  const port = Number(new URL(collector.listening[0]!).port);
  let domain = 100;
  const named = async (name: string) => {
    const { send, close } = sender(port);
    for (const message of messagesOf(records.slice(0, 1), now(), domain++)) await send(message);
    close();
    return (await sums('srcname', `name "${name}"`)).length > 0;
  };
  writeFileSync(hostFile, '10.1.0.1 printer\n');
  await until(() => named('printer'));
  writeFileSync(hostFile, '10.1.0.1 scanner\n198.51.100.1 example.net\n');
  await until(() => named('scanner'));
  expect(await sums('dstname', 'src name scanner and dst name example.net')).toEqual([
    ['example.net', expect.any(Number)],
  ]);
  expect(await sums('srcname', 'dst name printer')).toEqual([]);
}, 90_000);

test('another configuration holds for what comes from then on', async () => {
  await collector.stop();
  collector = await startCollector({ ...options, networks: ['branch=10.0.0.0/8'] });
  const { send, close } = sender(Number(new URL(collector.listening[0]!).port));
  for (const message of messagesOf(records.slice(0, 1), now(), 8)) await send(message);
  close();
  await until(async () => (await sums('srcnetwork', 'domain = 8')).length > 0);
  expect(await sums('srcnetwork', 'domain = 8')).toEqual([['branch', 1]]);
  expect(await sums('srcnetwork', 'domain in (1, 7)')).toEqual([
    ['office', 2 * 5],
    ['lab', 2 * 2],
  ]);
}, 60_000);

test.each([
  [{ networks: ['10.0.0.0/8'] }, /networks: "10\.0\.0\.0\/8" is no named network: write NAME=/],
  [{ networks: ['a=10.0.0.0'] }, /networks: "10\.0\.0\.0" is no network/],
  [{ networks: ['a=10.0.0.0/8', 'b=10.1.0.0/8'] }, /"b=10\.1\.0\.0\/8" is "a" already/],
  [{ tags: ['voip'] }, /tags: "voip" is no tag: write NAME=FILTER/],
  [{ tags: ['a,b=port 1'] }, /tags: "a,b=port 1" is no tag/],
  [{ tags: ['voip=port'] }, /tags: voip=port: filter, column 5: expected/],
  [{ tags: ['a=port 1', 'b=not (tag a or port 2)'] }, /tags: "b" asks for tags/],
  [{ 'as-database': '/nowhere.mmdb' }, /as-database: \/nowhere\.mmdb cannot be read: ENOENT; name a/],
])('%j is refused', async (wrong, message) => {
  await expect(startCollector({ ...options, data: join(directory, 'refused'), ...wrong })).rejects.toThrow(message);
});
