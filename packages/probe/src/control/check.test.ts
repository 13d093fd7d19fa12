import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Value } from 'typebox/value';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ProbeConfig, probeSchema } from '../config/schema.js';
import { checkOnMachine } from './check.js';

const inForce = Value.Default(probeSchema, {}) as ProbeConfig;
const check = (changes: Partial<ProbeConfig>, from: Partial<ProbeConfig> = {}) =>
  checkOnMachine({ ...inForce, ...from, ...changes }, { ...inForce, ...from });
const error = (key: string, message: RegExp, item?: string) => [
  { key, level: 'error', message: expect.stringMatching(message), ...(item === undefined ? {} : { item }) },
];

let directory: string;
let taken: Server;
let port: number;
const path = (name: string) => join(directory, name);

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'weir-check-'));
  writeFileSync(path('secret'), 'a password that nobody is to see\n');
  writeFileSync(path('as'), '192.0.2.0/24 64512\n');
  writeFileSync(path('flows.ipfix'), Uint8Array.of(0, 10, 0, 16));
  writeFileSync(path('token'), 'a token of more than 16 characters\n'.replaceAll(' ', '-'));
  mkdirSync(path('spool'));
  taken = createServer();
  await new Promise<void>(done => taken.listen(0, '127.0.0.1', done));
  port = (taken.address() as { port: number }).port;
});
afterAll(() => {
  taken.close();
  rmSync(directory, { recursive: true });
});

describe('collectors', () => {
  const one = (url: string) => check({ collector: [...inForce.collector, url] });

  test('whose name has no address is refused', async () => {
    const url = 'udp://nowhere.invalid:4739';
    expect(await one(url)).toEqual(error('collector', /nowhere\.invalid (has no address|was not found)/, url));
  }, 20_000);

  test('that is no URL is refused, and all wrong ones are told', async () => {
    const problems = await check({ collector: ['nonsense', 'udp://127.0.0.1:99999'] });
    expect(problems.map(({ item }) => item)).toEqual(['nonsense', 'udp://127.0.0.1:99999']);
  });

  test('that refuses connections is a warning', async () => {
    const url = 'tcp://127.0.0.1:1';
    expect(await one(url)).toEqual([
      { key: 'collector', level: 'warning', item: url, message: expect.stringMatching(/ECONNREFUSED.*spool/) },
    ]);
    expect(await one(`tcp://127.0.0.1:${port}`)).toEqual([]);
  });

  test('with files that cannot be read, or are no certificates, are refused without a word of what is in them', async () => {
    const absent = `tls://127.0.0.1:4740?ca=${path('absent')}`;
    expect(await one(absent)).toEqual(error('collector', /absent cannot be read \(ENOENT\)/, absent));
    const wrong = `tls://127.0.0.1:4740?cert=${path('secret')}&key=${path('secret')}`;
    const problems = await one(wrong);
    expect(problems).toEqual(error('collector', /cannot be used/, wrong));
    expect(JSON.stringify(problems)).not.toContain('password');
  });

  test('that send from an address of others are refused', async () => {
    const url = 'udp://127.0.0.1:4739?source=192.0.2.77';
    expect(await one(url)).toEqual(error('collector', /has not the address 192\.0\.2\.77/, url));
  });

  test('a file of another kind is not written over', async () => {
    const url = `file:${path('secret')}`;
    expect(await one(url)).toEqual(error('collector', /is no IPFIX file/, url));
    expect(await one(`file:${path('flows.ipfix')}`)).toEqual([]);
    expect(await one(`file:${path('new.ipfix')}`)).toEqual([]);
    expect((await one(`file:${path('none/new.ipfix')}`))[0]?.message).toMatch(/ENOENT/);
    expect((await one('file:/dev/full'))[0]?.message).toMatch(/no IPFIX file/);
  });

  test('twice the same is refused', async () => {
    expect(await one(inForce.collector[0]!)).toEqual(error('collector', /named twice/));
  });

  test('one that is in force already holds up nobody', async () => {
    expect(await check({ 'active-timeout': 5 }, { collector: ['udp://nowhere.invalid'] })).toEqual([]);
  });
});

test('a port that is taken is refused, the one that is ours is not', async () => {
  const metrics = `127.0.0.1:${port}`;
  expect(await check({ metrics })).toEqual(error('metrics', /EADDRINUSE.*another port/));
  expect(await check({ metrics: `localhost:${port}` }, { metrics })).toEqual([]);
  expect(await check({ metrics: '127.0.0.1:0' })).toEqual([]);
  expect(await check({ control: `http://${metrics}`, 'control-token-file': path('token') })).toEqual(
    error('control', /EADDRINUSE/),
  );
});

test('what others could reach needs a token', async () => {
  expect(await check({ metrics: '0.0.0.0:0' })).toEqual(error('metrics', /metrics-token-file/));
  expect(await check({ control: 'http://127.0.0.1:0' })).toEqual(error('control', /control-token-file/));
  expect(await check({ control: 'http://127.0.0.1:0', 'control-token-file': path('absent') })).toEqual(
    error('control', /ENOENT/),
  );
});

test('files and directories', async () => {
  expect(await check({ spool: path('spool/new/deeper') })).toEqual([]);
  expect(await check({ spool: path('secret') })).toEqual(error('spool', /no directory/));
  expect(await check({ state: path('none/state') })).toEqual(error('state', /ENOENT/));
  expect(await check({ 'as-table': path('as') })).toEqual([]);
  const problems = await check({ 'as-table': path('secret') });
  expect(problems).toEqual(error('as-table', /no table of AS numbers/));
  expect(JSON.stringify(problems)).not.toContain('password');
  expect(await check({ anonymise: `crypto-pan:${path('absent')}` })).toEqual(error('anonymise', /key file/));
});

test('what the schema cannot say', async () => {
  expect(await check({ fields: 'octetDeltaCounts' })).toEqual(error('fields', /did you mean octetDeltaCount/));
  expect(await check({ filter: 'port and' })).toEqual(error('filter', /column/));
  expect(await check({ 'anonymise-networks': ['192.0.2.0/24'] })).toEqual(error('anonymise-networks', /anonymise/));
  expect(await check({ namespace: ['a', 'a'] })).toEqual(error('namespace', /twice/));
});

test('what is not there may come', async () => {
  expect(await check({ filter: 'in if nosuch0' })).toMatchObject([{ key: 'filter', level: 'warning' }]);
  expect(await check({ filter: 'in if lo' })).toEqual([]);
  expect(await check({ namespace: ['self', 'nosuch'] })).toMatchObject([
    { key: 'namespace', level: 'warning', item: 'nosuch' },
  ]);
});
