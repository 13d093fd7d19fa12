import { accessSync, constants, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { WeirError } from '../error.js';
import { VersionFile } from './schema/version.js';

/** Absolute paths of a store's parts. */
export interface StoreDirectory {
  readonly engine: string;
  readonly spool: string;
  /** What layout the engine's data are of. */
  readonly version: VersionFile;
}

/**
 * Makes the directory ready.
 * @throws WeirError where it cannot be written, or its layout is not known.
 */
export function prepareDirectory(directory: string): StoreDirectory {
  const root = resolve(directory);
  const paths = { engine: join(root, 'engine'), spool: join(root, 'spool') };
  prepareParts(root, Object.values(paths));
  return { ...paths, version: VersionFile.open(join(root, 'store.json')) };
}

/**
 * Makes the directory of a collector ready whose engine is elsewhere. Returns the path of the spool.
 * @throws WeirError where it cannot be written.
 */
export function prepareSpool(directory: string): string {
  const root = resolve(directory);
  const spool = join(root, 'spool');
  prepareParts(root, [spool]);
  return spool;
}

function prepareParts(root: string, parts: readonly string[]): void {
  try {
    for (const path of parts) {
      mkdirSync(path, { recursive: true, mode: 0o700 });
      accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
    }
  } catch (error) {
    throw new WeirError(
      `cannot write to the data directory ${root}: ${(error as Error).message}; give it to this user, or name another with --data`,
    );
  }
}
