import { copyFileSync, existsSync, mkdirSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { WeirError } from '../error.js';
import { attempt } from '../run/command.js';

/** Where this machine has the program, undefined where it has not. */
export function whereIs(program: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return folders.map(folder => join(folder, program)).find(existsSync);
}

/** Copies a program of this machine to /usr/bin below `root`, with the shared libraries that it needs. */
export function copyProgram(root: string, program: string): void {
  const file = whereIs(program);
  if (file === undefined) throw new WeirError(`no command "${program}" to put into the emulated machine; install it`);
  copyFileSync(realpathSync(file), join(root, 'usr', 'bin', program));
  copyLibraries(root, file);
}

/** Copies the shared libraries that a program or library needs to where they are on this machine, below `root`. */
export function copyLibraries(root: string, file: string): void {
  for (const [library] of attempt(['ldd', file]).stdout.matchAll(/\/\S+/g)) {
    const copy = join(root, library);
    if (!existsSync(library) || existsSync(copy)) continue;
    mkdirSync(dirname(copy), { recursive: true });
    copyFileSync(library, copy);
  }
}
