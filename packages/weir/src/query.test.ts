import { spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Collector, startCollector } from '@weir/collector';
import { fieldsOf, MessageWriter } from '@weir/ipfix';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const program = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'weir-query-'));
const data = join(directory, 'data');
const file = join(directory, 'flows.ipfix');
const tokenFile = join(directory, 'token');
let collector: Collector | undefined;

/** Three flows of 10.0.0.1, .2, .3 with 1000, 2000 and 3000 octets, the last one UDP, in two Messages. */
function messages(): Uint8Array[] {
  const buffer = new Uint8Array(1400);
  const writer = new MessageWriter(buffer);
  const now = Math.floor(Date.now() / 1000);
  const names = ['sourceIPv4Address', 'protocolIdentifier', 'octetDeltaCount', 'flowEndMilliseconds'];
  writer.begin(1);
  writer.addTemplate({ id: 300, scopeFieldCount: 0, fields: fieldsOf(names) });
  const template = buffer.slice(0, writer.finish(now, 0));
  writer.begin(1);
  for (const n of [1, 2, 3]) {
    const view = new DataView(buffer.buffer, writer.reserve(300, 21), 21);
    view.setUint32(0, 0x0a00_0000 + n);
    view.setUint8(4, n === 3 ? 17 : 6);
    view.setBigUint64(5, BigInt(n * 1000));
    view.setBigUint64(13, BigInt(Date.now()));
  }
  return [template, buffer.slice(0, writer.finish(now, 0))];
}

function run(arguments_: string[], input = ''): Promise<{ status: number; out: string; err: string }> {
  const child = spawn(process.execPath, [program, ...arguments_]);
  let [out, err] = ['', ''];
  child.stdout.on('data', chunk => (out += chunk));
  child.stderr.on('data', chunk => (err += chunk));
  child.stdin.end(input);
  return new Promise(resolve => child.on('close', status => resolve({ status: status ?? -1, out, err })));
}

async function stopCollector(): Promise<void> {
  await collector?.stop();
  collector = undefined;
}

beforeAll(async () => {
  writeFileSync(file, Buffer.concat(messages()));
  collector = await startCollector({
    data,
    http: '127.0.0.1:0',
    listen: ['udp://127.0.0.1:0'],
    'token-file': tokenFile,
    // Reading the databases of addresses takes seconds.
    'as-database': 'none',
    'country-database': 'none',
  });
  const socket = createSocket('udp4');
  const port = Number(new URL(collector.listening[0]!).port);
  for (const message of messages())
    await new Promise<void>(done => socket.send(message, port, '127.0.0.1', () => done()));
  socket.close();
  for (let i = 0; i < 100 && collector.status().store.rows < 3; i++) await new Promise(done => setTimeout(done, 100));
  expect(collector.status().store.rows).toBe(3);
}, 60_000);
afterAll(async () => {
  await stopCollector();
  rmSync(directory, { recursive: true });
}, 30_000);

describe('weir read', () => {
  test('json, csv and table of a file, and a filter', async () => {
    const json = await run(['read', file, '--format', 'json']);
    const records = json.out
      .trim()
      .split('\n')
      .map(line => JSON.parse(line));
    expect(records.map(each => each.record.octetDeltaCount)).toEqual([1000, 2000, 3000]);
    expect(Object.keys(records[0])).toEqual(['exportTime', 'observationDomainId', 'templateId', 'record']);
    const csv = (await run(['read', file, '--format', 'csv', '--filter', 'octets > 1k and proto tcp'])).out
      .trim()
      .split('\n');
    expect(csv[0]).toBe(
      'exportTime,observationDomainId,templateId,sourceIPv4Address,protocolIdentifier,octetDeltaCount,flowEndMilliseconds',
    );
    expect(csv).toHaveLength(2);
    expect(csv[1]).toMatch(/,1,300,10\.0\.0\.2,6,2000,\d{4}-/);
    const table = (await run(['read', file])).out.trim().split('\n');
    expect(table).toHaveLength(4);
    expect(table[3]).toMatch(/udp +10\.0\.0\.3 +3\.00 k$/);
  });

  test('standard input, garbage, and no file', async () => {
    const garbage = await run(['read', '-', '--format', 'json'], 'this is no flow');
    expect(garbage).toMatchObject({ status: 1, out: '' });
    expect(garbage.err).toMatch(/^weir: -, octet 0: no IPFIX Message, /);
    expect(await run(['read', join(directory, 'nowhere')])).toMatchObject({
      status: 1,
      err: expect.stringMatching(/^weir: cannot read .*nowhere: there is no such file\n$/),
    });
    expect((await run(['read'])).status).toBe(2);
  });
});

