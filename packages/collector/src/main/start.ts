import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { loadAddresses } from '../collecting/enrich/load.js';
import type { AddressTable } from '../collecting/enrich/table.js';
import type { CollectingStatus } from '../collecting/messages.js';
import { CollectingProcess } from '../collecting/process.js';
import { readSessions, writeSessions } from '../collecting/session-file.js';
import { type CollectorSettings, resolveConfig } from '../config/config.js';
import { makeDirectory } from '../config/directory.js';
import type { CollectorConfig } from '../config/schema.js';
import { WeirError } from '../error.js';
import type { ApiContext, StoringCounters } from '../http/context.js';
import { readOrMakeToken } from '../http/token.js';
import type { Status } from '../http/types.js';
import { Importer } from '../importing/importer.js';
import { Store } from '../store/client.js';
import { startForwarding } from './forwarding.js';
import { StoreSize } from './size.js';
import { Storing } from './storing.js';
import { Undo } from './undo.js';

/** A collector that runs. */
export interface Collector {
  /** URL of the pages, http://HOST:PORT/ */
  readonly http: string;
  /** The file that holds the token which every request needs; undefined where none is needed. */
  readonly tokenFile: string | undefined;
  /** Transport URLs, with the ports that the system chose for port 0. */
  readonly listening: readonly string[];
  status(): Status;
  /** Stores what has been received, then ends everything. */
  stop(): Promise<void>;
}

export interface StartOptions {
  /** Takes lines for people about what goes wrong while the collector runs; default standard error. */
  readonly log?: (line: string) => void;
  /** The collecting thread has ended by a defect. Default: throws, which ends the process. */
  readonly died?: (error: Error) => void;
}

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/**
 * Starts store, Collecting Process and HTTP server.
 * @param options the keys of `collectorSchema`; what is missing has its default
 * @throws WeirError for wrong options, a port that is taken, a directory that cannot be used; nothing stays behind then
 */
export async function startCollector(
  options: Partial<CollectorConfig>,
  { log = defaultLog, died = defaultDied }: StartOptions = {},
): Promise<Collector> {
  const config = resolveConfig(options);
  const made = makeDataDirectory(config.directory);
  const undo = new Undo();
  try {
    return await start(config, undo, log, died);
  } catch (error) {
    await undo.run();
    if (made !== undefined) rmSync(made, { recursive: true, force: true });
    throw error;
  }
}

async function start(
  config: CollectorSettings,
  undo: Undo,
  log: (line: string) => void,
  died: (error: Error) => void,
): Promise<Collector> {
  const startedAt = Date.now();
  const known = loadAddresses(config.enrich, join(config.directory, 'addresses.cache'), log);
  const store = await openStore(config, undo, log);
  const token = config.tokenNeeded ? readOrMakeToken(config.tokenFile) : undefined;
  const size = new StoreSize(store);
  undo.push(() => size.stop());
  // Before the collecting begins, and so ended behind it: what comes last is forwarded, too.
  const forwarders = await startForwarding(config, store, undo, log);
  const { storing, collecting } = await startCollecting(config, store, known.table, undo, log, died);
  storing.onStored(() => size.changed());
  storing.onStored(() => {
    for (const forwarder of forwarders) forwarder.stored();
  });
  const { listening } = collecting;
  const status = (): Status => ({
    version,
    now: Date.now(),
    startedAt,
    listening: [...listening],
    databases: [...known.databases],
    store: { url: config.storeUrl, ...store.status, ...size.current },
    spool: spoolOf(collecting.status, storing),
    dropped: droppedOf(collecting.status, storing.counters),
    exporters: [...collecting.status.exporters],
  });
  const context: ApiContext = {
    store,
    importer: new Importer(store, config.directory, known.table),
    localNetworks: config.localNetworks,
    asNames: known.asNames,
    status,
    collecting: () => collecting.status,
    storing: storing.counters,
    forwarding: () => forwarders.map(({ counters }) => counters),
    onStored: listener => storing.onStored(listener),
  };
  const socket = join(config.directory, 'collector.sock');
  // The HTTP framework takes longer to load than most commands take to run: only who serves loads it.
  const { startHttp } = await import('../http/server.js');
  const http = await startHttp(context, { listen: config.http, token, socket, version });
  undo.push(() => http.close());
  const tokenFile = token === undefined ? undefined : config.tokenFile;
  return { http: http.url, tokenFile, listening, status, stop: () => undo.run() };
}

async function openStore(
  { directory, localNetworks, retention, server }: CollectorSettings,
  undo: Undo,
  log: (line: string) => void,
): Promise<Store> {
  const store = await Store.open({ directory, server, localNetworks, ...retention, onDeath: log, onMigration: log });
  undo.push(() => store.close());
  return store;
}

async function startCollecting(
  config: CollectorSettings,
  store: Store,
  addresses: AddressTable,
  undo: Undo,
  log: (line: string) => void,
  died: (error: Error) => void,
): Promise<{ storing: Storing; collecting: CollectingProcess }> {
  const sessionFile = join(config.directory, 'sessions.json');
  const storing = new Storing(store, config.blockSpoolSize, log);
  const sessions = readSessions(sessionFile, log);
  const { listen, receiveBuffer, rawSpoolSize, receivers } = config;
  const directory = join(config.directory, 'raw');
  const collecting = await CollectingProcess.start(
    {
      listen,
      receiveBuffer,
      rawSpoolSize,
      receivers,
      directory,
      addresses,
      ...(sessions === undefined ? {} : { sessions }),
    },
    {
      block: block => storing.take(block),
      interfaces: names => {
        store.nameInterfaces(names).catch((error: Error) => log(`names of interfaces are not kept: ${error.message}`));
      },
      sessions: saved => writeSessions(sessionFile, saved, log),
      log,
      died,
    },
  );
  undo.push(async () => {
    await collecting.stop();
    await storing.settled();
  });
  return { storing, collecting };
}

function makeDataDirectory(directory: string): string | undefined {
  try {
    return makeDirectory(directory);
  } catch (error) {
    throw new WeirError(
      `cannot make the data directory ${directory}: ${(error as Error).message}; name another with --data`,
    );
  }
}

function droppedOf(collecting: CollectingStatus, storing: StoringCounters): Status['dropped'] {
  const { counters, kernelDrops, spool } = collecting;
  return {
    records: counters.droppedRecords + storing.failedRecords,
    datagrams: counters.refusedDatagrams + (kernelDrops ?? 0) + spool.drops.full + spool.drops.disk,
  };
}

function spoolOf({ spool: { octets, problem } }: CollectingStatus, storing: Storing): Status['spool'] {
  return { rawOctets: octets, blockOctets: storing.octets, ...(problem === undefined ? {} : { problem }) };
}

function defaultLog(line: string): void {
  console.error(`weir: ${line}`);
}

function defaultDied(error: Error): void {
  throw error;
}
