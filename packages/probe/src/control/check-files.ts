import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { WeirError } from '../error.js';
import { namespaceIdentity } from '../host/network-namespace.js';
import type { NamespaceTarget } from '../main/namespaces.js';
import { AsNumbers } from '../routing/as-numbers.js';
import type { Tell } from './types.js';

/** A table of all prefixes of the Internet has some 50 MB. */
const LARGEST_TABLE_OCTETS = 500_000_000;

/** @throws WeirError where files cannot be made in it */
export function checkDirectory(path: string): void {
  const { code, isDirectory } = look(path);
  if (code !== undefined)
    throw new WeirError(`the directory ${path} cannot be used (${code}): make it, or name another`);
  if (!isDirectory) throw new WeirError(`${path} is no directory: name another`);
  try {
    accessSync(path, constants.W_OK | constants.X_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new WeirError(`the directory ${path} cannot be written to (${code}): look at its rights, or name another`);
  }
}

/** The probe makes the directory of the spool, where it can. */
export function checkSpool(spool: string | undefined): void {
  if (spool === undefined || spool === 'none') return;
  let path = spool;
  while (look(path).code === 'ENOENT' && dirname(path) !== path) path = dirname(path);
  checkDirectory(path);
}

export function checkState(state: string | undefined): void {
  if (state === undefined) return;
  checkDirectory(dirname(state));
  if (look(state).isDirectory) throw new WeirError(`${state} is a directory: name a file`);
}

/** What is wrong in it is not quoted: it may be any file. */
export function checkAsTable(file: string | undefined): void {
  if (file === undefined) return;
  const { code, isFile, size } = look(file);
  if (code !== undefined) throw new WeirError(`${file} cannot be read (${code}): look at its path and rights`);
  if (!isFile || size > LARGEST_TABLE_OCTETS) throw new WeirError(`${file} is no file, or is too large for a table`);
  try {
    new AsNumbers(readFileSync(file, 'utf8'), file);
  } catch {
    throw new WeirError(`${file} is no table of AS numbers: write "PREFIX ASN" a line, such as 192.0.2.0/24 64512`);
  }
}

/** One that is not there is waited for. */
export function checkNamespaces(targets: readonly NamespaceTarget[], tell: Tell): void {
  for (const { name, path } of targets) {
    if (path !== undefined && namespaceIdentity(path) === undefined)
      tell('warning', `the network namespace "${name}" is not there (${path}): metering begins when it appears`, name);
  }
}

function look(path: string): { code?: string; isDirectory: boolean; isFile: boolean; size: number } {
  try {
    const there = statSync(path);
    return { isDirectory: there.isDirectory(), isFile: there.isFile(), size: there.size };
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    return { code, isDirectory: false, isFile: false, size: 0 };
  }
}
