import { accessSync, constants } from 'node:fs';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ProbeConfig } from '../config/schema.js';
import { parseTransport } from '../config/transport.js';
import { WeirError } from '../error.js';
import { parseFields } from '../exporting/field-selection.js';
import type { Statistics } from '../exporting/statistics.js';
import { makeDirectory } from '../host/directory.js';
import { networkNamespaceCookie } from '../host/network-namespace.js';
import { setReliableDelivery } from '../host/node-netlink.js';
import { checkConntrack, checkPlatform, checkPrivilege } from '../preflight/checks.js';
import { RUN_DIRECTORY } from '../preflight/claim.js';
import { bootId } from '../preflight/kernel-files.js';
import { Collectors } from '../sending/collectors.js';
import { BEAT, CONTROL_WORDS, EVENT_DESCRIPTOR, STOP } from './control.js';
import type { WorkerInput, WorkerOutput } from './worker.js';

/** A loop that has not moved for so long is stuck, and must not hold connections in the kernel's table. */
const STUCK_MILLISECONDS = 10_000;
const WATCH_MILLISECONDS = 1000;
const DEFAULT_SPOOL = '/var/lib/weir/spool';

export interface RunningProbe {
  /** Connections taken over from a former run. */
  readonly adopted: number;
  /** Resolves when the probe has ended by itself, which is an error. */
  readonly failed: Promise<Error>;
  /** Exports what is left and ends. */
  stop(): Promise<Statistics>;
}

/**
 * Starts the probe on this network namespace and waits until it has seen all connections once.
 *
 * @throws WeirError where something prevents it
 */
export async function startProbe(config: ProbeConfig, log: (line: string) => void): Promise<RunningProbe> {
  const obstacle = checkPlatform() ?? checkPrivilege() ?? checkConntrack();
  if (obstacle !== undefined)
    throw new WeirError(`${obstacle.what}: ${obstacle.meaning}. ${obstacle.command ?? ''}`.trim());
  if (config.source === 'kernel') {
    throw new WeirError('the kernel meter is not part of this version: use --source auto or --source ctnetlink');
  }
  parseFields(config.fields);
  const collectors = openCollectors(config, log);
  try {
    const input = workerInput(config, collectors);
    const { transferList } = collectors;
    const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: input, transferList });
    return await supervise(worker, new Int32Array(input.control), collectors, log);
  } catch (error) {
    await collectors.stop();
    throw error;
  }
}

function openCollectors(config: ProbeConfig, log: (line: string) => void): Collectors {
  const collectors = config.collector.map(url => ({ url, target: parseTransport(url) }));
  const streams = collectors.some(({ target }) => target.kind === 'tcp' || target.kind === 'tls');
  const spool = config.spool === 'none' || !streams ? undefined : (config.spool ?? defaultSpool(log));
  return new Collectors({ collectors, spool, spoolOctets: config['spool-size'], log });
}

function defaultSpool(log: (line: string) => void): string | undefined {
  if (process.getuid?.() !== 0) return undefined;
  try {
    makeDirectory(DEFAULT_SPOOL);
    accessSync(DEFAULT_SPOOL, constants.W_OK);
    return DEFAULT_SPOOL;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    log(
      `the spool ${DEFAULT_SPOOL} cannot be used (${code}): what is exported while a collector is away waits in memory only; choose a directory with --spool`,
    );
    return undefined;
  }
}

function workerInput(config: ProbeConfig, collectors: Collectors): WorkerInput {
  return {
    control: new SharedArrayBuffer(CONTROL_WORDS * 4),
    collectors: collectors.inputs,
    exporting: {
      domain: config.domain,
      distribution: config.distribute,
      fields: config.fields,
      refresh: {
        milliseconds: config['template-refresh-interval'] * 1000,
        messages: config['template-refresh-messages'],
      },
    },
    options: {
      activeTimeout: config['active-timeout'] * 1000,
      domain: config.domain,
      eventBuffer: config['event-buffer'],
      reliable: config.reliable,
      flowTableEntries: config['flow-table-entries'],
      statePath: statePath(config),
      fields: config.fields,
      tcpEvents: config['tcp-events'],
      owner: hash(`${bootId()} ${networkNamespaceCookie()}`),
    },
  };
}

