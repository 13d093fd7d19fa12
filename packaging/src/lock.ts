import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { repository } from './paths.js';

/** What package-lock.json says of a package, own or of others. */
export interface Locked {
  readonly version: string;
  readonly license?: string;
  /** As in subresource integrity: "sha512-" and the checksum of its tarball in base64. */
  readonly integrity?: string;
  /** Nothing that has to be there needs it. */
  readonly optional?: boolean;
  /** Another folder's, of this repository. */
  readonly link?: boolean;
  readonly resolved?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

let packages: Readonly<Record<string, Locked>> | undefined;

/** All packages of package-lock.json by their folder in the repository, such as "packages/weir" or "node_modules/a/node_modules/b". */
export function locked(): Readonly<Record<string, Locked>> {
  packages ??= JSON.parse(readFileSync(join(repository, 'package-lock.json'), 'utf8')).packages as Record<
    string,
    Locked
  >;
  return packages;
}

/** Folders of the packages that a package needs itself, those of this repository among them. */
export function directNeeds(folder: string): string[] {
  const { dependencies, optionalDependencies = {} } = locked()[folder]!;
  return Object.keys({ ...dependencies, ...optionalDependencies }).flatMap(name => {
    const found = resolve(folder, name);
    if (found !== undefined) return found;
    // The lock has no packages for platforms that a package's maker has not published.
    if (name in optionalDependencies) return [];
    throw new Error(`package-lock.json has no ${name}, which ${folder} needs: npm install`);
  });
}

/** Folders of all packages of others that these need, for whatever platform. */
export function lockedNeeds(folders: readonly string[]): string[] {
  const found = new Set(folders);
  // A set is gone through up to what is added on the way.
  for (const folder of found) for (const each of directNeeds(folder)) found.add(each);
  return [...found].filter(folder => folder.startsWith('node_modules/')).sort();
}

/** Where Node.js finds it: beside the asking package, or in one of the folders above. */
function resolve(from: string, name: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    const there = locked()[candidate];
    if (there?.link === true) return there.resolved!;
    if (there !== undefined) return candidate;
    if (folder === '.') return undefined;
  }
}
