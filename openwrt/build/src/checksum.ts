import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** @throws Error where the file is not the one that was meant */
export function verify(
  file: string,
  algorithm: 'sha256' | 'sha512',
  encoding: 'hex' | 'base64',
  expected: string,
): void {
  const found = createHash(algorithm).update(readFileSync(file)).digest(encoding);
  if (found !== expected)
    throw new Error(`${file} has the checksum ${found}, not ${expected}: it is not what was built with before`);
}

/** A short name for what text says. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
