import { createSocket } from 'node:dgram';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fieldsOf, MessageWriter, type Template } from '@weir/ipfix';
import { afterAll, expect, test } from 'vitest';
import type { SpoolState } from '../collecting/spool/directory.js';
import { Store } from '../store/client.js';
import { CollectorProcess } from './testing/process.js';

// Twenty with WEIR_LONG=1.
const kills = process.env.WEIR_LONG === '1' ? 20 : 4;
const WAIT_SECONDS = 2;
/** Ticks between a half and the other: half of the time that it may wait. */
const LATER = 250;
const TICK_MILLISECONDS = 4;
const FLOWS = 20;

const directory = mkdtempSync(join(tmpdir(), 'weir-kill-halves-'));
const collector = new CollectorProcess(directory, { 'join-halves': WAIT_SECONDS });
afterAll(() => {
  collector.clear();
  rmSync(directory, { recursive: true, maxRetries: 5 });
});

const template: Template = {
  id: 256,
  scopeFieldCount: 0,
  fields: fieldsOf([
    ...['sourceIPv4Address', 'destinationIPv4Address', 'sourceTransportPort', 'destinationTransportPort'],
    ...['protocolIdentifier', 'octetDeltaCount', 'flowStartMilliseconds', 'flowEndMilliseconds'],
  ]),
};
const LENGTH = 4 + 4 + 2 + 2 + 1 + 8 + 8 + 8;
const [CLIENTS, SERVER] = [0x0a00_0000, 0xc000_0201];

/** Sends halves all the time, whether anyone listens or not; the n-th record has n octets. */
class Load {
  records = 0;
  readonly #socket = createSocket('udp4');
  readonly #timer: NodeJS.Timeout;
  readonly #buffer = new Uint8Array(1400);
  readonly #writer = new MessageWriter(this.#buffer);
  #ticks = 0;

  constructor(port: number) {
    this.#socket.on('error', () => {});
    this.#timer = setInterval(() => this.#socket.send(this.#message(), port, '127.0.0.1'), TICK_MILLISECONDS);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await pause(500);
    this.#socket.close();
  }

  /** The first halves of some Flows, or, some time later, the second ones. */
  #message(): Uint8Array {
    const before = this.records;
    this.#writer.begin(1);
    if (this.#ticks % 100 === 0) this.#writer.addTemplate(template);
    const isSecond = this.#ticks % 2 === 1;
    const first = FLOWS * (isSecond ? this.#ticks - LATER - 1 : this.#ticks);
    for (let n = first; n < first + FLOWS; n++) this.#half(n, isSecond);
    this.#ticks++;
    return this.#buffer.slice(0, this.#writer.finish(Math.floor(Date.now() / 1000), before));
  }

  #half(flow: number, isSecond: boolean): void {
    const view = new DataView(this.#buffer.buffer, this.#writer.reserve(template.id, LENGTH), LENGTH);
    // Half of the addresses are above the server's, so that which half comes first does not follow their order.
    const client = CLIENTS + (flow % 3 === 0 ? 0xd000_0000 : 0) + (flow & 0xff_ffff);
    const start = 1_700_000_000_000 + 10 * flow + (isSecond ? 3 : 0);
    view.setUint32(isSecond ? 4 : 0, client);
    view.setUint32(isSecond ? 0 : 4, SERVER);
    view.setUint16(isSecond ? 10 : 8, 40_000);
    view.setUint16(isSecond ? 8 : 10, 443);
    view.setUint8(12, 6);
    view.setBigUint64(13, BigInt(++this.records));
    view.setBigUint64(21, BigInt(start));
    view.setBigUint64(29, BigInt(start + 100));
  }
}

/** How many halves waited in the newest state. */
function held(): number {
  const rows = readdirSync(join(directory, 'raw')).map(name => {
    const path = join(directory, 'raw', name, 'state.json');
    const state = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as SpoolState) : undefined;
    return Number(state?.held?.split('.')[1] ?? 0);
  });
  return Math.max(0, ...rows);
}

async function stored(): Promise<{ count: number; octets: number; reverseOctets: number }[]> {
  const store = await Store.open({ directory });
  try {
    const sql = 'SELECT count() AS count, octets, reverseOctets FROM flows GROUP BY octets, reverseOctets';
    const rows = await store.query<Record<'count' | 'octets' | 'reverseOctets', string>>(sql);
    return rows.map(({ count, octets, reverseOctets }) => ({
      ...{ count: Number(count), octets: Number(octets), reverseOctets: Number(reverseOctets) },
    }));
  } finally {
    await store.close();
  }
}

test('killed again and again while halves wait, it loses none that it had decoded and doubles none', {
  timeout: 300_000,
}, async () => {
  const [port] = await collector.start(['udp://127.0.0.1:0']);
  const load = new Load(port!);
  let most = 0;
  for (let i = 0; i < kills; i++) {
    // Some die while they still take in what the one before left.
    await pause(i % 4 === 3 ? 20 : 1500 + Math.random() * 2500);
    await collector.end('SIGKILL');
    most = Math.max(most, held());
    await collector.start([`udp://127.0.0.1:${port}`], 1 + (i % 2));
  }
  await pause(3000);
  await load.stop();
  await collector.end('SIGTERM');
  expect(most).toBeGreaterThan(1000);

  const rows = await stored();
  expect(rows.filter(({ count }) => count !== 1)).toEqual([]);
  const joined = rows.filter(({ reverseOctets }) => reverseOctets > 0);
  expect(joined.length).toBeGreaterThan(1000);
  const found = rows.flatMap(({ octets, reverseOctets }) => (reverseOctets > 0 ? [octets, reverseOctets] : [octets]));
  const numbers = new Set(found);
  expect(found.length).toBe(numbers.size);
  // What was sent from a kill until the next start is missing, and nothing else.
  let gaps = 0;
  for (let n = 1; n < load.records; n++) if (numbers.has(n) && !numbers.has(n + 1)) gaps++;
  expect(gaps).toBeLessThanOrEqual(kills);
  expect(numbers.has(load.records)).toBe(true);
});
