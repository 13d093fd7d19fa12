import { resolve } from 'node:path';
import Type, { type Static } from 'typebox';
import { WeirError } from '../../error.js';
import { type ServerSettings, serverStoreUrl } from '../../store/doors/settings.js';
import type { RetentionOptions } from '../../store/retention.js';
import { defaultDataDirectory, storeDirectory } from '../directory.js';
import { isServers, parseServers } from '../servers.js';

const options = Type.Object({
  store: Type.Optional(
    Type.String({
      description:
        'where records are kept: chdb:PATH, or servers, clickhouse:http[s]://[USER@]HOST[:PORT]/DATABASE (default: the data directory)',
      minLength: 1,
    }),
  ),
  data: Type.String({
    description: 'data directory, made where it is not there',
    default: defaultDataDirectory(),
    minLength: 1,
  }),
  'block-spool-size': Type.Integer({
    description:
      'octets of decoded blocks that may wait on disk for the engine, in the data directory, before no more is decoded',
    default: 1_073_741_824,
    minimum: 1,
    maximum: 1_099_511_627_776,
  }),
  'keep-flows': days('Flow Records are kept, from their reception'),
  'keep-minutes': days('sums of minutes are kept, which plots are drawn from'),
  'keep-hours': days('sums of hours are kept, which long plots and top hosts come from'),
  'keep-size': Type.Optional(
    Type.String({
      description:
        'size on disk, as 500M, 50G or 2T octets, above which the oldest Flow Records are dropped, day by day, looked at once an hour; default: no limit',
      pattern: '^[1-9][0-9]*[MGT]$',
    }),
  ),
});

function days(what: string) {
  return Type.Optional(
    Type.Integer({ description: `days that ${what}; default: for ever`, minimum: 1, maximum: 36_500 }),
  );
}

const magnitudes: Readonly<Record<string, number>> = { M: 1e6, G: 1e9, T: 1e12 };

/** Where records are kept. */
export const storingOptions = options.properties;

export interface StoringSettings {
  /** Absolute path of the directory that holds everything of this collector. */
  readonly directory: string;
  /** Octets of blocks that may wait for the engine. */
  readonly blockSpoolSize: number;
  readonly retention: RetentionOptions;
  /** Where the records are, if not there. */
  readonly server: ServerSettings | undefined;
  /** The store as it is told to people. */
  readonly storeUrl: string;
}

/** @throws WeirError */
export function storingSettings(given: Static<typeof options>): StoringSettings {
  const { store, data } = given;
  const blockSpoolSize = given['block-spool-size'];
  const retention = retentionOf(given);
  if (store !== undefined && isServers(store)) {
    checkRetentionOfServers(retention);
    const server = parseServers(store);
    return { directory: resolve(data), blockSpoolSize, retention, server, storeUrl: serverStoreUrl(server) };
  }
  const directory = storeDirectory(store ?? `chdb:${data}`);
  return { directory, blockSpoolSize, retention, server: undefined, storeUrl: `chdb:${directory}` };
}

function retentionOf(given: Static<typeof options>): RetentionOptions {
  const size = given['keep-size'];
  return {
    keepFlows: given['keep-flows'],
    keepMinutes: given['keep-minutes'],
    keepHours: given['keep-hours'],
    keepSize: size === undefined ? undefined : Number(size.slice(0, -1)) * magnitudes[size.at(-1)!]!,
  };
}

/** Several collectors may share the tables: what is kept there is not for one of them to say. */
function checkRetentionOfServers(retention: RetentionOptions): void {
  if (Object.values(retention).every(each => each === undefined)) return;
  throw new WeirError(
    'the options --keep-... are of the embedded store; on servers set a TTL of the table "flows", as docs/how-to/cluster.md shows',
  );
}
