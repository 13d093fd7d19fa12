import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Collector, startCollector } from '@weir/collector';
import { fieldsOf, MessageWriter } from '@weir/ipfix';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const program = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'weir-import-'));
const data = join(directory, 'data');
const file = join(directory, 'flows.ipfix');
const capture = join(directory, 'flows.pcap');
const long = 1_700_000_000;
let collector: Collector | undefined;

/** 30 Messages of a thousand flows each, of long ago: flow n has n octets, its end n milliseconds after the first. */
function messages(): Uint8Array[] {
  const buffer = new Uint8Array(65_535);
  const writer = new MessageWriter(buffer);
  const template = {
    id: 300,
    scopeFieldCount: 0,
    fields: fieldsOf(['sourceIPv4Address', 'protocolIdentifier', 'octetDeltaCount', 'flowEndMilliseconds']),
  };
  return Array.from({ length: 30 }, (_, message) => {
    writer.begin(9);
    if (message === 0) writer.addTemplate(template);
    for (let i = 1; i <= 1000; i++) {
      const n = message * 1000 + i;
      writer.addRecord(template, {
        sourceIPv4Address: `10.1.${n >> 8}.${n & 255}`,
        protocolIdentifier: 6,
        octetDeltaCount: n,
        flowEndMilliseconds: new Date(long * 1000 + n).toISOString(),
      });
    }
    return buffer.slice(0, writer.finish(long + 60, message * 1000));
  });
}

/** A pcap of raw IPv4 (link type 101) with the Messages in UDP from 192.0.2.77. */
function pcapOf(datagrams: readonly Uint8Array[]): Buffer {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt32LE(0x0004_0002, 4);
  header.writeUInt32LE(262_144, 16);
  header.writeUInt32LE(101, 20);
  const packets = datagrams.map(datagram => {
    const packet = Buffer.alloc(16 + 28 + datagram.length);
    packet.writeUInt32LE(28 + datagram.length, 8);
    packet.writeUInt32LE(28 + datagram.length, 12);
    packet[16] = 0x45;
    packet.writeUInt16BE(28 + datagram.length, 18);
    packet[25] = 17;
    packet.set([192, 0, 2, 77, 192, 0, 2, 1], 28);
    packet.writeUInt16BE(50_000, 36);
    packet.writeUInt16BE(4739, 38);
    packet.writeUInt16BE(8 + datagram.length, 40);
    packet.set(datagram, 44);
    return packet;
  });
  return Buffer.concat([header, ...packets]);
}

function run(arguments_: string[], input?: Uint8Array): Promise<{ status: number; out: string; err: string }> {
  const child = spawn(process.execPath, [program, ...arguments_]);
  let [out, err] = ['', ''];
  child.stdout.on('data', chunk => (out += chunk));
  child.stderr.on('data', chunk => (err += chunk));
  child.stdin.end(input ?? '');
  return new Promise(resolve => child.on('close', status => resolve({ status: status ?? -1, out, err })));
}

/** Flows and octets by exporter. */
async function sums(): Promise<Record<string, { flows: number; octets: number }>> {
  const { out } = await run([
    'query',
    '--by',
    'exporter',
    '--from',
    '2023-11-01T00:00:00Z',
    '--format',
    'json',
    '--data',
    data,
  ]);
  const lines = out.trim().split('\n');
  return Object.fromEntries(
    lines.map(line => JSON.parse(line)).map(({ exporter, flows, octets }) => [exporter, { flows, octets }]),
  );
}

const whole = { flows: 30_000, octets: 450_015_000 };

beforeAll(async () => {
  writeFileSync(file, Buffer.concat(messages()));
  writeFileSync(
    capture,
    pcapOf(
      messages()
        .map(message => message.subarray(0, 60_000))
        .slice(0, 0),
    ),
  );
  writeFileSync(capture, pcapOf(messages()));
  collector = await startCollector({ data, http: '127.0.0.1:0', listen: ['udp://127.0.0.1:0'] });
}, 60_000);
afterAll(async () => {
  await collector?.stop();
  rmSync(directory, { recursive: true });
});

