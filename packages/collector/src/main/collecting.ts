import { join } from 'node:path';
import type { HostFiles } from '../collecting/enrich/host-files.js';
import type { AddressTable } from '../collecting/enrich/table.js';
import { CollectingProcess } from '../collecting/process.js';
import { readSessions, writeSessions } from '../collecting/session-file.js';
import type { CollectorSettings } from '../config/config.js';
import type { Store } from '../store/client.js';
import { Storing } from './storing.js';
import type { Undo } from './undo.js';

/** What is known of addresses, and of hosts. */
export interface Known {
  readonly table: AddressTable;
  readonly hosts: HostFiles;
}

export interface Telling {
  /** Takes lines for people. */
  readonly log: (line: string) => void;
  readonly died: (error: Error) => void;
}

/** Starts the Collecting Process, and what brings its blocks into the store. */
export async function startCollecting(
  config: CollectorSettings,
  store: Store,
  { table, hosts }: Known,
  undo: Undo,
  { log, died }: Telling,
): Promise<{ storing: Storing; collecting: CollectingProcess }> {
  const sessionFile = join(config.directory, 'sessions.json');
  const storing = new Storing(store, config.blockSpoolSize, log);
  const sessions = readSessions(sessionFile, log);
  const { listen, allowExporters, receiveBuffer, rawSpoolSize, receivers, sampling, halves, markDuplicates } = config;
  const collecting = await CollectingProcess.start(
    {
      ...{ listen, allowExporters, receiveBuffer, rawSpoolSize, receivers, markDuplicates },
      directory: join(config.directory, 'raw'),
      ...{ addresses: table, hosts: hosts.table, sampling, halves },
      ...(sessions === undefined ? {} : { sessions }),
    },
    {
      block: block => storing.take(block),
      told: told =>
        store.keepTold(told).then(
          () => true,
          (error: Error) => {
            log(`names of interfaces and elements are not kept yet: ${error.message}`);
            return false;
          },
        ),
      sessions: saved => writeSessions(sessionFile, saved, log),
      log,
      died,
    },
  );
  hosts.watch(changed => collecting.renewHosts(changed));
  undo.push(async () => {
    hosts.stop();
    await collecting.stop();
    await storing.settled();
  });
  return { storing, collecting };
}
