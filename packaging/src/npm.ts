import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { lockedNeeds } from './lock.js';
import { layOutOwn } from './modules.js';
import { packageFolder, repository } from './paths.js';
import { run } from './run.js';
import { sbom } from './sbom.js';
import { type OwnName, type OwnPackage, ownPackages } from './workspace.js';

/** What goes to npm, each with what it takes along of this repository, so that one file is all that is needed. */
const PUBLISHED: Partial<Record<OwnName, readonly OwnName[]>> = {
  ipfix: [],
  probe: ['ipfix', 'flow'],
  weir: ['ipfix', 'flow', 'probe', 'collector', 'lab', 'web'],
};

/** Software bill of materials, in each of them. */
const MATERIALS = 'sbom.cdx.json';

/** Makes the tarballs for npm, and nothing else stays in the folder. @returns their files */
export function makeTarballs(folder = join(packageFolder, 'npm')): string[] {
  const own = ownPackages();
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return Object.entries(PUBLISHED).map(([name, along]) =>
    pack(
      own[name as OwnName],
      along.map(each => own[each]),
      folder,
    ),
  );
}

function pack(main: OwnPackage, along: readonly OwnPackage[], to: string): string {
  const stage = mkdtempSync(join(tmpdir(), 'weir-npm-'));
  try {
    layOutOwn(stage, [main]);
    const folder = join(stage, main.manifest.name);
    layOutOwn(join(folder, 'node_modules'), along);
    for (const each of along)
      writeFileSync(join(folder, 'node_modules', each.manifest.name, 'package.json'), withoutNeeds(each));
    writeFileSync(join(folder, 'package.json'), JSON.stringify(bundling(main, along), undefined, 2));
    const materials = materialsOf(main, along);
    writeFileSync(join(folder, MATERIALS), materials);
    const [packed] = JSON.parse(run(['npm', 'pack', '--json', '--pack-destination', to], { cwd: folder })) as [
      { filename: string },
    ];
    const file = join(to, packed.filename);
    writeFileSync(`${file}.cdx.json`, materials);
    return file;
  } finally {
    rmSync(stage, { recursive: true });
  }
}

/** What npm installs for it besides, it says as of package-lock.json; npm takes newer ones where they fit. */
function materialsOf({ folder, manifest }: OwnPackage, along: readonly OwnPackage[]): string {
  const own = [{ folder, manifest, files: [] }, ...along];
  const others = lockedNeeds(own.map(each => relative(repository, each.folder)));
  const { name, version, license } = manifest;
  return sbom({
    name,
    version,
    license,
    purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
    own,
    others,
  });
}

/** What a package that is taken along needs, the one that takes it needs for it: npm looks for it in the file otherwise, and installs nothing. */
function withoutNeeds({ folder }: OwnPackage): string {
  const {
    dependencies: _,
    optionalDependencies: __,
    ...rest
  } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return JSON.stringify(rest, undefined, 2);
}

/** The package.json of one that takes others along: it needs what they need. */
function bundling(main: OwnPackage, along: readonly OwnPackage[]): object {
  const manifest = JSON.parse(readFileSync(join(main.folder, 'package.json'), 'utf8'));
  const ofAll = (key: 'dependencies' | 'optionalDependencies') => {
    const all = Object.assign({}, ...along.map(each => each.manifest[key]), main.manifest[key]);
    return Object.fromEntries(Object.entries(all).filter(([name]) => !name.startsWith('@weir/')));
  };
  const bundled = along.map(each => each.manifest);
  return {
    ...manifest,
    files: [...manifest.files, MATERIALS],
    dependencies: {
      ...ofAll('dependencies'),
      ...Object.fromEntries(bundled.map(({ name, version }) => [name, version])),
    },
    optionalDependencies: ofAll('optionalDependencies'),
    bundleDependencies: bundled.map(({ name }) => name),
  };
}
