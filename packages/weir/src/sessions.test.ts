import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Store } from '@weir/collector/reading';
import { fieldsOf, MessageWriter } from '@weir/ipfix';
import { afterAll, beforeAll, expect, test } from 'vitest';

const program = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'weir-sessions-'));
const data = join(directory, 'data');
afterAll(() => rmSync(directory, { recursive: true }));

/** Three connections of 10 packets there and back that took 2 s, and one that nobody answered. */
function message(): Uint8Array {
  const buffer = new Uint8Array(1400);
  const writer = new MessageWriter(buffer);
  const names = ['sourceIPv4Address', 'protocolIdentifier', 'flowStartMilliseconds', 'flowEndMilliseconds'];
  const counts = ['octetDeltaCount', 'packetDeltaCount', 'reverseOctetDeltaCount', 'reversePacketDeltaCount'];
  const fields = fieldsOf([...names, ...counts]);
  writer.begin(1);
  writer.addTemplate({ id: 300, scopeFieldCount: 0, fields });
  const octets = 4 + 1 + 6 * 8;
  for (const n of [1, 2, 3, 4]) {
    const view = new DataView(buffer.buffer, writer.reserve(300, octets), octets);
    view.setUint32(0, 0x0a00_0000 + n);
    view.setUint8(4, 6);
    const values = [Date.now() - 2000, Date.now(), ...(n === 4 ? [60, 1, 0, 0] : [1000, 10, 9000, 10])];
    for (const [i, value] of values.entries()) view.setBigUint64(5 + 8 * i, BigInt(value));
  }
  return buffer.slice(0, writer.finish(Math.floor(Date.now() / 1000), 0));
}

function run(...words: string[]): Promise<{ status: number; out: string; err: string }> {
  const child = spawn(process.execPath, [program, ...words, '--data', data]);
  let [out, err] = ['', ''];
  child.stdout.on('data', chunk => (out += chunk));
  child.stderr.on('data', chunk => (err += chunk));
  return new Promise(resolve => child.on('close', status => resolve({ status: status ?? -1, out, err })));
}

beforeAll(async () => {
  await (await Store.open({ directory: data })).close();
  writeFileSync(join(directory, 'flows.ipfix'), message());
  expect(await run('import', join(directory, 'flows.ipfix'))).toMatchObject({ status: 0 });
}, 60_000);

test('TCP connections as a whole, as a table, as JSON and as CSV', async () => {
  const table = await run('sessions');
  expect(table).toMatchObject({ status: 0, err: '' });
  expect(table.out).toMatch(/^TCP connections +flows +share +half +9 of 10 +99 of 100\n/);
  expect(table.out).toMatch(/^established +3 +75\.0%/m);
  expect(table.out).toMatch(/^not answered +1 +25\.0%/m);
  expect(table.out).toMatch(/^ended, not told how +3 +100\.0%/m);
  expect(table.out).toMatch(/^duration +3 +(2\.0 s *){3}$/m);
  const json = JSON.parse((await run('sessions', '--format', 'json')).out);
  expect(json).toMatchObject({ flows: 4, handshakes: { established: 3, unanswered: 1 }, stalls: { watched: 0 } });
  const [head, row] = (await run('sessions', '--format', 'csv')).out.split('\n');
  expect([head, row]).toEqual(['what,flows,of,p50,p90,p99', 'established,3,4,,,']);
}, 60_000);

test('where there is none it says so; a filter or a number that is wrong is refused', async () => {
  const none = await run('sessions', 'proto udp');
  expect(none).toMatchObject({ status: 0, out: expect.stringContaining('No TCP connection') });
  expect(await run('sessions', 'dts port 1')).toMatchObject({ status: 2, err: expect.stringContaining('dts') });
  expect(await run('sessions', '--stall', '0')).toMatchObject({ status: 2, err: expect.stringContaining('--stall') });
}, 60_000);
