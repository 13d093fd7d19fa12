import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { type SavedSessions, SessionTable } from './sessions.js';

/**
 * Reads the sessions of an earlier run; undefined where there are none. A file that cannot be used is told of and left out:
 * Templates come again by themselves.
 */
export function readSessions(file: string, log: (line: string) => void): SavedSessions | undefined {
  try {
    const saved = JSON.parse(readFileSync(file, 'utf8')) as SavedSessions;
    new SessionTable().restore(saved);
    return saved;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    log(`${file} cannot be used and is left out: ${(error as Error).message}; Templates are learned anew`);
    return undefined;
  }
}

/** Replaces the file whole or not at all; whether it did. */
export function writeSessions(file: string, sessions: SavedSessions, log: (line: string) => void): boolean {
  try {
    writeFileSync(`${file}.part`, JSON.stringify(sessions), { mode: 0o600 });
    renameSync(`${file}.part`, file);
    return true;
  } catch (error) {
    log(
      `cannot keep the sessions in ${file}: ${(error as Error).message}; they stay in the raw spools that they are of`,
    );
    return false;
  }
}
