import { residentOctets } from '../run/memory.js';
import { processSeconds, processSecondsUntilEnd } from '../run/processor.js';
import { untilQuiet } from '../run/quiet.js';
import { readProc } from '../run/tree.js';
import { sleep } from '../run/wait.js';
import type { Collector, RunningCollector, Stored } from '../subjects/collector.js';
import { ExportStream, type ExportStreamOrder, type ExportStreamSent } from '../subjects/export-stream.js';
import { exportPort } from '../subjects/subject.js';
import type { Bed } from './network.js';

/** What a collector made of a stream. */
export interface Fed {
  readonly sent: ExportStreamSent;
  /** Records that it has kept, and what part of those sent that is. */
  readonly records: number;
  readonly part: number;
  /** Seconds from the end of sending until everything was kept. */
  readonly late: number;
  /** Seconds of processor time, its children's with it. */
  readonly processor: number;
  /** Octets of memory, the most of what was seen. */
  readonly resident: number;
}

const MEMORY_MILLISECONDS = 250;
const DRAINED_MILLISECONDS = 500;
/** Its figures are renewed once a second. */
const SETTLED_READINGS = 3;
const LONGEST_SECONDS = 240;

/** Starts the collector, sends it the stream, waits until it has done with it, and ends it. */
export async function feed({ lab, net }: Bed, collector: Collector, order: ExportStreamOrder): Promise<Fed> {
  const running = await collector.start(lab, net.router);
  const { pid } = running.process;
  const before = processSeconds(pid);
  const memory = watchMemory(pid);
  const stream = await ExportStream.inNamespace(net.router, order);
  lab.own(stream.process);
  const sent = await stream.sent();
  const late = await drained(running);
  const resident = await memory();
  let stored: Stored = { flowRecords: 0 };
  const used = await processSecondsUntilEnd(pid, async () => {
    stored = await running.stop();
  });
  // Who sums by Flow Key has fewer records than it got.
  const part = stored.octets === undefined ? stored.flowRecords / sent.records : stored.octets / sent.octets;
  return { sent, records: part * sent.records, part, late, processor: used - before, resident };
}

/** @returns the function that ends it and tells the most that was seen. */
function watchMemory(pid: number): () => Promise<number> {
  let most = 0;
  let over = false;
  const watching = (async () => {
    for (; !over; await sleep(MEMORY_MILLISECONDS)) most = Math.max(most, residentOctets(pid));
  })();
  return async () => {
    over = true;
    await watching;
    return most;
  };
}

/** Waits until the collector has read and kept everything. @returns seconds that this took */
async function drained({ process, behind }: RunningCollector): Promise<number> {
  const begun = performance.now();
  const seconds = (): number => (performance.now() - begun) / 1000;
  while (queuedOctets(process.pid) > 0 && seconds() < LONGEST_SECONDS) await sleep(DRAINED_MILLISECONDS / 5);
  const read = seconds();
  if (behind === undefined) {
    await untilQuiet(process.pid);
    return read;
  }
  let since = read;
  for (let settled = 0; settled < SETTLED_READINGS && seconds() < LONGEST_SECONDS; ) {
    await sleep(DRAINED_MILLISECONDS);
    if ((await behind()) === 0) settled++;
    else {
      settled = 0;
      since = seconds();
    }
  }
  return since;
}

/** What waits in the sockets of exports in the namespace of the process: tx_queue:rx_queue of /proc/net/udp, hexadecimal. */
function queuedOctets(pid: number): number {
  const port = exportPort.toString(16).toUpperCase().padStart(4, '0');
  const sockets = `${readProc(pid, 'net/udp')}\n${readProc(pid, 'net/udp6')}`;
  const queues = sockets.matchAll(new RegExp(`^\\s*\\d+: [0-9A-F]+:${port} \\S+ \\S+ [0-9A-F]+:([0-9A-F]+)`, 'gm'));
  return [...queues].reduce((sum, [, queue]) => sum + Number.parseInt(queue!, 16), 0);
}
