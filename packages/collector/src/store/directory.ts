import { accessSync, constants, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { WeirError } from '../error.js';
import { SCHEMA_VERSION } from './schema.js';

/** Absolute paths of a store's parts. */
export interface StoreDirectory {
  readonly engine: string;
  readonly spool: string;
}

/**
 * Makes the directory ready.
 * @throws WeirError where it cannot be written or a later Weir has made it.
 */
export function prepareDirectory(directory: string): StoreDirectory {
  const root = resolve(directory);
  const paths = { engine: join(root, 'engine'), spool: join(root, 'spool') };
  try {
    for (const path of Object.values(paths)) {
      mkdirSync(path, { recursive: true, mode: 0o700 });
      accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
    }
  } catch (error) {
    throw new WeirError(
      `cannot write to the data directory ${root}: ${(error as Error).message}; give it to this user, or name another with --data`,
    );
  }
  checkVersion(join(root, 'store.json'));
  return paths;
}

function checkVersion(file: string): void {
  let version: unknown;
  try {
    version = (JSON.parse(readFileSync(file, 'utf8')) as { schema?: unknown }).schema;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
      throw new WeirError(
        `cannot read ${file}: ${(error as Error).message}; name another directory with --data, or restore the file`,
      );
    }
    writeFileSync(file, `${JSON.stringify({ schema: SCHEMA_VERSION })}\n`);
    return;
  }
  if (version !== SCHEMA_VERSION) {
    throw new WeirError(
      `${file} says that the data is of layout ${String(version)}, this Weir knows ${SCHEMA_VERSION}; use the Weir that wrote it, or name another directory with --data`,
    );
  }
}
