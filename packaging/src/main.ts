import { statSync } from 'node:fs';
import { makeDebianPackages } from './debian.js';
import { makeTarballs } from './npm.js';

/** `npm run package`: tarballs for npm, and packages for Debian on this processor. */
export function makePackages(): void {
  for (const file of [...makeTarballs(), ...makeDebianPackages()]) {
    console.log(`${file}: ${(statSync(file).size / 1e6).toFixed(1)} MB`);
  }
}
