import { cpSync, mkdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { repository } from './paths.js';
import type { OwnPackage } from './workspace.js';

/** Lays packages of this repository out in a folder as npm would install them. */
export function layOutOwn(nodeModules: string, packages: readonly OwnPackage[]): void {
  for (const { folder, manifest, files } of packages) {
    for (const file of files) copy(join(folder, file), join(nodeModules, manifest.name, file));
  }
}

/** Lays packages of others out, each where it lies in the repository. @param paths such as "node_modules/a" */
export function layOutOthers(nodeModules: string, paths: readonly string[]): void {
  for (const path of paths) {
    const from = join(repository, path);
    cpSync(from, join(dirname(nodeModules), path), {
      recursive: true,
      // What lies in there for it alone is a path of its own.
      filter: source => basename(source) !== 'node_modules',
    });
  }
}

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to);
}