const byProtocol = ['query', '--by', 'proto', '--format', 'json'];
const sums = [
  '{"proto":6,"flows":2,"octets":3000,"packets":0,"reverseOctets":0,"reversePackets":0}',
  '{"proto":17,"flows":1,"octets":3000,"packets":0,"reverseOctets":0,"reversePackets":0}',
];

describe('weir query', () => {
  test('asks the running collector through its directory, and by URL with the token', async () => {
    for (const where of [
      ['--data', data],
      ['--store', `chdb:${data}`],
      ['--url', collector!.http, '--token-file', tokenFile],
    ]) {
      const { status, out, err } = await run([...byProtocol, ...where]);
      expect({ status, err }).toEqual({ status: 0, err: '' });
      expect(out.trim().split('\n')).toEqual(sums);
    }
    const refused = await run([...byProtocol, '--url', collector!.http]);
    expect(refused).toMatchObject({ status: 1, err: expect.stringMatching(/^weir: a token is needed/) });
  });

  test('lists records as weir read does, with --top and --from', async () => {
    const { out } = await run(['query', 'src host 10.0.0.2', '--data', data, '--format', 'json']);
    expect(JSON.parse(out)).toMatchObject({ templateId: 300, record: { octetDeltaCount: 2000 } });
    const csv = await run(['query', '--by', 'src', '--top', '1', '--data', data, '--format', 'csv']);
    expect(csv.out).toBe('src,flows,octets,packets,reverseOctets,reversePackets\n10.0.0.3,1,3000,0,0,0\n');
    const early = await run(['query', '--from', '-3d', '--to', '-2d', '--data', data, '--format', 'json']);
    expect(early).toEqual({ status: 0, out: '', err: '' });
    expect((await run(['query', '--from', '-3d', '--to', '-2d', '--data', data])).out).toBe(
      'No Flow Record in this time.\n',
    );
    const unfit = await run(['query', 'octets > 1G', '--from', '-1h', '--data', data]);
    expect(unfit.out).toBe('No Flow Record in this time fits the filter.\n');
  });

  test('IPFIX and Parquet files of the collector, which weir read and the engine take', async () => {
    const ipfix = join(directory, 'out.ipfix');
    for (const where of [
      ['--data', data],
      ['--url', collector!.http, '--token-file', tokenFile],
    ]) {
      rmSync(ipfix, { force: true });
      const made = await run(['query', 'proto tcp', '--format', 'ipfix', '--output', ipfix, ...where]);
      expect(made).toEqual({ status: 0, out: '', err: '' });
      const { out } = await run(['read', ipfix, '--format', 'json']);
      const records = out
        .trim()
        .split('\n')
        .map(line => JSON.parse(line));
      expect(records.map(each => each.record.octetDeltaCount)).toEqual([1000, 2000]);
      expect(records[0].record.originalExporterIPv4Address).toBe('127.0.0.1');
    }
    const parquet = join(directory, 'out.parquet');
    expect(await run(['query', '--format', 'parquet', '--output', parquet, '--data', data])).toMatchObject({
      status: 0,
    });
    expect(readFileSync(parquet).subarray(0, 4).toString()).toBe('PAR1');
    expect(readFileSync(parquet).subarray(-4).toString()).toBe('PAR1');
    const csv = join(directory, 'out.csv');
    const lines = await run(['query', '--by', 'proto', '--format', 'csv', '--output', csv, '--data', data]);
    expect(lines).toEqual({ status: 0, out: '', err: '' });
    expect(readFileSync(csv, 'utf8')).toMatch(/^proto,flows,.*\n6,2,3000,/);
    const mistakes: [string[], number, RegExp][] = [
      [['--by', 'proto', '--format', 'parquet', '--output', parquet], 2, /not for sums; leave out --by/],
      [['--format', 'ipfix', '--output', join(directory, 'no', 'where')], 1, /cannot write .*where: ENOENT/],
      [['octets >', '--format', 'parquet', '--output', join(directory, 'wrong')], 2, /filter, column 9/],
    ];
    for (const [arguments_, status, err] of mistakes) {
      expect(await run(['query', ...arguments_, '--data', data])).toMatchObject({
        status,
        err: expect.stringMatching(err),
      });
    }
    expect(readdirSync(directory).filter(name => /wrong|part/.test(name))).toEqual([]);
  });

  test.skipIf(!existsSync('/dev/full'))('output that cannot be written is one line and status 1', () => {
    const full = openSync('/dev/full', 'w');
    const { status, stderr } = spawnSync(process.execPath, [program, 'read', file], {
      stdio: ['ignore', full, 'pipe'],
    });
    closeSync(full);
    expect([status, String(stderr)]).toEqual([1, 'weir: cannot write to standard output: there is no space left\n']);
  });

  test('a mistake in the filter has a caret under it; other mistakes are one line', async () => {
    const caret =
      'weir: filter, column 5: expected host, net, port, as, country, network, name or a comparison, found "hostt"\n  src hostt 10.0.0.1\n      ^\n';
    expect(await run(['query', 'src hostt 10.0.0.1', '--data', data])).toEqual({ status: 2, out: '', err: caret });
    expect(await run(['read', file, '--filter', 'src hostt 10.0.0.1'])).toEqual({ status: 2, out: '', err: caret });
    const mistakes = [
      [['--by', 'nonsense', '--data', data], 2, /cannot group by "nonsense"/],
      [['--from', 'yesterday'], 2, /--from: "yesterday" is no time/],
      [['--top', '0'], 2, /--top: "0" is no count/],
      [['--url', 'ftp://x'], 2, /--url: "ftp:\/\/x" is no URL/],
      [['--data', data, '--url', 'http://127.0.0.1:1'], 2, /exclude one another/],
      [['--store', 'chdb:/nowhere/at/all'], 1, /there is no store in/],
      [['--store', 'clickhouse:x'], 1, /no address of servers; write clickhouse:/],
      [['--url', 'http://127.0.0.1:1'], 1, /no collector answers at/],
    ] as const;
    const check = async ([arguments_, status, message]: (typeof mistakes)[number]) => {
      const result = await run(['query', ...arguments_]);
      expect(result, arguments_.join(' ')).toMatchObject({ status, out: '', err: expect.stringMatching(message) });
      expect(result.err.trim().split('\n')).toHaveLength(1);
    };
    await Promise.all(mistakes.map(check));
  });

  test('reads the store itself when no collector runs', async () => {
    await stopCollector();
    const { status, out, err } = await run([...byProtocol, '--data', data]);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out.trim().split('\n')).toEqual(sums);
    const mistaken = await run(['query', 'bytez > 1', '--data', data]);
    expect(mistaken.status).toBe(2);
    for (const format of ['ipfix', 'parquet']) {
      const path = join(directory, `own.${format}`);
      const made = await run(['query', '--format', format, '--output', path, '--data', data]);
      expect(made).toEqual({ status: 0, out: '', err: '' });
      expect(readFileSync(path).length).toBeGreaterThan(100);
    }
    expect(mistaken.err).toMatch(/\n {2}bytez > 1\n {2}\^\n$/);
    expect(readFileSync(tokenFile, 'utf8').length).toBeGreaterThan(16);
  });
});
