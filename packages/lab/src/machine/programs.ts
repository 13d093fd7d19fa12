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
    if (existsSync(library)) copyTo(root, library);
  }
}

/** Copies a file to where it is on this machine, below `root`. */
function copyTo(root: string, file: string): void {
  const copy = join(root, file);
  if (existsSync(copy)) return;
  mkdirSync(dirname(copy), { recursive: true });
  copyFileSync(file, copy);
}

/** Copies a shared library of this machine by its name, with those that it needs itself, as far as this machine has it. */
export function copyLibrary(root: string, name: string): void {
  // Lines of the loader's cache: "NAME (ABI) => PATH"; that of this machine's own ABI comes first.
  const listed = attempt([whereIs('ldconfig') ?? 'ldconfig', '-p']).stdout.split('\n');
  const file = listed.map(line => line.trim().split(' => ')).find(([known]) => known!.startsWith(`${name} `))?.[1];
  if (file === undefined) return;
  copyTo(root, file);
  copyLibraries(root, file);
}
