import { statSync } from 'node:fs';
import { readCache, writeCache } from './cache.js';
import { type DatabaseInfo, Databases, filesOf } from './databases.js';
import { addNetworks, type NamedNetwork } from './networks.js';
import { noSegments } from './segments.js';
import { type AddressTable, makeTable } from './table.js';

export interface EnrichOptions {
  /** Path, `none`, or undefined for the package. */
  readonly asDatabase: string | undefined;
  readonly countryDatabase: string | undefined;
  readonly networks: readonly NamedNetwork[];
}

/** What is known of addresses, and where it comes from. */
export interface AddressKnowledge {
  readonly table: AddressTable;
  readonly databases: readonly DatabaseInfo[];
  readonly asNames: ReadonlyMap<number, string>;
}

/**
 * Reads the databases, or what an earlier start made of the same ones.
 * @param cache file to keep that in.
 * @throws WeirError where a database cannot be read
 */
export function loadAddresses(options: EnrichOptions, cache: string, log: (line: string) => void): AddressKnowledge {
  const key = keyOf(options);
  const kept = readCache(cache, key);
  if (kept !== undefined) return kept;
  const knowledge = readAddresses(options, log);
  if (knowledge.databases.length > 0) writeCache(cache, key, knowledge);
  return knowledge;
}

function readAddresses({ asDatabase, countryDatabase, networks }: EnrichOptions, log: (line: string) => void) {
  const names = [''];
  const indexes = new Map([['', 0]]);
  const indexOf = (name: string): number => {
    const index = indexes.get(name) ?? names.push(name) - 1;
    indexes.set(name, index);
    return index;
  };
  const databases = new Databases(indexOf);
  databases.read('as', asDatabase, log);
  databases.read('country', countryDatabase, log);
  const network = noSegments();
  addNetworks(networks, network, indexOf);
  const { as, country, used, asNames } = databases;
  return { table: makeTable({ as, country, network }, names), databases: used, asNames };
}

/** Changes when the options or the files do. */
function keyOf({ asDatabase, countryDatabase, networks }: EnrichOptions): string {
  const files = [...filesOf('as', asDatabase), ...filesOf('country', countryDatabase)].map(file => {
    const { size, mtimeMs } = statSync(file, { throwIfNoEntry: false }) ?? {};
    return `${file} ${size} ${mtimeMs}`;
  });
  return [...files, ...networks.map(({ name, start, end }) => `${name} ${start} ${end}`)].join('\n');
}
