import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { AddressEnricher } from '../collecting/enrich/address-enricher.js';
import { HostFiles } from '../collecting/enrich/host-files.js';
import { loadAddresses } from '../collecting/enrich/load.js';
import { FlowOwners } from '../collecting/meaning/flow-owners.js';
import { type CollectorSettings, resolveConfig } from '../config/config.js';
import { makeDirectory } from '../config/directory.js';
import type { CollectorConfig } from '../config/schema.js';
import { WeirError } from '../error.js';
import type { ApiContext } from '../http/context.js';
import { ProbeClient } from '../http/probes/client.js';
import type { Status } from '../http/types.js';
import { Importer } from '../importing/importer.js';
import { Store } from '../store/client.js';
import { startAlerting } from './alerting.js';
import { startBilling } from './billing.js';
import { type Known, startCollecting } from './collecting.js';
import { startEvents } from './events.js';
import { startForwarding } from './forwarding.js';
import { startMesh } from './mesh.js';
import { namesOf } from './names.js';
import { startReports } from './reports.js';
import { StoreSize } from './size.js';
import { statusOf } from './status.js';
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
    return await start(config, undo, { log, died });
  } catch (error) {
    await undo.run();
    if (made !== undefined) rmSync(made, { recursive: true, force: true });
    throw error;
  }
}

async function start(config: CollectorSettings, undo: Undo, { log, died }: Required<StartOptions>): Promise<Collector> {
  const startedAt = Date.now();
  const known = knownOf(config, log);
  const store = await openStore(config, undo, log);
  const size = new StoreSize(store);
  undo.push(() => size.stop());
  // Before the collecting begins, and so ended behind it: what comes last is forwarded, too.
  const forwarders = await startForwarding(config, store, undo, log);
  const { storing, collecting } = await startCollecting(config, store, known, undo, { log, died });
  storing.onStored(() => {
    for (const forwarder of forwarders) forwarder.stored();
  });
  const mesh = await startMesh(config, store, undo, log);
  const events = await startEvents(config, store, { storing, meshes: mesh }, undo, log);
  const alerting = startAlerting(config, events, undo, log);
  const constant = { version, startedAt, databases: [...known.databases], storeUrl: config.storeUrl };
  const status = () => statusOf(constant, { store, size, storing, collecting });
  const sources = {
    ...contextOf(config, store, known),
    ...{ alerting, mesh, events, billing: await startBilling(config, store, events, log), status },
  };
  const context: ApiContext = {
    ...sources,
    reports: startReports(config, sources, undo, log),
    collecting: () => collecting.status,
    templatesOf: exporter => collecting.templatesOf(exporter),
    storing: storing.counters,
    forwarding: () => forwarders.map(({ counters }) => counters),
    onStored: listener => storing.onStored(listener),
  };
  // The HTTP framework takes longer to load than most commands take to run: only who serves loads it.
  const { startHttp } = await import('../http/server.js');
  const http = await startHttp(context, { serving: config, map: config, directory: config.directory, version, log });
  undo.push(() => http.close());
  const tokenFile = config.tokenNeeded ? config.tokenFile : undefined;
  return { http: http.url, tokenFile, listening: collecting.listening, status, stop: () => undo.run() };
}

/** What the routes know of the configuration and the store. */
function contextOf(config: CollectorSettings, store: Store, known: ReturnType<typeof knownOf>) {
  return {
    store,
    importer: importerOf(config, store, known),
    capacities: config.capacities,
    localNetworks: config.localNetworks,
    asNames: known.asNames,
    namesOf: namesOf(config, known),
    probes: config.probes.map(each => new ProbeClient(each)),
  };
}

/** What is known of addresses. */
function knownOf({ enrich, directory, hosts }: CollectorSettings, log: (line: string) => void) {
  return { ...loadAddresses(enrich, join(directory, 'addresses.cache'), log), hosts: new HostFiles(hosts, log) };
}

function importerOf(
  { directory, sampling, halves, markDuplicates }: CollectorSettings,
  store: Store,
  { table, hosts }: Known,
): Importer {
  return new Importer(store, directory, () => ({
    enrichers: [new AddressEnricher(table, hosts.table)],
    ...{ sampling, halves },
    owners: markDuplicates ? new FlowOwners(FlowOwners.memory(), false) : undefined,
  }));
}

async function openStore(
  { directory, localNetworks, retention, server, tags, keepMeshHistory }: CollectorSettings,
  undo: Undo,
  log: (line: string) => void,
): Promise<Store> {
  const store = await Store.open({
    ...{ directory, server, localNetworks, tags },
    ...{ ...retention, keepMeshHistory },
    ...{ onDeath: log, onMigration: log },
  });
  undo.push(() => store.close());
  return store;
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
function defaultLog(line: string): void {
  console.error(`weir: ${line}`);
}

function defaultDied(error: Error): void {
  throw error;
}
