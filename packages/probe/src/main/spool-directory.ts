import { accessSync, constants } from 'node:fs';
import { makeDirectory } from '../host/directory.js';
import type { CollectorPlan } from './collector-set.js';
import type { Log } from './log.js';

/** As root, where nothing else is configured. */
export const DEFAULT_SPOOL = '/var/lib/weir/spool';

/** Where Messages for collectors that are away wait; undefined: nowhere on disk. @param configured the key `spool` */
export function spoolDirectory(
  configured: string | undefined,
  collectors: CollectorPlan['collectors'],
  log: Log,
): string | undefined {
  const streams = collectors.some(({ target }) => target.kind !== 'udp' && target.kind !== 'file');
  if (configured === 'none' || !streams) return undefined;
  return configured ?? defaultSpool(log);
}

function defaultSpool(log: Log): string | undefined {
  if (process.getuid?.() !== 0) return undefined;
  try {
    makeDirectory(DEFAULT_SPOOL);
    accessSync(DEFAULT_SPOOL, constants.W_OK);
    return DEFAULT_SPOOL;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    log(
      `the spool ${DEFAULT_SPOOL} cannot be used (${code}): what is exported while a collector is away waits in memory only; choose a directory with --spool`,
      'warning',
    );
    return undefined;
  }
}
