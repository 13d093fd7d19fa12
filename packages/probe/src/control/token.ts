import { createHash, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { WeirError } from '../error.js';

const SHORTEST = 16;

/** The token in the file. @throws WeirError where there is none to speak of */
export function readControlToken(file: string): string {
  let token: string;
  try {
    token = readFileSync(file, 'utf8').trim();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new WeirError(`the token file ${file} cannot be read (${code}): look at its path and rights`);
  }
  if (token.length >= SHORTEST && /^[\x21-\x7e]+$/.test(token)) return token;
  throw new WeirError(
    `the token in ${file} must be ${SHORTEST} printable characters or more: (umask 077; openssl rand -hex 32 > ${file})`,
  );
}

/** Compares in a time that says nothing about the token. */
export function hasToken(authorization: string | undefined, token: string): boolean {
  const given = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1] ?? '';
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(token));
}
