import { readFileSync, renameSync, writeFileSync } from 'node:fs';

/** Writes a file at once or not at all. @throws where the disk does not take it */
export function writeKept(path: string, content: string | Uint8Array): void {
  writeFileSync(`${path}.part`, content, { mode: 0o600 });
  renameSync(`${path}.part`, path);
}

/** Undefined where there is none, or none that can be read: what was learnt is learnt again. */
export function readKept<T>(path: string): T | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as T;
  } catch {
    return undefined;
  }
}
