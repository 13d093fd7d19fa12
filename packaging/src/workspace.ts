import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { locked, lockedNeeds } from './lock.js';
import { repository } from './paths.js';
import { run } from './run.js';

/** What this code reads of a package.json. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly description: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** A package of this repository. */
export interface OwnPackage {
  /** Its folder in the repository. */
  readonly folder: string;
  readonly manifest: Manifest;
  /** Paths in its folder of what is published (the key "files" of package.json). */
  readonly files: readonly string[];
}

/** Packages of this repository that go out, by the name of their folder. */
const FOLDERS = ['ipfix', 'flow', 'probe', 'collector', 'lab', 'web', 'weir'] as const;
export type OwnName = (typeof FOLDERS)[number];
export type OwnPackages = Readonly<Record<OwnName, OwnPackage>>;

/** All packages of this repository that go out, as they are built now. */
export function ownPackages(): OwnPackages {
  const args = FOLDERS.flatMap(name => ['-w', `packages/${name}`]);
  const packed = JSON.parse(run(['npm', 'pack', '--dry-run', '--json', ...args], { cwd: repository })) as {
    files: { path: string }[];
  }[];
  const entries = FOLDERS.map((name, i): [OwnName, OwnPackage] => {
    const folder = join(repository, 'packages', name);
    return [name, { folder, manifest: manifestIn(folder), files: packed[i]!.files.map(({ path }) => path) }];
  });
  return Object.fromEntries(entries) as OwnPackages;
}

export function manifestIn(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

/**
 * What the packages of others that these need are, as `npm ci` has laid them out: paths in the repository such as
 * "node_modules/a/node_modules/b". Optional ones that are not for this platform are not there.
 */
export function neededOfOthers(packages: readonly OwnPackage[]): string[] {
  const needed = lockedNeeds(packages.map(({ folder }) => relative(repository, folder)));
  const there = needed.filter(path => existsSync(join(repository, path, 'package.json')));
  const missing = needed.find(path => !there.includes(path) && locked()[path]!.optional !== true);
  if (missing !== undefined) throw new Error(`${missing} is needed and not installed: npm ci`);
  return there;
}
