import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';

/** In the user's cache folder, so that a fresh clone finds what another one has fetched. */
export const cacheFolder = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'weir');

/**
 * A folder of the cache, filled by `fill` where it is not there, and taken from there ever after.
 *
 * @param fill gets an empty folder, and counts only when it has ended: one that is broken off leaves nothing
 */
export async function cached(name: string, fill: (folder: string) => Promise<void> | void): Promise<string> {
  const folder = join(cacheFolder, name);
  if (existsSync(folder)) return folder;
  mkdirSync(dirname(folder), { recursive: true });
  const unfinished = mkdtempSync(join(dirname(folder), `.${basename(folder)}-`));
  try {
    await fill(unfinished);
    renameSync(unfinished, folder);
  } catch (error) {
    // Somebody else was faster.
    if (!existsSync(folder)) throw error;
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return folder;
}
