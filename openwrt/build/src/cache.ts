import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** In the user's cache folder, so that a fresh clone finds what another one has fetched and compiled. */
export const cacheFolder = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'weir', 'router');

/**
 * A folder of the cache, filled by `fill` where it is not there.
 *
 * @param fill gets an empty folder; what it leaves in there counts only when it has ended
 */
export async function cached(name: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(cacheFolder, name);
  if (existsSync(folder)) return folder;
  mkdirSync(dirname(folder), { recursive: true });
  const unfinished = mkdtempSync(join(dirname(folder), '.unfinished-'));
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

/** @throws Error where the file is not the one that was meant */
export function verify(
  file: string,
  algorithm: 'sha256' | 'sha512',
  encoding: 'hex' | 'base64',
  expected: string,
): void {
  const found = createHash(algorithm).update(readFileSync(file)).digest(encoding);
  if (found !== expected)
    throw new Error(`${file} has the checksum ${found}, not ${expected}: it is not what was built with before`);
}

/** A short name for what text says. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
