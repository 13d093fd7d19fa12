import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openRecords } from '../../collecting/files/records.js';
import type { TestRecord } from '../../flow/testing/records.js';
import { records, type Selection } from '../queries.js';
import { insertRecords, openTestStore, type TestStore } from '../testing/store.js';
import { IpfixFileMaker, ipfixFile } from './ipfix-file.js';
import { parquetFile } from './parquet.js';

const exportTime = Date.parse('2026-03-01T12:00:00Z') / 1000;
const selection: Selection = { to: exportTime * 1000 + 60_000 };
const directory = mkdtempSync(join(tmpdir(), 'weir-export-'));
let opened: TestStore;

const flows: TestRecord[] = [
  ...Array.from({ length: 300 }, (_, i) => ({
    sourceIPv4Address: `10.0.${i >> 8}.${i & 255}`,
    destinationIPv4Address: '192.0.2.1',
    sourceTransportPort: 1024 + i,
    destinationTransportPort: 443,
    protocolIdentifier: 6,
    octetDeltaCount: 1000 + i,
    packetDeltaCount: 1 + i,
    flowStartMilliseconds: new Date(exportTime * 1000 - 10_000).toISOString(),
    flowEndMilliseconds: new Date(exportTime * 1000 - 5000 + i).toISOString(),
  })),
  {
    sourceIPv6Address: '2001:db8::1',
    destinationIPv6Address: '2001:db8::2',
    sourceMacAddress: '02:00:5e:10:00:01',
    octetTotalCount: 2n ** 63n + 5n,
    reverseOctetDeltaCount: 7,
    interfaceName: 'wan "0"\n',
    samplingProbability: 0.5,
    flowEndMilliseconds: new Date(exportTime * 1000).toISOString(),
  },
];

beforeAll(async () => {
  opened = await openTestStore();
  await insertRecords(opened.store, flows, { exportTime, domain: 42 });
  await insertRecords(opened.store, flows.slice(0, 5), { exportTime: exportTime + 2, domain: 43 });
}, 60_000);
afterAll(async () => {
  await opened.end();
  rmSync(directory, { recursive: true });
}, 30_000);

