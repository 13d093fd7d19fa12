import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

/** A file of a package as it is on the router. */
export interface PackedFile {
  /** Without a leading "/". */
  readonly path: string;
  readonly mode: number;
  readonly content: Uint8Array;
}

/** The files below a folder, whose paths begin with `prefix`. Executable is what its owner may execute; nothing else of modes is kept. */
export function filesBelow(folder: string, prefix = ''): PackedFile[] {
  return readdirSync(folder).flatMap(name => {
    const [file, path] = [join(folder, name), posix.join(prefix, name)];
    const status = lstatSync(file);
    if (status.isDirectory()) return filesBelow(file, path);
    if (!status.isFile()) throw new Error(`${file} is neither a file nor a folder: packages have nothing else`);
    return [{ path, mode: (status.mode & 0o100) === 0 ? 0o644 : 0o755, content: readFileSync(file) }];
  });
}

/** By their octets, so that the order does not depend on the machine's language. */
export function inOrder(files: readonly PackedFile[]): PackedFile[] {
  return [...files].sort((one, other) => Buffer.compare(Buffer.from(one.path), Buffer.from(other.path)));
}

/** The folders that files are in, outer ones first. */
export function foldersOf(files: readonly PackedFile[]): string[] {
  const folders = new Set<string>();
  for (const { path } of inOrder(files)) {
    const parts = path.split('/').slice(0, -1);
    parts.forEach((_, i) => {
      folders.add(parts.slice(0, i + 1).join('/'));
    });
  }
  return [...folders];
}
