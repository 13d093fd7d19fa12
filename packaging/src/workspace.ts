import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
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
  const found = new Set<string>();
  const waiting = packages.map(({ folder, manifest }) => ({ folder, manifest }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const name of Object.keys({ ...next.manifest.dependencies, ...next.manifest.optionalDependencies })) {
      if (name.startsWith('@weir/')) continue;
      const path = resolve(next.folder, name);
      if (path === undefined && name in (next.manifest.optionalDependencies ?? {})) continue;
      if (path === undefined) throw new Error(`${next.manifest.name} needs ${name}, which is not installed: npm ci`);
      if (found.has(path)) continue;
      found.add(path);
      const folder = join(repository, path);
      waiting.push({ folder, manifest: manifestIn(folder) });
    }
  }
  return [...found].sort();
}

/** Where Node.js would find it: beside the asking package, or in one of the folders above. */
function resolve(from: string, name: string): string | undefined {
  for (let folder = from; folder.startsWith(repository); folder = join(folder, '..')) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return candidate.slice(repository.length + 1);
  }
  return undefined;
}
