// Datagrams of many vendors' exporters, sent to a collector: what its store has of each file is what `weir read` and tshark have of it.
import { createSocket } from 'node:dgram';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { attempt, run } from '../run/command.js';
import { until } from '../run/wait.js';
import { type DissectedSums, dissect } from '../truth/dissected.js';
import { LoopbackCollector } from '../weir/loopback-collector.js';
import { weirCommand } from '../weir/weir.js';

const vectors = fileURLToPath(new URL('../../../../../shared/data/vectors/', import.meta.url));
const names = existsSync(vectors) ? readdirSync(vectors).filter(name => name.endsWith('.dat')) : [];
const lacking = (): string | undefined => {
  if (names.length === 0) return `no vectors in ${vectors}`;
  return attempt(['sh', '-c', 'command -v tshark']).status === 0 ? undefined : 'no command "tshark"';
};
const reason = lacking();
if (reason !== undefined) console.warn(`skipped: ${reason}`);

type Json = Readonly<Record<string, unknown>>;

/** A file with those that hold its Templates before it, sent by an exporter of its own. */
interface Sent {
  readonly name: string;
  readonly files: readonly string[];
  readonly exporter: string;
  readonly datagrams: readonly Buffer[];
}

const all: Sent[] = names.map((name, i) => {
  const files = [...templatesOf(name), name].map(each => join(vectors, each));
  return { name, files, exporter: `127.7.0.${i + 1}`, datagrams: files.flatMap(datagramsOf) };
});

let directory: string;
let collector: LoopbackCollector;
let dissected: Map<string, DissectedSums>;

beforeEach(context => context.skip(reason !== undefined, reason));

beforeAll(async () => {
  if (reason !== undefined) return;
  directory = mkdtempSync(join(tmpdir(), 'weir-vectors-'));
  collector = await LoopbackCollector.start(join(directory, 'data'));
  for (const each of all) await send(each);
  const sent = all.reduce((sum, { datagrams }) => sum + datagrams.length, 0);
  await until('every datagram', 60, async () => {
    const metrics = await collector.metrics();
    const stored = metrics.get('stored_records_total') === metrics.get('flow_records_total');
    return (metrics.get('datagrams_total') === sent && stored) || undefined;
  });
  const onTheWire = all.flatMap(({ exporter, datagrams }) => datagrams.map(payload => ({ source: exporter, payload })));
  dissected = dissect(join(directory, 'vectors.pcap'), onTheWire);
}, 120_000);

afterAll(async () => {
  try {
    await collector?.stop();
  } finally {
    if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
  }
}, 120_000);

/** Names of the files that hold the Templates of a `_data` file: those of the same exporter. */
function templatesOf(name: string): string[] {
  const exporter = /^(.*)_data/.exec(name)?.[1];
  return names.filter(each => exporter !== undefined && each.startsWith(`${exporter}_`) && !each.includes('_data'));
}

/** The Messages of a file: IPFIX tells its length, NetFlow v5 its number of records; NetFlow v9 tells neither, a file is one datagram. */
function datagramsOf(file: string): Buffer[] {
  const bytes = readFileSync(file);
  const datagrams: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += datagrams.at(-1)!.length) {
    const [version, count] = [bytes.readUInt16BE(at), bytes.readUInt16BE(at + 2)];
    const length = version === 10 ? count : version === 5 ? 24 + 48 * count : bytes.length - at;
    datagrams.push(bytes.subarray(at, at + length));
  }
  return datagrams;
}

async function send({ exporter, datagrams }: Sent): Promise<void> {
  const socket = createSocket('udp4');
  await new Promise<void>(resolve => socket.bind(0, exporter, resolve));
  for (const datagram of datagrams) {
    await new Promise<void>((resolve, reject) => {
      socket.send(datagram, collector.port, '127.0.0.1', problem => (problem === null ? resolve() : reject(problem)));
    });
  }
  socket.close();
}

/** The Flow Records that `weir read` finds in the files; Options Data have a scope. */
function read({ files }: Sent): Json[] {
  return run(weirCommand('read', ...files, '--format', 'json'))
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line) as { record: Json; scope?: Json })
    .filter(({ scope }) => scope === undefined)
    .map(({ record }) => record);
}

/** Times that count from the exporter's start: the store keeps the time of day that they come to. */
const relative = /^flow(Start|End)SysUpTime$/;

/** Each record as one text, of these elements, in an order of their own: the store knows no order among records of one time. */
function asTexts(records: readonly Json[], elements: readonly string[]): string[] {
  return records.map(record => JSON.stringify(elements.map(name => [name, asStored(record[name])]))).sort();
}

/** Times are stored to the millisecond, lists as the text of their JSON. */
function asStored(value: unknown): unknown {
  if (typeof value === 'object') return JSON.stringify(value);
  return typeof value === 'string' ? value.replace(/^(\d{4}-\S+T\S+\.\d{3})\d+Z$/, '$1Z') : value;
}

test('there are vectors, with flows among them', () => {
  const records = [...dissected.values()].reduce((sum, each) => sum + each.records, 0);
  expect(records).toBeGreaterThan(100);
});

test.for(all)('$name: records are those that `weir read` reads', async sent => {
  const wire = read(sent);
  // What the collector adds to them by itself is not asked for here.
  const elements = [...new Set(wire.flatMap(Object.keys))].filter(name => !relative.test(name)).sort();
  const stored = await collector.records(`exporter = ${sent.exporter}`);
  expect(asTexts(stored, elements)).toEqual(asTexts(wire, elements));
});

test.for(all)('$name: sums are those of tshark', async ({ exporter }) => {
  const filter = `exporter = ${exporter}`;
  const { length: records } = await collector.records(filter);
  const [group] = await collector.groups(filter);
  const { octets, packets, reverseOctets, reversePackets } = group!;
  expect({ records, octets, packets, reverseOctets, reversePackets }).toEqual(dissected.get(exporter));
});
