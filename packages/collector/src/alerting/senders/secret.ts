import { readFileSync } from 'node:fs';
import { WeirError } from '../../error.js';
import type { SecretPlace } from '../channel-settings.js';

/**
 * A secret as it is now: who changes it in its file need not restart anything. White space around it does not count.
 * @returns undefined where there is none
 * @throws WeirError where its file cannot be read, or is empty
 */
export function readSecret({ file, variable }: SecretPlace): string | undefined {
  if (file === undefined) return process.env[variable] || undefined;
  const secret = readIn(file, 'secret').toString().trim();
  if (secret === '') throw new WeirError(`the file ${file} is empty: it is to hold a secret`);
  return secret;
}

/** Authorities of certificates, for `tls.connect`. @throws WeirError */
export function readCa(ca: string | undefined): { ca?: Buffer } {
  return ca === undefined ? {} : { ca: readIn(ca, 'authorities of certificates') };
}

function readIn(file: string, what: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new WeirError(`the file ${file} (${what}) cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
}
