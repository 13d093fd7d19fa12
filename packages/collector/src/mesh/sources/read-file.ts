import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { WeirError } from '../../error.js';
import { type Content, MOST_OCTETS, tooMuch } from './content.js';

/** More is no directory of nodes. */
const MOST_FILES = 20_000;

/** A file, or all files of a directory in the order of their names. Where nothing has changed since, it is `before`. */
export async function readFiles(path: string, before: Content | undefined): Promise<Content> {
  const isDirectory = (await stat(path)).isDirectory();
  const names = isDirectory ? await filesOf(path) : [path];
  const marks = await Promise.all(names.map(markOf));
  const mark = marks.join('\n');
  if (before?.mark === mark) return before;
  const present = names.filter((_, i) => marks[i] !== '');
  if (present.length === 0) throw new WeirError(`${path} has no files: look whether their producer writes them there`);
  const octets: Uint8Array[] = [];
  let left = MOST_OCTETS;
  for (const name of present) {
    const content = await readAtMost(name, left, path);
    left -= content.length;
    octets.push(content);
  }
  return { octets, mark, isDirectory };
}

/** Changes with the file; empty where it is no file, or is gone. */
async function markOf(file: string): Promise<string> {
  const about = await stat(file).catch(() => undefined);
  return about === undefined || about.isDirectory() ? '' : `${file} ${about.ino} ${about.size} ${about.mtimeMs}`;
}

/** Hidden files are of editors and of programs that write anew. */
async function filesOf(directory: string): Promise<string[]> {
  const names = (await readdir(directory)).filter(name => !name.startsWith('.'));
  return names
    .sort()
    .slice(0, MOST_FILES)
    .map(name => join(directory, name));
}

/** A file may grow while it is read, and a device has no size. */
async function readAtMost(file: string, most: number, where: string): Promise<Uint8Array> {
  const handle = await open(file);
  try {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of handle.createReadStream({ autoClose: false })) {
      size += (chunk as Buffer).length;
      if (size > most) throw tooMuch(where);
      chunks.push(chunk as Buffer);
    }
    return Buffer.concat(chunks);
  } finally {
    await handle.close();
  }
}
