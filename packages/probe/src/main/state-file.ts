import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { WeirError } from '../error.js';
import { makeDirectory } from '../host/directory.js';
import { networkNamespaceCookie } from '../host/network-namespace.js';
import { RUN_DIRECTORY } from '../preflight/claim.js';
import { bootId } from '../preflight/kernel-files.js';
import { hash } from './hash.js';

/** Tells this boot and the calling thread's network namespace from others. */
export function stateOwner(): number {
  return hash(`${bootId()} ${networkNamespaceCookie()}`);
}

/** File of the flow table of the calling thread's network namespace, its directory made. @param configured undefined for the usual one */
export function statePath(configured: string | undefined): string {
  const path = configured ?? `${RUN_DIRECTORY}/probe-${networkNamespaceCookie()}.state`;
  try {
    makeDirectory(dirname(path));
  } catch (error) {
    throw new WeirError(
      `the directory of the state file ${path} cannot be made (${(error as NodeJS.ErrnoException).code}): choose another with --state`,
    );
  }
  return path;
}

/** What the kernel meter remembers, beside the flow table's file. */
export function kernelStatePath(statePath: string): string {
  return `${statePath}.kernel`;
}

/** Removes what both sources remember: the network namespace has gone. */
export function removeState(statePath: string): void {
  for (const path of [statePath, kernelStatePath(statePath)]) rmSync(path, { force: true });
}
