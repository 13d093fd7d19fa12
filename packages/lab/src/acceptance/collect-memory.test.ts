// A collector under as much as it can store for good: its memory does not grow, and every record that was sent is stored or counted as lost.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { residentOctets } from '../run/memory.js';
import { sleep, until } from '../run/wait.js';
import { ExportStream, type ExportStreamSent } from '../subjects/export-stream.js';
import { LoopbackCollector } from '../weir/loopback-collector.js';

/** Ten minutes with WEIR_LONG=1. */
const long = process.env.WEIR_LONG === '1';
const seconds = long ? 600 : 30;
const exporters = 4;
/** What is sent to find how much is stored in a second: more than a machine of today stores. */
const trial = { recordsPerSecond: 400_000, exporters, seconds: long ? 15 : 5, closingSeconds: 2 };
/** Part of what was stored in a second that it can store for good, with merges, and others on the machine. */
const sustainable = long ? 0.8 : 0.6;
const sampleSeconds = long ? 2 : 0.5;
/** The engine's memory breathes with its merges, and by more the shorter one looks. */
const growth = long ? 0.15 : 0.4;

interface Status {
  exporters: { lostRecords: number }[];
  dropped: { records: number };
}

let directory: string;
let collector: LoopbackCollector;
let sending: ExportStream | undefined;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'weir-collect-memory-'));
  collector = await LoopbackCollector.start(join(directory, 'data'));
});

afterAll(async () => {
  try {
    await sending?.process.stop();
    await collector?.stop();
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}, 150_000);

/** Waits until the collector has done with everything. */
async function settled(): Promise<void> {
  let before = -1;
  await until('the end of storing', 300, async () => {
    const metrics = await collector.metrics();
    const received = metrics.get('flow_records_total')!;
    const done = ['stored', 'failed'].reduce((sum, name) => sum + metrics.get(`${name}_records_total`)!, 0);
    const still = received === before && received === done;
    before = received;
    // Its figures are renewed once a second.
    await sleep(1100);
    return still || undefined;
  });
}

/** What was sent at first, and how many of it were stored in a second, from the first that was sent until the last was stored. */
async function tried(): Promise<{ records: number; storedInASecond: number }> {
  const begun = performance.now();
  sending = await ExportStream.toPort(collector.port, trial);
  const { records } = await sending.sent();
  await settled();
  const stored = (await collector.metrics()).get('stored_records_total')!;
  return { records, storedInASecond: stored / ((performance.now() - begun) / 1000) };
}

/** Octets of memory of all its processes, from time to time while the stream is sent. */
async function watched(stream: ExportStream): Promise<{ sent: ExportStreamSent; memory: number[] }> {
  const memory: number[] = [];
  let over = false;
  const ending = stream.sent().finally(() => {
    over = true;
  });
  while (!over) {
    memory.push(residentOctets(collector.command.pid));
    await Promise.race([sleep(sampleSeconds * 1000), ending]);
  }
  return { sent: await ending, memory };
}

/** What the line of least squares through the figures rises by from the first to the last. */
function rise(figures: readonly number[]): number {
  const middle = (figures.length - 1) / 2;
  const mean = figures.reduce((sum, each) => sum + each, 0) / figures.length;
  const slope =
    figures.reduce((sum, each, i) => sum + (i - middle) * (each - mean), 0) /
    figures.reduce((sum, _, i) => sum + (i - middle) ** 2, 0);
  return slope * (figures.length - 1);
}

test(
  'memory does not grow, and what is not stored is counted',
  async () => {
    const first = await tried();
    const rate = sustainable * first.storedInASecond;
    const before = await collector.metrics();
    sending = await ExportStream.toPort(collector.port, {
      ...{ recordsPerSecond: rate, exporters, seconds },
      closingSeconds: 2,
    });
    const { sent, memory } = await watched(sending);
    await settled();
    const metrics = await collector.metrics();
    const { exporters: seen, dropped } = await collector.api<Status>('/api/v1/status');
    // The first half is warm-up: code is compiled, caches fill.
    const late = memory.slice(Math.floor(memory.length / 2));
    const mean = late.reduce((sum, each) => sum + each, 0) / late.length;
    const stored = metrics.get('stored_records_total')! - before.get('stored_records_total')!;
    console.info(
      `${Math.round(rate)} records/s for ${seconds} s: ${sent.records} sent, ${stored} stored, ${dropped.records} dropped; ` +
        `memory ${(mean / 1e6).toFixed(0)} MB, rising by ${(rise(late) / 1e6).toFixed(0)} MB in its second half, at most ${(Math.max(...memory) / 1e6).toFixed(0)} MB`,
    );
    expect(sent.records).toBeGreaterThan(0.9 * rate * seconds);
    const lost = seen.reduce((sum, each) => sum + each.lostRecords, 0);
    expect(metrics.get('stored_records_total')! + dropped.records + lost).toBe(first.records + sent.records);
    expect(rise(late)).toBeLessThan(growth * mean);
  },
  (seconds + 600) * 1000,
);