async function supervise(
  worker: Worker,
  control: Int32Array,
  collectors: Collectors,
  log: (line: string) => void,
): Promise<RunningProbe> {
  const watch = watchBeat(control, log);
  let statistics: Statistics | undefined;
  const ended = new Promise<Error | undefined>(done => {
    worker.once('error', error => done(explain(error)));
    worker.once('exit', () =>
      done(statistics === undefined ? new WeirError('the probe has ended without a word') : undefined),
    );
  });
  void ended.finally(() => clearInterval(watch));
  const ready = new Promise<number>(done => {
    worker.on('message', (output: WorkerOutput) => {
      if (output.kind === 'ready') done(output.adopted);
      else if (output.kind === 'log') log(output.line);
      else statistics = output.statistics;
    });
  });
  /** What the loop has made is sent or kept also where it failed. @returns records that could not be */
  const flushed = ended.then(async () => {
    const before = unsent(collectors);
    await collectors.stop();
    return unsent(collectors) - before;
  });
  const first = await Promise.race([ready, ended]);
  if (typeof first !== 'number') throw first ?? new WeirError('the probe has ended before it was ready');
  return {
    adopted: first,
    failed: flushed.then(() => ended).then(error => error ?? new WeirError('the probe has stopped')),
    stop: async () => {
      Atomics.store(control, STOP, 1);
      const error = await ended;
      const lost = await flushed;
      if (error !== undefined || statistics === undefined) throw error;
      return { ...statistics, notSentFlowTotalCount: statistics.notSentFlowTotalCount + lost };
    },
  };
}

function unsent({ counters }: Collectors): number {
  return counters.reduce((sum, { unsentRecords }) => sum + unsentRecords, 0);
}

/** Takes reliable delivery away from a stuck loop, from outside of it. */
function watchBeat(control: Int32Array, log: (line: string) => void): NodeJS.Timeout {
  let beat = -1;
  let moved = Date.now();
  return setInterval(() => {
    const now = Atomics.load(control, BEAT);
    if (now !== beat) {
      beat = now;
      moved = Date.now();
    } else if (Date.now() - moved > STUCK_MILLISECONDS) {
      const descriptor = Atomics.load(control, EVENT_DESCRIPTOR) - 1;
      if (descriptor >= 0) setReliableDelivery(descriptor, false);
      moved = Date.now();
      log('the metering loop is stuck: reliable delivery is off, so that connections do not pile up in the kernel');
    }
  }, WATCH_MILLISECONDS);
}

function statePath(config: ProbeConfig): string {
  const path = config.state ?? `${RUN_DIRECTORY}/probe-${networkNamespaceCookie()}.state`;
  try {
    makeDirectory(dirname(path));
  } catch (error) {
    throw new WeirError(
      `the directory of the state file ${path} cannot be made (${(error as NodeJS.ErrnoException).code}): choose another with --state`,
    );
  }
  return path;
}

/** A system call that failed in the loop, said so that a person knows what to do. */
function explain(error: Error): Error {
  const code = (error as { code?: string }).code;
  if (code === 'EPERM')
    return new WeirError(`the kernel refuses (${error.message}): run as root, or with CAP_NET_ADMIN`);
  if (code === 'EPROTONOSUPPORT')
    return new WeirError(`this kernel has no netfilter (${error.message}): nothing can be metered here`);
  if (code === 'EBUSY') {
    const path = error.message.replace(/: EBUSY$/, '');
    return new WeirError(
      `the state file ${path} is in use by another probe: stop that one, or choose another file with --state`,
    );
  }
  if (code === 'ENETUNREACH' || code === 'EHOSTUNREACH')
    return new WeirError(
      `there is no route to the collector (${error.message}): look at its address and at "ip route get"`,
    );
  if (code !== undefined) return new WeirError(`the probe cannot go on: ${error.message}`);
  return error;
}

/** FNV-1a. */
function hash(text: string): number {
  let sum = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) sum = Math.imul(sum ^ text.charCodeAt(i), 0x01000193);
  return sum >>> 0;
}
