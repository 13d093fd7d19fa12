import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach } from 'vitest';
import { CollectorCounters } from '../../exporting/collector-counters.js';
import { Exporter, NO_REFRESH } from '../../exporting/exporter.js';
import { parseFields } from '../../exporting/field-selection.js';
import { FlowTemplates } from '../../exporting/flow-templates.js';
import { IpfixEncoder } from '../../exporting/ipfix-encoder.js';
import { flow } from '../../exporting/testing/fakes.js';
import { MessageRing } from '../message-ring.js';
import { RingSink } from '../ring-sink.js';
import { Spool } from '../spool.js';
import { StreamSession } from '../stream-session.js';
import type { StreamTarget } from '../tls-options.js';
import { Receiver } from './receiver.js';

/** Of the test that runs: for the spool, and for certificates. */
export let directory = '';

/** Gives each test of the file a directory. */
export function useDirectory(): void {
  beforeEach(({ skip }) => {
    skip(process.platform !== 'linux', 'TCP_INFO of Linux');
    directory = mkdtempSync(join(tmpdir(), 'weir-stream-'));
  });
  afterEach(() => {
    if (directory !== '') rmSync(directory, { recursive: true });
  });
}

const clock = { wall: () => Date.now(), monotonic: () => performance.now() };

/** An exporter with its session, both on this thread. Flows are numbered from `next` on. */
export function sending(target: StreamTarget, { spool = true, spoolOctets = 100_000_000, next = 0 } = {}) {
  const lines: string[] = [];
  const log = (line: string) => lines.push(line);
  const counters = new CollectorCounters();
  const ring = MessageRing.allocate(1_048_576);
  const kept = spool ? new Spool(join(directory, 'spool'), spoolOctets, counters, log) : undefined;
  const session = new StreamSession({ target, url: 'the one', ring, counters, spool: kept, log });
  const sink = new RingSink(ring, () => setImmediate(() => session.wake()));
  const exporter = new Exporter(
    new IpfixEncoder(5, new FlowTemplates(parseFields('default'))),
    sink,
    clock,
    NO_REFRESH,
    counters,
  );
  const state = { next };
  /** As many as may be; in batches as the loop does, waiting where there is no room. */
  const exportSome = async (count: number) => {
    const record = flow();
    for (const end = state.next + count; state.next < end; ) {
      exporter.refresh();
      if (exporter.lacksRoom(8)) await sleep(1);
      else
        for (let i = 0; i < 200 && state.next < end; i++)
          exporter.export(Object.assign(record, { flowId: state.next++ }));
      exporter.flush();
      if (state.next % 10_000 < 200) await sleep(1);
    }
  };
  const stop = async () => {
    exporter.close();
    await session.stop();
  };
  return { exporter, exportSome, stop, counters, lines, state };
}

export const tcp = (port: number): StreamTarget => ({ kind: 'tcp', host: '127.0.0.1', port });
export const within = { timeout: 20_000, interval: 20 };
export const received = (...receivers: Receiver[]) => {
  const all = new Set<number>();
  for (const receiver of receivers) for (const id of receiver.flows.keys()) all.add(id);
  return all.size;
};

/** A port that nobody listens on once it is given free. */
export async function closedPort() {
  const receiver = await Receiver.listen();
  return { port: receiver.port, stop: () => receiver.stop() };
}
