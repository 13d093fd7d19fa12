import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeDirectory } from '../config/directory.js';
import { WeirError } from '../error.js';

const SHORTEST = 16;

/**
 * The token in the file; makes both where there is none, readable by its owner only.
 * @throws WeirError where the file cannot be read or written, or holds no token
 */
export function readOrMakeToken(file: string): string {
  try {
    makeDirectory(dirname(file));
    writeFileSync(file, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if (!existsSync(file)) {
      throw new WeirError(
        `cannot make the token file ${file}: ${(error as Error).message}; name another with --token-file`,
      );
    }
  }
  let token: string;
  try {
    token = readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new WeirError(`cannot read the token file ${file}: ${(error as Error).message}; give it to this user`);
  }
  if (token.length < SHORTEST || !/^[\x21-\x7e]+$/.test(token) || /[;,"\\]/.test(token)) {
    throw new WeirError(
      `the token in ${file} must be ${SHORTEST} printable characters or more, without blanks ; , " \\; remove the file to have one made`,
    );
  }
  return token;
}

/** Compares in a time that says nothing about the token. */
export function sameToken(given: string, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(token));
}
