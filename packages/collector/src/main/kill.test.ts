import { createSocket } from 'node:dgram';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { spoolsIn } from '../collecting/spool/directory.js';
import { RawSpoolReader } from '../collecting/spool/reader.js';
import { messageLength, TestExporter } from '../collecting/testing/exporter.js';
import { Store } from '../store/client.js';
import { CollectorProcess } from './testing/process.js';

// Twenty with WEIR_LONG=1.
const kills = process.env.WEIR_LONG === '1' ? 20 : 4;
const UDP = 1;
const TCP = 2;

const directory = mkdtempSync(join(tmpdir(), 'weir-kill-'));
const collector = new CollectorProcess(directory);
afterAll(() => {
  collector.clear();
  rmSync(directory, { recursive: true, maxRetries: 5 });
});

/** Numbers of the Flow Records that were sent between two points of time; of one exporter they are 1, 2, 3, ... */
interface Run {
  readonly from: number;
  to: number;
}

/** Sends all the time, whether anyone listens or not. */
class Load {
  readonly udp = new TestExporter(UDP);
  readonly tcp = new TestExporter(TCP);
  /** What went over each connection. */
  readonly connections: Run[] = [];
  readonly #datagrams = createSocket('udp4');
  readonly #timer: NodeJS.Timeout;
  readonly #ports: readonly number[];
  #socket: Socket | undefined;
  #ticks = 0;

  constructor(ports: readonly number[]) {
    this.#ports = ports;
    this.#datagrams.on('error', () => {});
    this.#timer = setInterval(() => this.#send(), 4);
  }

  connect(): void {
    const socket = connect(this.#ports[1]!, '127.0.0.1');
    socket.on('error', () => {});
    socket.on('close', () => {
      if (this.#socket === socket) this.#socket = undefined;
    });
    const run: Run = { from: this.tcp.sequence, to: this.tcp.sequence };
    socket.write(this.tcp.templates());
    this.connections.push(run);
    this.#socket = socket;
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await pause(500);
    this.#socket?.end();
    this.#datagrams.close();
  }

  #send(): void {
    const datagram = this.#ticks++ % 100 === 0 ? this.udp.templates() : this.udp.flows(40);
    this.#datagrams.send(datagram, this.#ports[0]!, '127.0.0.1');
    if (this.#socket === undefined || this.#socket.writableLength > 1_000_000) return;
    this.#socket.write(this.tcp.flows(60));
    this.connections.at(-1)!.to = this.tcp.sequence;
  }
}

/** Numbers of the Flow Records in the raw spools that no block has yet, as "domain number". */
function inRawSpools(): string[] {
  const found: string[] = [];
  for (const spool of spoolsIn(join(directory, 'raw'))) {
    const reader = new RawSpoolReader(spool.path, spool.state()?.position ?? 0);
    while (reader.next()) {
      const { octets } = reader;
      const view = new DataView(octets.buffer, octets.byteOffset, octets.length);
      if (octets.length < 20 || view.getUint16(16) !== 256) continue;
      for (let n = 0; messageLength(n + 1) <= octets.length; n++)
        found.push(`${view.getUint32(12)} ${view.getUint32(8) + n + 1}`);
    }
    reader.close();
  }
  return found;
}

/** How often each Flow Record is in the store, as "domain number". */
async function stored(): Promise<Map<string, number>> {
  const store = await Store.open({ directory });
  try {
    const sql = 'SELECT observationDomainId AS d, octets AS n, count() AS c FROM flows GROUP BY d, n';
    const rows = await store.query<{ d: number; n: string; c: string }>(sql);
    return new Map(rows.map(({ d, n, c }) => [`${d} ${n}`, Number(c)]));
  } finally {
    await store.close();
  }
}

/** Runs of numbers that are there, and of numbers between them that are not. */
function runs(numbers: ReadonlyMap<string, number>, domain: number, { from, to }: Run): Run[] {
  const found: Run[] = [];
  for (let n = from + 1; n <= to; n++) {
    if (!numbers.has(`${domain} ${n}`)) continue;
    const last = found.at(-1);
    if (last?.to === n - 1) last.to = n;
    else found.push({ from: n - 1, to: n });
  }
  return found;
}

test('killed again and again under load, it loses nothing that was in a spool and doubles nothing', {
  timeout: 300_000,
}, async () => {
  const ports = await collector.start(['udp://127.0.0.1:0', 'tcp://127.0.0.1:0'], 1);
  const load = new Load(ports);
  load.connect();
  const spooled = new Set<string>();
  let least = 0;
  for (let i = 0; i < kills; i++) {
    // Some die while they still take in what the one before left.
    await pause(i % 4 === 3 ? 20 : 200 + Math.random() * 2000);
    await collector.end('SIGKILL');
    const left = inRawSpools();
    for (const record of left) spooled.add(record);
    least = Math.max(least, left.length);
    const listen = ports.map((port, k) => `${k === 0 ? 'udp' : 'tcp'}://127.0.0.1:${port}`);
    await collector.start(listen, 1 + (i % 3));
    load.connect();
  }
  await pause(500);
  await load.stop();
  await collector.end('SIGTERM');
  const numbers = await stored();
  expect([...numbers].filter(([, count]) => count !== 1)).toEqual([]);
  expect([...spooled].filter(record => !numbers.has(record))).toEqual([]);
  expect(least).toBeGreaterThan(0);
  // Of a connection all is there up to a point: what the kernel held then, or half a Message, is what a kill takes.
  for (const connection of load.connections.slice(0, -1)) {
    const [first, ...more] = runs(numbers, TCP, connection);
    expect(more).toEqual([]);
    expect(first?.from ?? connection.from).toBe(connection.from);
  }
  expect(runs(numbers, TCP, load.connections.at(-1)!)).toEqual([load.connections.at(-1)]);
  // Of UDP what was sent from a kill until the next start is missing, and nothing else.
  const udp = runs(numbers, UDP, { from: 0, to: load.udp.sequence });
  expect(udp.length).toBeLessThanOrEqual(kills + 1);
  expect(udp.at(-1)!.to).toBe(load.udp.sequence);
});