describe('weir import', () => {
  test('to a running collector: with the times of the file, and once', async () => {
    const done = await run(['import', file, '--exporter', '192.0.2.5', '--data', data]);
    expect(done).toEqual({ status: 0, err: '', out: 'flows.ipfix: 30000 Flow Records of 30 Messages imported\n' });
    expect(await sums()).toEqual({ '192.0.2.5': whole });
    const { out } = await run([
      'query',
      'octets = 30000',
      '--from',
      '2023-11-01T00:00:00Z',
      '--format',
      'json',
      '--data',
      data,
    ]);
    expect(JSON.parse(out)).toMatchObject({
      exportTime: '2023-11-14T22:14:20Z',
      observationDomainId: 9,
      record: { flowEndMilliseconds: '2023-11-14T22:13:50.000Z' },
    });
    const again = await run(['import', file, '--data', data]);
    expect(again.status).toBe(1);
    expect(again.err).toMatch(
      /^weir: flows\.ipfix is in the store: imported at 20.*Z, 30000 Flow Records; --again takes/,
    );
    expect(await sums()).toEqual({ '192.0.2.5': whole });
  }, 60_000);

  test('a capture tells its exporters', async () => {
    const done = await run(['import', capture, '--data', data]);
    expect(done).toMatchObject({ status: 0, out: 'flows.pcap: 30000 Flow Records of 30 Messages imported\n' });
    expect((await sums())['192.0.2.77']).toEqual(whole);
  }, 60_000);

  test('from standard input, and what is no file of flows', async () => {
    const done = await run(['import', '-', '--exporter', '2001:db8::7', '--data', data], readFileSync(file));
    expect(done).toMatchObject({ status: 0, out: 'standard input: 30000 Flow Records of 30 Messages imported\n' });
    expect((await sums())['2001:db8::7']).toEqual(whole);
    const garbage = await run(['import', '-', '--data', data], Buffer.from('this is no flow'));
    expect(garbage).toMatchObject({ status: 1, out: 'standard input: 0 Flow Records of 0 Messages imported\n' });
    expect(garbage.err).toMatch(/octet 0: no IPFIX Message/);
    expect(await run(['import', join(directory, 'nowhere'), '--data', data])).toMatchObject({
      status: 1,
      err: expect.stringMatching(/^weir: cannot read .*nowhere: there is no such file\n$/),
    });
  }, 60_000);

  test('what cannot be read to its end says where it breaks off', async () => {
    const broken = join(directory, 'broken.ipfix');
    writeFileSync(broken, Buffer.concat([readFileSync(file), Buffer.alloc(1_000_000, 'x')]));
    const done = await run(['import', broken, '--exporter', '2001:db8::8', '--data', data]);
    const end = readFileSync(file).length;
    expect(done.err).toMatch(new RegExp(`broken.ipfix could not be read to its end: octet ${end}: .*in the store`));
    expect(done.status).not.toBe(0);
    expect((await sums())['2001:db8::8']).toEqual(whole);
  }, 60_000);

  test('over HTTP without a token it is refused', async () => {
    const answer = await fetch(new URL('/api/v1/import', collector!.http), { method: 'POST', body: 'x' });
    expect(answer.status).toBe(403);
    expect(((await answer.json()) as { error: string }).error).toMatch(/changes need a token/);
  });

  test('what is not what it was announced as is told, and is no import', async () => {
    const socketPath = join(data, 'collector.sock');
    const post = (query: string, type: string, body: string | Buffer = '{}') =>
      new Promise<{ status: number; body: string }>((resolve, reject) => {
        const headers = { 'content-type': type };
        const asked = request({ socketPath, path: `/api/v1/import?${query}`, method: 'POST', headers }, response => {
          let answer = '';
          response.on('data', chunk => (answer += chunk));
          response.on('end', () => resolve({ status: response.statusCode!, body: answer }));
        });
        asked.once('error', reject).end(body);
      });
    const digest = 'ab'.repeat(32);
    const wrong = await post(`digest=${digest}&name=x`, 'application/octet-stream', Buffer.alloc(0));
    expect(wrong).toMatchObject({ status: 400, body: expect.stringMatching(/x is not the file that was announced/) });
    const begun = await post(`digest=${digest}&name=x`, 'application/octet-stream');
    expect(begun).toMatchObject({ status: 409, body: expect.stringMatching(/did not come to its end/) });
    expect((await post('exporter=1:2', 'application/octet-stream')).body).toMatch(/is no address/);
    expect((await post('', 'application/json')).body).toMatch(/application\/octet-stream/);
  });

  test('into the store when no collector runs; with --again it is there twice', async () => {
    await collector!.stop();
    collector = undefined;
    expect((await run(['import', file, '--data', data])).err).toMatch(/is in the store/);
    const twice = await run(['import', file, '--exporter', '192.0.2.5', '--again', '--data', data]);
    expect(twice).toMatchObject({ status: 0, err: '' });
    expect((await sums())['192.0.2.5']!.octets).toBe(2 * whole.octets);
    expect((await run(['import', file, '--exporter', 'here'])).err).toMatch(/^weir: --exporter: "here" is no address/);
  }, 60_000);
});
