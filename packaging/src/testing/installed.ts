import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { manifestIn } from '../workspace.js';

/** What is really there: "NAME@VERSION" of each package below a folder named node_modules, and of those within them, in order. */
export function installedBelow(nodeModules: string): string[] {
  if (!existsSync(nodeModules)) return [];
  const names = readdirSync(nodeModules).flatMap(name =>
    name.startsWith('@') ? readdirSync(join(nodeModules, name)).map(each => `${name}/${each}`) : [name],
  );
  const found = names.flatMap(name => {
    const folder = join(nodeModules, name);
    const { version } = manifestIn(folder);
    return [`${name}@${version}`, ...installedBelow(join(folder, 'node_modules'))];
  });
  return found.sort();
}

/** The components of a software bill of materials, of its first level. */
export function componentsIn(file: string): Component[] {
  return JSON.parse(readFileSync(file, 'utf8')).components;
}

export interface Component {
  readonly name: string;
  readonly version: string;
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
  readonly components?: readonly Component[];
}

/** As `installedBelow` has them. */
export function namesOf(components: readonly Component[]): string[] {
  return components.map(({ name, version }) => `${name}@${version}`).sort();
}
