import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { WeirError } from '../error.js';

/** Permissions of group and others. */
const OTHERS = 0o077;

/**
 * The key in a file that only its owner may read.
 *
 * @param length octets that the key has
 * @throws WeirError that says how to make such a file
 */
export function readKeyFile(path: string, length: number): Uint8Array {
  const remedy = `make one with: (umask 077; head -c ${length} /dev/urandom > ${path})`;
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch (error) {
    throw new WeirError(`cannot read the key file ${path} (${(error as NodeJS.ErrnoException).code}): ${remedy}`);
  }
  try {
    const { mode, size } = fstatSync(descriptor);
    if ((mode & OTHERS) !== 0) {
      throw new WeirError(
        `others than its owner may use the key file ${path}, and with it undo the anonymisation: chmod 600 ${path}`,
      );
    }
    if (size !== length) throw new WeirError(`the key file ${path} has ${size} octets, not ${length}: ${remedy}`);
    return new Uint8Array(readFileSync(descriptor));
  } finally {
    closeSync(descriptor);
  }
}