async function write(name: string, octets: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of octets) chunks.push(chunk);
  const path = join(directory, name);
  writeFileSync(path, Buffer.concat(chunks));
  return path;
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe('an IPFIX File', () => {
  test('holds what the store holds: weir read gives it back, with the exporter', async () => {
    const file = await write('all.ipfix', ipfixFile(opened.store, selection));
    const problems: unknown[] = [];
    const read = await all(openRecords([file], problem => problems.push(problem)));
    const kept = await all(records(opened.store, selection));
    expect(problems).toEqual([]);
    expect(read).toHaveLength(306);
    const sorted = (list: { record: object; exportTime: string; observationDomainId: number }[]) =>
      list
        .map(({ record, exportTime, observationDomainId }) =>
          JSON.stringify([exportTime, observationDomainId, Object.entries(record).sort()]),
        )
        .sort();
    expect(sorted(read)).toEqual(
      sorted(kept.map(each => ({ ...each, record: { ...each.record, originalExporterIPv4Address: '192.0.2.1' } }))),
    );
  });

  test('holds what fits the filter, up to the limit; of nothing it is empty', async () => {
    const filtered = await write('some.ipfix', ipfixFile(opened.store, { ...selection, filter: 'octets > 1290' }));
    expect((await all(openRecords([filtered], () => {}))).length).toBe(10);
    const limited = await write('few.ipfix', ipfixFile(opened.store, selection, 3));
    expect((await all(openRecords([limited], () => {}))).length).toBe(3);
    const none = await write('none.ipfix', ipfixFile(opened.store, { ...selection, filter: 'octets = 1' }));
    expect(await all(openRecords([none], () => {}))).toEqual([]);
  });

  test('tshark reads the same sums out of it', async ({ skip }) => {
    skip(spawnSync('tshark', ['--version']).status !== 0, 'tshark is not installed (Debian package tshark)');
    const file = await write(
      'tshark.ipfix',
      ipfixFile(opened.store, { ...selection, filter: 'domain = 42 and proto tcp' }),
    );
    const fields = ['-T', 'fields', '-e', 'cflow.octets', '-e', 'cflow.od_id'];
    const lines = execFileSync('tshark', ['-r', file, ...fields], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const octets = lines
      .split('\n')
      .flatMap(line => (line.split('\t')[0] ?? '').split(',').filter(text => text !== ''));
    expect(octets).toHaveLength(300);
    expect(octets.reduce((sum, text) => sum + Number(text), 0)).toBe(300 * 1000 + (299 * 300) / 2);
  });
});

describe('the Templates of a file', () => {
  test('are bounded: of more kinds of records all are withdrawn, and nothing is lost', async () => {
    const maker = new IpfixFileMaker();
    const names = [
      'octetDeltaCount',
      'packetDeltaCount',
      'sourceTransportPort',
      'destinationTransportPort',
      'protocolIdentifier',
      'ingressInterface',
      'egressInterface',
      'ipClassOfService',
      'tcpControlBits',
      'vlanId',
      'flowEndReason',
      'flowId',
    ];
    const kinds = 3000;
    for (let kind = 1; kind <= kinds; kind++) {
      const record = Object.fromEntries(names.filter((_, bit) => (kind >> bit) & 1).map(name => [name, 1]));
      maker.add({
        exportTime: '2026-03-01T12:00:00Z',
        observationDomainId: 1,
        templateId: 256,
        exporter: '2001:db8::9',
        record,
      });
    }
    const messages = maker.take(true);
    const file = join(directory, 'kinds.ipfix');
    writeFileSync(file, Buffer.concat(messages));
    const problems: unknown[] = [];
    const read = await all(openRecords([file], problem => problems.push(problem)));
    expect(problems).toEqual([]);
    expect(read).toHaveLength(kinds);
    expect(Math.max(...read.map(({ templateId }) => templateId))).toBeLessThan(256 + 1024);
    expect(read[0]!.record).toEqual({ originalExporterIPv6Address: '2001:db8::9', octetDeltaCount: 1 });
    expect(maker.counters).toEqual({ records: kinds, incomplete: 0 });
  });

  test('a value that is none of its type leaves out what has no column, and is counted', () => {
    const maker = new IpfixFileMaker();
    const record = { octetDeltaCount: 5, samplingPacketInterval: 'many' };
    maker.add({
      exportTime: '2026-03-01T12:00:00Z',
      observationDomainId: 1,
      templateId: 256,
      exporter: '192.0.2.9',
      record,
    });
    expect(maker.take(true)).toHaveLength(1);
    expect(maker.counters).toEqual({ records: 1, incomplete: 1 });
  });
});

describe('a Parquet file', () => {
  const rows = (file: string, columns: string) =>
    opened.store.query<Record<string, unknown>>(`SELECT ${columns} FROM file('${file}', Parquet)`);

  test('has a column for each element, null where a record has none', async () => {
    const file = await write('all.parquet', parquetFile(opened.store, selection));
    const [sums] = await rows(
      file,
      'count() AS n, sum(octetDeltaCount) AS octets, countIf(sourceIPv4Address IS NULL) AS without, sum(octetTotalCount) AS total, uniqExact(observationDomainId) AS domains',
    );
    const octets = 300 * 1000 + (299 * 300) / 2 + 5 * 1000 + 10;
    expect(sums).toEqual({
      n: '306',
      octets: String(octets),
      without: '1',
      total: String(2n ** 63n + 5n),
      domains: '2',
    });
    const [first] = await rows(
      file,
      'exporter, sourceIPv4Address, octetDeltaCount, toTypeName(flowEndMilliseconds) AS time',
    );
    expect(first).toMatchObject({ exporter: '192.0.2.1', sourceIPv4Address: '10.0.0.0', octetDeltaCount: '1000' });
    expect(first!.time).toMatch(/DateTime64\(3/);
    const [odd] = await opened.store.query<Record<string, unknown>>(
      `SELECT sourceMacAddress, sourceIPv6Address, other FROM file('${file}', Parquet) WHERE sourceIPv6Address IS NOT NULL`,
    );
    expect(odd).toEqual({
      sourceMacAddress: '02:00:5e:10:00:01',
      sourceIPv6Address: '2001:db8::1',
      other: { interfaceName: 'wan "0"\n', samplingProbability: '0.5' },
    });
  });

  test('is made of what fits the filter, up to the limit, and leaves nothing behind', async () => {
    const file = await write('some.parquet', parquetFile(opened.store, { ...selection, filter: 'octets > 1290' }, 4));
    expect(await rows(file, 'octetDeltaCount AS octets')).toEqual(
      [1291, 1292, 1293, 1294].map(octets => ({ octets: String(octets) })),
    );
    const none = await write('none.parquet', parquetFile(opened.store, { ...selection, filter: 'octets = 1' }));
    expect(await rows(none, 'count() AS n')).toEqual([{ n: '0' }]);
    expect(readdirSync(join(opened.directory, 'exports'))).toEqual([]);
  });
});
