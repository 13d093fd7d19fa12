import { closeSync, lstatSync, openSync, readdirSync, readFileSync, readlinkSync, writevSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Writes an initramfs with all that is in a folder: cpio's "newc" format, all owned by root
 * (Documentation/driver-api/early-userspace/buffer-format.rst). What is neither file, folder nor symbolic link is left out.
 */
export function writeArchive(file: string, folder: string): void {
  const archive = openSync(file, 'w');
  let inode = 0;
  for (const path of pathsIn(folder)) {
    const { mode } = lstatSync(join(folder, path));
    const content = contentOf(join(folder, path));
    if (content !== undefined) writevSync(archive, member(path, ++inode, mode, content));
  }
  writevSync(archive, member('TRAILER!!!', 0, 0, nothing));
  closeSync(archive);
}

/** All paths below a folder, each folder before what is in it. Symbolic links to folders are not followed, as a recursive readdir would. */
function pathsIn(folder: string, below = ''): string[] {
  return readdirSync(join(folder, below), { withFileTypes: true }).flatMap(entry => {
    const path = join(below, entry.name);
    return entry.isDirectory() ? [path, ...pathsIn(folder, path)] : [path];
  });
}

const nothing = new Uint8Array(0);

function contentOf(file: string): Uint8Array | undefined {
  const status = lstatSync(file);
  if (status.isDirectory()) return nothing;
  if (status.isSymbolicLink()) return Buffer.from(readlinkSync(file));
  return status.isFile() ? readFileSync(file) : undefined;
}

function member(path: string, inode: number, mode: number, content: Uint8Array): Uint8Array[] {
  const name = Buffer.from(`${path}\0`);
  // ino, mode, uid, gid, nlink, mtime, filesize, devmajor, devminor, rdevmajor, rdevminor, namesize, check
  const fields = [inode, mode, 0, 0, 1, 0, content.length, 0, 0, 0, 0, name.length, 0];
  const header = Buffer.from(`070701${fields.map(field => field.toString(16).padStart(8, '0')).join('')}`);
  return [header, name, padding(header.length + name.length), content, padding(content.length)];
}

function padding(octets: number): Uint8Array {
  return new Uint8Array(-octets & 3);
}
