import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { WeirError } from '../error.js';

/**
 * Makes a directory, and those above it, for this user only. Level by level, because mkdir's own recursion never ends where a
 * file system refuses new entries with ENOENT, as /proc does.
 * @returns the topmost directory that was made, undefined where all were there
 * @throws the system's error
 */
export function makeDirectory(path: string): string | undefined {
  try {
    mkdirSync(path, { mode: 0o700 });
    return path;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return undefined;
    if (code !== 'ENOENT' || dirname(path) === path) throw error;
    const above = makeDirectory(dirname(path));
    mkdirSync(path, { mode: 0o700 });
    return above ?? path;
  }
}

/** The data directory where none is named: /var/lib/weir for root, else by the XDG Base Directory Specification. */
export function defaultDataDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  if (process.getuid?.() === 0) return '/var/lib/weir';
  const base = environment.XDG_DATA_HOME;
  return join(base?.startsWith('/') ? base : join(homedir(), '.local', 'share'), 'weir');
}

/**
 * Directory of an embedded store.
 * @throws WeirError where it is none
 */
export function storeDirectory(store: string): string {
  if (!store.startsWith('chdb:') || store.length === 5) {
    throw new WeirError(
      `store: "${store}" is no store; use chdb:PATH, the directory of the embedded engine, or clickhouse:URL, servers`,
    );
  }
  return resolve(store.slice(5));
}
