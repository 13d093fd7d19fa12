import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../paths.js';

/** What the documentation has people write into a drop-in of the probe's unit, for the kernel meter. */
export function kernelMeterDropIn(): string {
  const page = readFileSync(join(repository, 'docs/how-to/install.md'), 'utf8');
  const section = page.slice(page.indexOf('## The kernel meter'));
  const block = /^ {4}\[Service\]\n(?: {4}.+\n)+/m.exec(section)?.[0];
  if (block === undefined) throw new Error('docs/how-to/install.md has no drop-in below "The kernel meter"');
  return block.replace(/^ {4}/gm, '');
}
