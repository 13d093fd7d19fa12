import { createRequire } from 'node:module';
import { hostname, totalmem } from 'node:os';
import { WeirError } from '../../error.js';
import { prepareDirectory, prepareSpool } from '../directory.js';
import type { StoreDoor } from '../door.js';
import { EngineProcess } from '../engineProcess.js';
import { prepareSchema } from '../schema/migrations.js';
import { prepareServer } from '../schema/servers.js';
import { Spool } from '../spool.js';
import { claimNumber } from './collectors.js';
import type { ServerSettings } from './settings.js';

export interface DoorOptions {
  /** The collector's data directory. */
  readonly directory: string;
  /** Where the engine is, if not in that directory. */
  readonly server?: ServerSettings | undefined;
  /** Octets that the embedded engine may use; default a third of the machine's memory, but 1 to 4 GiB. */
  readonly memory?: number;
  readonly onDeath: (line: string) => void;
  readonly onMigration: (line: string) => void;
}

/** A door that is open, to data of this release's layout, and the spool of blocks for it. */
export interface OpenDoor {
  readonly door: StoreDoor;
  readonly spool: Spool;
}

const GIBIBYTE = 2 ** 30;

/** @throws WeirError where the engine cannot be had, or its data are of a later Weir. */
export async function openDoor(options: DoorOptions): Promise<OpenDoor> {
  return options.server === undefined ? await openEmbedded(options) : await openServer(options, options.server);
}

async function openEmbedded({ directory, memory, onDeath, onMigration }: DoorOptions): Promise<OpenDoor> {
  checkInstalled();
  const { engine, spool, version } = prepareDirectory(directory);
  const door = new EngineProcess({
    directory: engine,
    spool,
    memory: memory ?? Math.min(4 * GIBIBYTE, Math.max(GIBIBYTE, Math.floor(totalmem() / 3))),
    onDeath,
  });
  await door.open();
  await prepareSchema(door, version, onMigration).catch(async (error: Error) => {
    await door.close();
    throw new WeirError(`cannot bring the store in ${engine} to this release's layout: ${error.message}`);
  });
  return { door, spool: new Spool(spool) };
}

/** The probe's own package comes without the engine. */
function checkInstalled(): void {
  try {
    createRequire(import.meta.url).resolve('chdb');
  } catch {
    throw new WeirError(
      'the embedded engine (chdb) is not part of this installation: install the package weir, or keep the records on a ClickHouse server (--store)',
    );
  }
}

async function openServer({ directory, onDeath, onMigration }: DoorOptions, server: ServerSettings): Promise<OpenDoor> {
  const spool = prepareSpool(directory);
  // The client is loaded by those only who need it.
  const { ServerDoor } = await import('./server.js');
  const door = new ServerDoor({ ...server, onDeath });
  await door.open();
  try {
    await prepareServer(door, { cluster: server.cluster, who: `${hostname()}:${directory}`, tell: onMigration });
    return { door, spool: new Spool(spool, await claimNumber(door, directory, server.cluster)) };
  } catch (error) {
    await door.close();
    throw new WeirError(
      `cannot use the tables at ${server.urls.join(', ')}, database ${server.database}: ${(error as Error).message}`,
    );
  }
}
