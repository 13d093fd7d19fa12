/** A receiving thread: sockets -> raw spool. It knows nothing of what it receives but where a Message ends. Its end is the message 'stop'. */
import { setTimeout as pause } from 'node:timers/promises';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { formatHostPort } from '../config/address.js';
import { AllowedExporters } from './allowed-exporters.js';
import { LineLimit } from './line-limit.js';
import type { FromReceiver, ReceivingOptions, ReceivingStatus, ToReceiver } from './messages.js';
import { openReceiver } from './open-receiver.js';
import type { Receiver } from './receiver.js';
import type { Session } from './sessions.js';
import { Progress } from './spool/progress.js';
import { RawSpoolWriter } from './spool/writer.js';
import { type StreamAddress, StreamReceiver } from './stream-receiver.js';

const STATUS_MILLISECONDS = 1000;
const FULL_NOTICE_MILLISECONDS = 60_000;

const main = parentPort as MessagePort;
const options = workerData as ReceivingOptions;
const { directory, progress: memory, port, listen, receiveBuffer, limit, sharing } = options;
const allowed = new AllowedExporters(options.allowExporters);
const progress = new Progress(memory);

function tell(message: FromReceiver): void {
  main.postMessage(message);
}

const writer = new RawSpoolWriter({
  directory,
  limit,
  progress,
  written() {
    if (progress.takeSleeper()) port.postMessage('more');
  },
  room: () => streams.resume(),
  log: line => tell({ type: 'log', line }),
});

let datagrams = 0;
let notAllowed = 0;
let flushing: NodeJS.Immediate | undefined;

/** When all that the sockets held has been taken, or a turn is over. */
function flushSoon(): void {
  flushing ??= setImmediate(() => {
    flushing = undefined;
    writer.flush();
  });
}

const connections = new Map<Session, number>();
const sessions = new Map<number, Session>();
let lastConnection = 0;

function numberOf(session: Session): number {
  const known = connections.get(session);
  if (known !== undefined) return known;
  connections.set(session, ++lastConnection);
  sessions.set(lastConnection, session);
  return lastConnection;
}

const lines = new LineLimit(line => tell({ type: 'log', line }));
const streams: StreamReceiver = new StreamReceiver(
  {
    // Of a connection nothing is dropped: it waits instead.
    room: () => writer.room(),
    message: (session, bytes, stream) => writer.message(session, bytes, Date.now(), numberOf(session), stream),
    // A Message is in the raw spool before more is read of its socket.
    taken: () => writer.flush(),
    end(session) {
      const connection = connections.get(session);
      if (connection === undefined) return;
      writer.end(session, Date.now(), connection);
      writer.flush();
      connections.delete(session);
      sessions.delete(connection);
    },
  },
  line => lines.say(line, performance.now()),
  allowed,
);

/** Binds all addresses. @returns the UDP sockets, and URLs of what is listened on, in the order asked for */
async function open(): Promise<[Receiver, string[]]> {
  const onUdp = listen.filter(at => at.scheme === 'udp');
  const receiver = await openReceiver(
    onUdp,
    receiveBuffer,
    (datagram, peer) => {
      datagrams++;
      if (!allowed.admits(peer)) {
        notAllowed++;
        lines.say(`${peer.address} is not of --allow-exporters: what it sends is dropped`, performance.now());
        return;
      }
      writer.datagram(datagram, peer, Date.now());
      flushSoon();
    },
    sharing,
  );
  const bound = [...receiver.listening];
  const urls: string[] = [];
  for (const at of listen) {
    urls.push(
      at.scheme === 'udp' ? `udp://${formatHostPort(bound.shift()!)}` : await streams.listen(at as StreamAddress),
    );
  }
  return [receiver, urls];
}

function status(receiver: Receiver): ReceivingStatus {
  return {
    streams: streams.counters,
    kernelDrops: receiver.kernelDrops(),
    notAllowed,
    drops: writer.drops,
    exporterDrops: writer.exporterDrops.list(),
    spooled: progress.written - progress.freed,
    problem: writer.problem,
  };
}

/** Waits until what the kernel holds has been read, a bounded time. */
async function drain(): Promise<void> {
  for (let round = 0; round < 100; round++) {
    const before = datagrams;
    await pause(20);
    if (datagrams === before) return;
  }
}

/** Says that datagrams are dropped, when that begins and every minute while it goes on. */
class FullNotice {
  #told = 0;
  #notBefore = 0;

  look(): void {
    const { full } = writer.drops;
    if (full === this.#told || performance.now() < this.#notBefore) return;
    tell({
      type: 'log',
      line: `the raw spool is full (${limit} octets): ${full - this.#told} datagrams were dropped; the store is behind, see why, or raise --raw-spool-size`,
    });
    this.#told = full;
    this.#notBefore = performance.now() + FULL_NOTICE_MILLISECONDS;
  }
}

async function run(): Promise<void> {
  const [receiver, urls] = await open();
  const notice = new FullNotice();
  const ticker = setInterval(() => {
    tell({ type: 'status', status: status(receiver) });
    notice.look();
  }, STATUS_MILLISECONDS);
  port.on('message', (message: ToReceiver) => {
    if (message === 'room') streams.resume();
    else {
      const session = sessions.get(message.connection);
      if (session !== undefined) streams.judge(session, message.problem);
    }
  });
  main.once('message', async () => {
    await Promise.all([drain(), streams.stop()]);
    clearInterval(ticker);
    clearImmediate(flushing);
    const lost = writer.close();
    if (lost > 0) tell({ type: 'log', line: `${lost} octets that arrived are lost: ${writer.problem}` });
    tell({ type: 'status', status: status(receiver) });
    receiver.close();
    port.close();
  });
  tell({ type: 'listening', urls });
}

run().catch((error: Error) => {
  // What is no mistake of people is a defect: let it end the thread with its stack.
  if (error.name !== 'WeirError') throw error;
  tell({ type: 'failed', message: error.message });
});
