import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Collector, startCollector } from '@weir/collector';
import { fieldsOf, MessageWriter } from '@weir/ipfix';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const program = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'weir-bill-'));
const data = join(directory, 'data');
const tokenFile = join(data, 'token');
let collector: Collector | undefined;

/** 10.0.0.1 to 192.0.2.1: 1,000 octets, and 5,000 back. */
function messages(): Uint8Array[] {
  const buffer = new Uint8Array(1400);
  const writer = new MessageWriter(buffer);
  const now = Math.floor(Date.now() / 1000);
  const addresses = ['sourceIPv4Address', 'destinationIPv4Address'];
  const template = {
    ...{ id: 300, scopeFieldCount: 0 },
    fields: fieldsOf([...addresses, 'octetDeltaCount', 'reverseOctetDeltaCount', 'flowEndMilliseconds']),
  };
  writer.begin(1);
  writer.addTemplate(template);
  writer.addRecord(template, {
    ...{ sourceIPv4Address: '10.0.0.1', destinationIPv4Address: '192.0.2.1' },
    ...{ octetDeltaCount: 1000, reverseOctetDeltaCount: 5000, flowEndMilliseconds: new Date() },
  });
  return [buffer.slice(0, writer.finish(now, 0))];
}

function run(...arguments_: string[]): Promise<{ status: number; out: string; err: string }> {
  const child = spawn(process.execPath, [program, 'bill', ...arguments_]);
  let [out, err] = ['', ''];
  child.stdout.on('data', chunk => (out += chunk));
  child.stderr.on('data', chunk => (err += chunk));
  return new Promise(resolve => child.on('close', status => resolve({ status: status ?? -1, out, err })));
}

const month = new Date().toISOString().slice(0, 7);
const lastYear = `${Number(month.slice(0, 4)) - 1}-01`;

beforeAll(async () => {
  collector = await startCollector({
    ...{ data, http: '127.0.0.1:0', listen: ['udp://127.0.0.1:0'] },
    ...{ 'as-database': 'none', 'country-database': 'none' },
    accounts: [
      { name: 'office', networks: ['10.0.0.0/8'], quota: '10k' },
      { name: 'server', networks: ['192.0.2.1'], 'percentile-of': 'sum' },
    ],
  });
  const socket = createSocket('udp4');
  const port = Number(new URL(collector.listening[0]!).port);
  for (const message of messages())
    await new Promise<void>(done => socket.send(message, port, '127.0.0.1', () => done()));
  socket.close();
  const bills = `${collector.http}api/v1/billing/bills?account=office`;
  for (let i = 0; i < 200; i++) {
    const answer = (await (await fetch(bills)).json()) as { bills: { statement: { octets: { out: number } } }[] };
    if (answer.bills[0]!.statement.octets.out === 1000) return;
    await new Promise(done => setTimeout(done, 100));
  }
  throw new Error('the flow was not counted');
}, 60_000);
afterAll(async () => {
  await collector?.stop();
  rmSync(directory, { recursive: true });
});

async function sayTheSame(...source: string[]): Promise<void> {
  const json = await run('--format', 'json', ...source);
  expect(json).toMatchObject({ status: 0, err: '' });
  expect(
    json.out
      .trim()
      .split('\n')
      .map(line => JSON.parse(line)),
  ).toMatchObject([
    { state: 'open', statement: { account: 'office', month, octets: { in: 5000, out: 1000, within: 0 } } },
    { state: 'open', statement: { account: 'server', month, octets: { in: 1000, out: 5000, within: 0 } } },
  ]);
  const table = await run('office', ...source);
  expect(table.out).toMatch(/^account +month +state +in +out +within +percentile +is +quota\n/);
  expect(table.out).toMatch(/^office +\d{4}-\d\d +open +5000 +1000 +0 +95th of max +0 bit\/s +60\.0 % of 10\.0 k\n/m);
  expect(table.out).toMatch(/^office +\d{4}-\d\d-\d\d +5000 +1000 +0$/m);
  const csv = await run('office', '--days', '--format', 'csv', ...source);
  const [head, ...days] = csv.out.trim().split('\n');
  expect(head).toBe('account,month,state,entry,day,inOctets,outOctets,withinOctets');
  expect(days).toHaveLength(new Date().getUTCDate());
  const file = await run('--format', 'csv', '--month', month, ...source);
  expect(file.out.split('\n')[0]).toMatch(/^account,month,state,entry,from,until,timeZone,inOctets,outOctets,/);
}

describe('a collector that runs', () => {
  test('tells bills over HTTP and by its socket', async () => {
    await sayTheSame('--url', collector!.http);
    await sayTheSame('--data', data);
  });

  test('takes corrections of who may', async () => {
    const entry = ['office', '--month', lastYear, '--correct', 'by hand'];
    const refused = await run(...entry, '--url', collector!.http);
    expect(refused).toMatchObject({ status: 1, err: expect.stringMatching(/changes need a token/) });
    const done = await run(...entry, '--url', collector!.http, '--token-file', tokenFile, '--format', 'json');
    expect(done.status).toBe(0);
    expect(JSON.parse(done.out.trim())).toMatchObject({
      state: 'closed',
      entry: { number: 1, by: 'token', reason: 'by hand' },
    });
    expect(readFileSync(join(data, 'audit.jsonl'), 'utf8')).toContain(`office ${lastYear} by hand`);
  });

  test('refuses what makes no sense', async () => {
    expect(await run('home', '--data', data)).toMatchObject({
      status: 2,
      err: expect.stringMatching(/there is no account "home"; there is office, server/),
    });
    expect(await run('--month', 'May')).toMatchObject({ status: 2, err: expect.stringMatching(/"May" is no month/) });
    expect(await run('--correct', 'x')).toMatchObject({ status: 2, err: expect.stringMatching(/name the account/) });
    expect(await run('office', '--month', month, '--correct', 'x', '--data', data)).toMatchObject({
      status: 2,
      err: expect.stringMatching(/goes on until/),
    });
  });
});

test('a store alone tells the same, by the accounts that were configured last', async () => {
  await collector!.stop();
  collector = undefined;
  const json = await run('server', '--data', data, '--format', 'json');
  expect(JSON.parse(json.out)).toMatchObject({ state: 'open', statement: { octets: { in: 1000, out: 5000 } } });
  const corrected = await run('office', '--month', lastYear, '--correct', 'again', '--data', data, '--format', 'json');
  expect(JSON.parse(corrected.out.trim())).toMatchObject({ entry: { number: 2, reason: 'again' } });
}, 60_000);
