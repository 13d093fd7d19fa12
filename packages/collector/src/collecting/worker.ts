/** The collecting thread: receives, decodes, and delivers batches. Its end is the message 'stop'. */
import { setTimeout as pause } from 'node:timers/promises';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { formatHostPort } from '../config/address.js';
import type { ListenAddress } from '../config/listen.js';
import { type FilledBatch, Ingest } from './ingest.js';
import { LineLimit } from './line-limit.js';
import type { CollectingStatus, FromWorker, ToWorker, WorkerOptions } from './messages.js';
import { openReceiver } from './open-receiver.js';
import type { Receiver } from './receiver.js';
import { type StreamAddress, StreamReceiver } from './stream-receiver.js';

const BATCH_ROWS = 65_536;
/** Rows do not wait longer than this for their batch to fill. */
const BATCH_MILLISECONDS = 1000;
/** New Templates are kept sooner: without them all that follows is unreadable after a crash, until they are sent again. */
const TEMPLATE_MILLISECONDS = 50;
/** Batches on their way to the main thread; about 10 MB each when full. */
const MAXIMUM_WAITING = 8;
/** A Message has at most 65,515 records: with what waits already they fill less than so many batches. */
const BATCHES_OF_A_MESSAGE = 2;
const STATUS_MILLISECONDS = 1000;

const port = parentPort as MessagePort;
let waiting = 0;
let stopping = false;
let saveNotBefore = 0;

const ingest = new Ingest({ capacity: BATCH_ROWS, deliver });

function tell(message: FromWorker, transfer: ArrayBuffer[] = []): void {
  port.postMessage(message, transfer);
}

function deliver(batch: FilledBatch, mustTake: boolean): boolean {
  if (waiting >= MAXIMUM_WAITING && !mustTake && !stopping) return false;
  waiting++;
  const sessions = savedSessions();
  tell({ type: 'batch', batch, ...(sessions === undefined ? {} : { sessions }) }, [batch.block.buffer as ArrayBuffer]);
  return true;
}

/** With thousands of Templates saving takes long: it may have a tenth of the time. */
function savedSessions(): string | undefined {
  const start = Date.now();
  if (start < saveNotBefore) return undefined;
  const saved = JSON.stringify(ingest.save(start));
  saveNotBefore = start + 10 * (Date.now() - start);
  return saved;
}

/** Sessions without a batch: nothing waits, so their sequence numbers agree with what is stored. */
function keepSessions(): void {
  const sessions = savedSessions();
  if (sessions !== undefined) tell({ type: 'sessions', sessions });
}

let timer: NodeJS.Timeout | undefined;
let due = Number.POSITIVE_INFINITY;

/** Something has come in: its batch is to be closed in time. */
function received(): void {
  if (ingest.learned) closeBy(Date.now() + TEMPLATE_MILLISECONDS);
  else if (ingest.waitingRows > 0 && timer === undefined) closeBy(Date.now() + BATCH_MILLISECONDS);
}

/** Closes the batch at that time, unless it is to be closed sooner. */
function closeBy(time: number): void {
  ingest.learned = false;
  if (time >= due) return;
  due = time;
  clearTimeout(timer);
  timer = setTimeout(close, time - Date.now());
}

function close(): void {
  timer = undefined;
  due = Number.POSITIVE_INFINITY;
  if (ingest.waitingRows === 0) keepSessions();
  // With no room, the batch goes on filling; rows are dropped only when it is full.
  else if (waiting < MAXIMUM_WAITING) ingest.flush();
  else closeBy(Date.now() + BATCH_MILLISECONDS);
}

const lines = new LineLimit(line => tell({ type: 'log', line }));
const streams = new StreamReceiver(
  {
    // Of a connection nothing is dropped: it waits instead.
    room: () => waiting + BATCHES_OF_A_MESSAGE < MAXIMUM_WAITING,
    message(session, bytes, stream) {
      const problem = ingest.streamMessage(session, bytes, Date.now(), stream);
      received();
      return problem;
    },
    end: session => ingest.endOfStream(session),
  },
  line => lines.say(line, performance.now()),
);

/** Binds all addresses. @returns the UDP sockets, and URLs of what is listened on, in the order asked for */
async function open(listen: readonly ListenAddress[], receiveBuffer: number): Promise<[Receiver, string[]]> {
  const datagrams = listen.filter(at => at.scheme === 'udp');
  const receiver = await openReceiver(datagrams, receiveBuffer, (datagram, peer) => {
    ingest.datagram(datagram, peer, Date.now());
    received();
  });
  const bound = [...receiver.listening];
  const urls: string[] = [];
  for (const at of listen) {
    urls.push(
      at.scheme === 'udp' ? `udp://${formatHostPort(bound.shift()!)}` : await streams.listen(at as StreamAddress),
    );
  }
  return [receiver, urls];
}

function status(receiver: Receiver): CollectingStatus {
  return {
    exporters: ingest.exporters.list(),
    counters: ingest.counters,
    streams: streams.counters,
    diagnostics: Object.fromEntries(ingest.diagnostics),
    sessions: ingest.sessionCount + streams.counters.open,
    kernelDrops: receiver.kernelDrops(),
  };
}

/** Waits until what the kernel holds has been read, a bounded time. */
async function drain(): Promise<void> {
  for (let round = 0; round < 100; round++) {
    const before = ingest.counters.datagrams;
    await pause(20);
    if (ingest.counters.datagrams === before) return;
  }
}

async function run({ listen, receiveBuffer, sessions }: WorkerOptions): Promise<void> {
  if (sessions !== undefined) ingest.restore(sessions);
  const [receiver, urls] = await open(listen, receiveBuffer);
  const ticker = setInterval(() => tell({ type: 'status', status: status(receiver) }), STATUS_MILLISECONDS);
  port.on('message', async (message: ToWorker) => {
    if (message === 'taken') {
      waiting--;
      streams.resume();
      return;
    }
    stopping = true;
    await Promise.all([drain(), streams.stop()]);
    clearInterval(ticker);
    clearTimeout(timer);
    ingest.flush();
    tell({ type: 'status', status: status(receiver) });
    receiver.close();
    tell({ type: 'stopped', sessions: JSON.stringify(ingest.save(Date.now())) });
    port.close();
  });
  tell({ type: 'listening', urls });
}

run(workerData as WorkerOptions).catch((error: Error) => {
  // What is no mistake of people is a defect: let it end the thread with its stack.
  if (error.name !== 'WeirError') throw error;
  tell({ type: 'failed', message: error.message });
});
