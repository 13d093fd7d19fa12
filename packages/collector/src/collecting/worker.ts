/** A decoding thread: raw spool -> blocks. Its end is the message 'stop'. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { BATCH_CAPACITY, Decoder } from './decoder.js';
import { AddressEnricher } from './enrich/address-enricher.js';
import { Ingest } from './ingest.js';
import { FlowOwners } from './meaning/flow-owners.js';
import type { DecodingStatus, FromWorker, ToReceiver, ToWorker, WorkerOptions } from './messages.js';
import { SpoolDirectory } from './spool/directory.js';
import { Progress } from './spool/progress.js';

const STATUS_MILLISECONDS = 1000;
/** From when the store did not keep what it was told until it is told again. */
const TELL_AGAIN_MILLISECONDS = 60_000;
/** From waking to reading, so that a trickle of datagrams does not wake for each. */
const GATHER_MILLISECONDS = 5;

const main = parentPort as MessagePort;
const {
  directory,
  progress: memory,
  port,
  recover,
  addresses,
  hosts,
  sampling,
  halves,
  owners,
} = workerData as WorkerOptions;

function tell(message: FromWorker): void {
  main.postMessage(message);
}

function tellReceiver(message: ToReceiver): void {
  port.postMessage(message);
}

const enricher = new AddressEnricher(addresses, hosts);
const ingest: Ingest = new Ingest({
  capacity: BATCH_CAPACITY,
  deliver: batch => decoder.deliver(batch),
  enrichers: [enricher],
  sampling,
  halves,
  owners: owners && new FlowOwners(owners.memory, owners.shared),
});
const decoder = new Decoder(ingest, {
  block: block => tell({ type: 'block', block }),
  judged: (connection, problem) => tellReceiver({ connection, problem }),
  freed: () => tellReceiver('room'),
  log: line => tell({ type: 'log', line }),
});

function status(): DecodingStatus {
  return {
    exporters: ingest.exporters.list(),
    counters: ingest.counters,
    diagnostics: Object.fromEntries(ingest.diagnostics),
    sessions: ingest.sessionCount,
    halves: ingest.halves && { ...ingest.halves.counters, waiting: ingest.halves.waiting },
    recovered: decoder.recovered,
    problem: decoder.problem,
  };
}

/** Decodes what earlier runs left; whether all of it. */
async function recovered({ spools, sessions }: NonNullable<WorkerOptions['recover']>): Promise<boolean> {
  if (sessions !== undefined) decoder.restore(sessions);
  for (const spool of spools) if (!(await decoder.recover(new SpoolDirectory(spool)))) return false;
  tell({ type: 'recovered', spools, sessions: decoder.save() });
  return true;
}

async function run(): Promise<void> {
  let stopping = false;
  let tellNotBefore = 0;
  let begin: () => void = () => {};
  const sessionsCame = new Promise<void>(resolve => (begin = resolve));
  port.on('message', () => setTimeout(() => decoder.wake(), GATHER_MILLISECONDS));
  main.on('message', (message: ToWorker) => {
    if (message === 'taken') decoder.taken();
    else if (message === 'stop') {
      stopping = true;
      decoder.stop();
      begin();
    } else if ('hosts' in message) enricher.renewHosts(message.hosts);
    else if ('kept' in message) {
      ingest.told.answered(message.kept);
      if (!message.kept) tellNotBefore = performance.now() + TELL_AGAIN_MILLISECONDS;
    } else {
      decoder.restore(message.sessions);
      begin();
    }
  });
  const report = () => {
    const told = performance.now() < tellNotBefore ? undefined : ingest.told.take();
    if (told !== undefined) tell({ type: 'told', told });
    const changed = ingest.exporters.takeTemplates();
    if (changed.length > 0) tell({ type: 'templates', exporters: changed });
    tell({ type: 'status', status: status() });
  };
  const ticker = setInterval(report, STATUS_MILLISECONDS);
  // Sessions go on behind what earlier runs left, so that comes first; until then what arrives is safe in the raw spool.
  const mayFollow = recover === undefined ? await sessionsCame.then(() => !stopping) : await recovered(recover);
  if (mayFollow) await decoder.follow(new SpoolDirectory(directory), new Progress(memory));
  clearInterval(ticker);
  report();
  port.close();
  main.close();
}

void run();
