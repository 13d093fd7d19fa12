// kill -9 of the collector and of its engine, again and again under load: the store opens each time, no record is in it twice, only what nobody
// had heard at a kill of the collector is missing, and what is asked of it in different ways agrees.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sleep, until } from '../run/wait.js';
import { ExportStream, type ExportStreamSent } from '../subjects/export-stream.js';
import { LoopbackCollector } from '../weir/loopback-collector.js';

/** Twenty of each with WEIR_LONG=1. */
const kills = process.env.WEIR_LONG === '1' ? 20 : 3;
const stream = { recordsPerSecond: 20_000, exporters: 4, closingSeconds: 2 };
/**
 * What a kill of the collector may lose: what was not in its raw spool yet, some milliseconds as ARCHITECTURE.md has it, and what waited in its
 * sockets while others had the processor.
 */
const lostSeconds = 0.5;
/** Between kills, so that they come at different times of batches and inserts. */
const pause = (round: number): Promise<void> => sleep(1500 + ((round * 370) % 1000));

let directory: string;
let collector: LoopbackCollector;
let sending: ExportStream | undefined;
let engines: Phase;
let collectors: Phase;
/** By flowId how often a record is in the store; and what all of them count. */
let stored: Uint8Array;
let octets = 0;

/** What was sent while something was killed: records of flowId `first` on. */
interface Phase extends ExportStreamSent {
  first: number;
  /** Seconds that nobody listened. */
  deaf: number;
}

beforeAll(
  async () => {
    directory = mkdtempSync(join(tmpdir(), 'weir-collect-kill-'));
    collector = await LoopbackCollector.start(join(directory, 'data'));
    engines = await phase(0, killEngine);
    collectors = await phase(engines.records, killCollector);
    stored = new Uint8Array(collectors.first + collectors.records);
    await collector.eachRecordLine(line => {
      stored[Number(/"flowId":"?(\d+)/.exec(line)![1])]!++;
      octets += Number(/"octetDeltaCount":"?(\d+)/.exec(line)![1]);
    });
  },
  kills * 60_000 + 180_000,
);

afterAll(async () => {
  try {
    await sending?.process.stop();
    await collector?.stop();
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}, 150_000);

/** Kills so many times while a stream comes in, and waits until what came is stored. */
async function phase(first: number, kill: (port: number) => Promise<number>): Promise<Phase> {
  const { port } = collector;
  sending = await ExportStream.toPort(port, { ...stream, firstId: first });
  let deaf = 0;
  for (let round = 0; round < kills; round++) {
    await pause(round);
    deaf += await kill(port);
  }
  await pause(kills);
  const sent = await sending.stop();
  await settled();
  return { ...sent, first, deaf };
}

async function killEngine(): Promise<number> {
  const before = (await collector.metrics()).get('store_restarts_total')!;
  process.kill(collector.enginePid()!, 'SIGKILL');
  await until('another engine', 120, async () => {
    const metrics = await collector.metrics();
    return (metrics.get('store_restarts_total')! > before && metrics.get('store_healthy') === 1) || undefined;
  });
  return 0;
}

/** @returns seconds until another listens on the same port */
async function killCollector(port: number): Promise<number> {
  const begun = performance.now();
  process.kill(collector.command.pid, 'SIGKILL');
  await collector.command.ended();
  const starting = LoopbackCollector.start(join(directory, 'data'), port);
  let started = false;
  const heard = starting.finally(() => {
    started = true;
  });
  // It listens before its page is there.
  while (!started && !listened(port)) await sleep(5);
  const deaf = (performance.now() - begun) / 1000;
  collector = await heard;
  return deaf;
}

/** Whether a UDP socket has the port. */
function listened(port: number): boolean {
  return new RegExp(`^ *\\d+: [0-9A-F]{8}:${port.toString(16).toUpperCase().padStart(4, '0')} `, 'm').test(
    readFileSync('/proc/net/udp', 'utf8'),
  );
}

async function settled(): Promise<void> {
  let before = -1;
  await until('the end of storing', 180, async () => {
    const metrics = await collector.metrics();
    const received = metrics.get('flow_records_total')!;
    const done = ['stored', 'failed'].reduce((sum, name) => sum + metrics.get(`${name}_records_total`)!, 0);
    const still = received === before && received === done && metrics.get('store_pending_batches') === 0;
    before = received;
    // Its figures are renewed once a second.
    await sleep(1100);
    return still || undefined;
  });
}

/** Records of the phase that are in the store. */
const kept = ({ first, records }: Phase): number =>
  stored.subarray(first, first + records).reduce((sum, times) => sum + Math.min(times, 1), 0);

test('no record is in the store twice', () => {
  expect(stored.reduce((most, times) => Math.max(most, times), 0)).toBe(1);
});

test('kills of the engine lose nothing', () => {
  console.info(`${kills} kills of the engine: ${kept(engines)} of ${engines.records} records stored`);
  expect(kept(engines)).toBe(engines.records);
});

test('kills of the collector lose what came while nobody listened, and hardly more', () => {
  const lost = collectors.records - kept(collectors);
  const seconds = lost / stream.recordsPerSecond;
  console.info(
    `${kills} kills of the collector: ${seconds.toFixed(1)} s of ${collectors.seconds.toFixed(0)} s lost, nobody listened for ${collectors.deaf.toFixed(1)} s`,
  );
  expect(seconds).toBeLessThan(collectors.deaf + kills * lostSeconds);
  // Between the kills it stored.
  expect(kept(collectors)).toBeGreaterThan(kills * stream.recordsPerSecond * 0.3);
});

test('what is asked of the store in different ways agrees', async () => {
  const records = kept(engines) + kept(collectors);
  const [all] = await collector.groups('');
  expect(all).toMatchObject({ flows: records, octets });
  for (const by of ['protocolIdentifier', 'destinationTransportPort', 'ingressInterface']) {
    const groups = await collector.groups('', by);
    const sum = (name: 'flows' | 'octets' | 'packets'): number =>
      groups.reduce((total, group) => total + group[name], 0);
    expect([sum('flows'), sum('octets'), sum('packets')]).toEqual([records, octets, all!.packets]);
  }
});
