import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../paths.js';

/** What the documentation has people write into a drop-in of the probe's unit. @param heading of the section */
export function documentedDropIn(heading: string): string {
  const page = readFileSync(join(repository, 'docs/how-to/install.md'), 'utf8');
  const section = page.slice(page.indexOf(`## ${heading}\n`));
  const block = /^ {4}\[Service\]\n(?: {4}.+\n)+/m.exec(section)?.[0];
  if (block === undefined) throw new Error(`docs/how-to/install.md has no drop-in below "${heading}"`);
  return block.replace(/^ {4}/gm, '');
}
